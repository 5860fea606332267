/**
 * A free text as both databases can hold it: PostgreSQL knows no NUL, and neither knows half a surrogate pair. Each
 * becomes U+FFFD.
 */
export function storableText(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD');
}
