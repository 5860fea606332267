/**
 * Fills `{names}` of a path and adds a query. Lists are joined by commas; undefined, null and '' are left out.
 * @throws {TypeError} where a name of the path is missing.
 */
export function buildPath(
  path: string,
  { params, query }: { readonly params?: object; readonly query?: object | undefined },
): string {
  const given = new Map(Object.entries(params ?? {}));
  const filled = path.replace(/\{(\w+)\}/g, (_, key: string) => {
    if (!given.has(key)) throw new TypeError(`The path ${path} needs '${key}'.`);
    return encodeURIComponent(String(given.get(key)));
  });
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    const text = Array.isArray(value) ? value.join(',') : String(value ?? '');
    if (text !== '') search.set(key, text);
  }
  return search.size === 0 ? filled : `${filled}?${search}`;
}
