import type { View } from '../../../src/contract/index.ts';
import type { RawSearch } from '../search/read-search.ts';
import { parseSearch, writeSearch } from '../search/search-text.ts';

/** What the searches of all pages with views have. */
export interface ViewedSearch {
  /** The id of the view that is open, or `showsAll`. */
  readonly view?: string;
  readonly range?: string;
}

/** How a page reads its address, and which fields of it are of the moment: they are kept in no view. */
export interface ViewReader<Search extends ViewedSearch> {
  readonly read: (raw: RawSearch) => Search;
  readonly passing?: readonly (keyof Search & string)[];
}

/** In the place of a view's id: none is to be opened, also where the page opens with one. */
export const showsAll = 'all';

/** What of a search a view keeps, as the server stores it: empty where that is nothing. */
export function writeView<Search extends ViewedSearch>(
  search: Search,
  { passing = [] }: Pick<ViewReader<Search>, 'passing'>,
): string {
  const left: readonly string[] = ['view', ...passing];
  const kept = Object.entries(search)
    .filter(([name]) => !left.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return writeSearch(Object.fromEntries(kept)).slice(1);
}

/** The search that a view leads to. What the page does not know, such as a field of an older version, is left out. */
export function readView<Search extends ViewedSearch>(
  view: Pick<View, 'id' | 'search'>,
  reader: ViewReader<Search>,
): Search {
  const known = writeView(reader.read(parseSearch(view.search)), reader);
  return reader.read({ ...parseSearch(known), view: view.id });
}

/** Whether the filters are others than those of the view. */
export function isChanged<Search extends ViewedSearch>(
  search: Search,
  view: Pick<View, 'id' | 'search'>,
  reader: ViewReader<Search>,
): boolean {
  return writeView(search, reader) !== writeView(readView(view, reader), reader);
}

/** The same filters, with this view as the open one, or with none. */
export function withView<Search extends ViewedSearch>(
  search: Search,
  id: string | undefined,
  { read }: Pick<ViewReader<Search>, 'read'>,
): Search {
  return read({ ...parseSearch(writeSearch(search)), view: id });
}
