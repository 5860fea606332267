import { isText, mediaTypeOf } from '../../engine/index.ts';
import type { Draft } from '../../storage/index.ts';

const wellFormed = /^[a-z0-9][a-z0-9.+-]*\/[a-z0-9][a-z0-9.+-]*$/;

/** By the name and the content; by the client's word where these say nothing. */
export function detectMediaType(
  filename: string,
  { start, bytes }: Pick<Draft, 'start' | 'bytes'>,
  given?: string,
): string {
  const text = isText(start, { whole: start.length === bytes });
  const found = mediaTypeOf(filename, { text });
  const saysNothing =
    found === 'application/octet-stream' || (found === 'text/plain' && !filename.includes('.'));
  const word = given?.toLowerCase() ?? '';
  // What is no text must not be called so.
  const isPossible = wellFormed.test(word) && (text || !word.startsWith('text/'));
  return saysNothing && isPossible ? word : found;
}
