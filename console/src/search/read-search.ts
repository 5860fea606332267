/** What came in a URL, or was given to a link. */
export type RawSearch = Readonly<Record<string, unknown>>;

/** Text that is not empty. */
export function readText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list; undefined where it has nothing in it. */
export function readList(value: unknown): readonly string[] | undefined {
  const items = Array.isArray(value) ? value.map(String) : typeof value === 'string' ? value.split(',') : [];
  const filled = items.filter((item) => item !== '');
  return filled.length === 0 ? undefined : filled;
}

export function readNumber(value: unknown): number | undefined {
  if (value === '' || value === null || value === undefined) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** True for `true` and `1`. */
export function readFlag(value: unknown): true | undefined {
  return value === true || value === 'true' || value === '1' ? true : undefined;
}

export function readOneOf<const Option extends string>(
  value: unknown,
  options: readonly Option[],
): Option | undefined {
  return options.find((option) => option === value);
}

/** Without what is undefined, so that optional fields are really absent. */
export function present<Fields extends object>(fields: Fields): Present<Fields> {
  // Leaving a key out is what the type says of it.
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Present<Fields>;
}

type OptionalKeys<Fields> = {
  [Key in keyof Fields]-?: undefined extends Fields[Key] ? Key : never;
}[keyof Fields];
type Present<Fields> = {
  readonly [Key in Exclude<keyof Fields, OptionalKeys<Fields>>]: Fields[Key];
} & { readonly [Key in OptionalKeys<Fields>]?: Exclude<Fields[Key], undefined> };

/** Some fields of a page's search; undefined takes one away: `navigate({ search: (before) => present({ ...before, ...next }) })`. */
export type SearchChange<Search> = { readonly [Key in keyof Search]?: Search[Key] | undefined };
