import { randomBytes } from 'node:crypto';

/** An id of a prefix and 128 random bits. */
export function newId(prefix: string): string {
  return prefix + randomBytes(16).toString('hex');
}
