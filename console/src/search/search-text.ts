/**
 * The query of a page's address, written so that people can read it: `?status=error&model=opus,sonnet`. Every value is
 * text; a page's `search.ts` gives it types.
 */
export function parseSearch(query: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(query));
}

/** Lists are joined by commas; what is undefined, null, '' or false is left out. */
export function writeSearch(search: object): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    const text = Array.isArray(value) ? value.join(',') : value === false ? '' : String(value ?? '');
    if (text !== '') query.set(key, text);
  }
  const text = query.toString().replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%2F', '/');
  return text === '' ? '' : `?${text}`;
}
