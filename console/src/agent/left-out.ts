const placeholder = /^(?:\[text, (\d+) characters\])+$/;
const each = /\[text, (\d+) characters\]/g;

/**
 * How many characters were left out, where a text is only what stands for it because bodies are not kept; undefined for
 * a text that is really there.
 */
export function leftOutLength(text: string): number | undefined {
  if (!placeholder.test(text)) return undefined;
  return [...text.matchAll(each)].reduce((sum, [, length]) => sum + Number(length), 0);
}

/** Whether any text in it is only what stands for it. */
export function hasLeftOut(value: unknown): boolean {
  if (typeof value === 'string') return leftOutLength(value) !== undefined;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some(hasLeftOut);
}
