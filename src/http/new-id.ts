import { randomBytes } from 'node:crypto';

/** An id in OpenAI's manner: a prefix and 128 random bits. */
export function newId(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}
