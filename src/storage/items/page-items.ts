import { StorageError } from '../storage-error.ts';
import type { StoredItem } from './stored-items.ts';

/** Which part of a list. `after` and `before` are ids of items in it, and mean the order that is asked for. */
export interface ItemPage {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
}

export interface ItemList {
  readonly items: readonly StoredItem[];
  /** Whether there are more beyond the end of the page: beyond its start, where only `before` was given. */
  readonly hasMore: boolean;
}

/** A stretch of positions, both ends left out, to be read in this direction. */
export interface Stretch {
  readonly above: number | undefined;
  readonly below: number | undefined;
  readonly direction: 'asc' | 'desc';
  readonly limit: number;
}

interface PagedList<Row> {
  readonly positionsOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  readonly read: (stretch: Stretch) => Promise<readonly Row[]>;
}

interface Page<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
}

/** As `pageRows`, for bodies of items. */
export async function pageItems(
  list: PagedList<{ readonly id: string; readonly body: string }>,
  page: ItemPage,
): Promise<ItemList> {
  const { rows, hasMore } = await pageRows(list, page);
  return { items: rows.map(({ id, body }): StoredItem => ({ id, body: JSON.parse(body) })), hasMore };
}

/**
 * Reads one page in at most two queries.
 * @throws {StorageError} `unknown_item` where the list does not have the item of `after` or `before`.
 */
export async function pageRows<Row>(list: PagedList<Row>, page: ItemPage): Promise<Page<Row>> {
  const cursors = [page.after, page.before].filter((id) => id !== undefined);
  const positions = cursors.length === 0 ? new Map<string, number>() : await list.positionsOf(cursors);
  const place = (id: string | undefined): number | undefined => {
    if (id === undefined) return undefined;
    const position = positions.get(id);
    if (position === undefined) throw new StorageError('unknown_item', `The list has no item ${id}`);
    return position;
  };
  const [after, before] = [place(page.after), place(page.before)];
  const [above, below] = page.order === 'asc' ? [after, before] : [before, after];
  // The page before an item ends at that item, so it is read from there backwards.
  const backwards = before !== undefined && after === undefined;
  const direction = backwards === (page.order === 'asc') ? 'desc' : 'asc';
  const found = await list.read({ above, below, direction, limit: page.limit + 1 });
  const rows = found.slice(0, page.limit);
  return { rows: backwards ? rows.reverse() : rows, hasMore: found.length > page.limit };
}
