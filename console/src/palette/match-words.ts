/** 1 where each word of a search stands in a value, in whatever order; else 0. For cmdk's `filter`. */
export function matchWords(value: string, search: string): number {
  const text = value.toLowerCase();
  const words = search.toLowerCase().split(/\s+/);
  return words.every((word) => text.includes(word)) ? 1 : 0;
}
