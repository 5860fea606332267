import { redactText } from './redact-text.ts';

/** Control characters, line and paragraph separators, and those that turn the direction of writing. */
const hidden = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** A short text from outside on one line, without secrets, so that it can forge no line of a log or a table. */
export function cleanField(text: string, mostCharacters: number): string {
  const line = text.slice(0, mostCharacters * 2 + 1024).replace(hidden, ' ');
  return redactText(line).slice(0, mostCharacters).toWellFormed().trim();
}

/** As `cleanField`; null for what is not there, or empty. */
export function cleanOptional(text: string | undefined | null, mostCharacters: number): string | null {
  const clean = cleanField(text ?? '', mostCharacters);
  return clean === '' ? null : clean;
}
