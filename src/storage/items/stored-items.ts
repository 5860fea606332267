import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { canonicalJson, type JsonObject } from '../../turn/index.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { StorageError } from '../storage-error.ts';

/** Something said or done, as the API tells it. Storage does not look into the body. */
export interface StoredItem {
  readonly id: string;
  readonly body: JsonObject;
}

/** Names one body: the same id may come with several. */
export interface ItemRef {
  readonly id: string;
  readonly digest: string;
}

/** SQLite takes 32,766 parameters in one statement, PostgreSQL 65,535; the widest row here needs six. */
const rowsPerStatement = 1000;

export function* chunksOf<Value>(values: readonly Value[]): Generator<readonly Value[]> {
  for (let start = 0; start < values.length; start += rowsPerStatement) {
    yield values.slice(start, start + rowsPerStatement);
  }
}

/** @throws {StorageError} `duplicate_item`: a page could not say where it ended. */
export function refuseDuplicates(items: readonly StoredItem[]): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) throw new StorageError('duplicate_item', `The item ${id} stands twice in the list`);
    seen.add(id);
  }
}

/**
 * Stores bodies that the owner does not have yet, and keeps all of these from being deleted until the transaction
 * ends, by when they must be linked. Returns the names of the bodies, in the order of the items.
 */
export async function storeItems(
  transaction: Transaction<Schema>,
  kind: Database['kind'],
  owner: string,
  items: readonly StoredItem[],
  now: number,
): Promise<ItemRef[]> {
  const rows = items.map(({ id, body }) => ({
    owner,
    id,
    digest: digestOf(body),
    created_at: now,
    body: JSON.stringify(body),
  }));
  const distinct = [...new Map(rows.map((row) => [`${row.digest} ${row.id}`, row])).values()];
  // Always in the same order, or two transactions could wait for each other.
  distinct.sort((a, b) => compare(a.id, b.id) || compare(a.digest, b.digest));
  for (const chunk of chunksOf(distinct)) {
    await transaction
      .insertInto('items')
      .values(chunk)
      .onConflict((conflict) => {
        const same = conflict.columns(['owner', 'id', 'digest']);
        // PostgreSQL locks a row that is there already only where it updates it; SQLite has one writer anyway.
        if (kind === 'sqlite') return same.doNothing();
        return same.doUpdateSet(({ ref }) => ({ created_at: ref('items.created_at') }));
      })
      .execute();
  }
  return rows.map(({ id, digest }) => ({ id, digest }));
}

/** Deletes those of the items that neither a response nor a conversation holds any more. */
export async function deleteOrphans(
  transaction: Transaction<Schema>,
  kind: Database['kind'],
  links: readonly { readonly owner: string; readonly itemId: string }[],
): Promise<void> {
  const distinct = [...new Map(links.map((link) => [`${link.owner} ${link.itemId}`, link])).values()];
  distinct.sort((a, b) => compare(a.owner, b.owner) || compare(a.itemId, b.itemId));
  for (const chunk of chunksOf(distinct)) {
    const pairs = sql.join(chunk.map(({ owner, itemId }) => sql`(${owner}, ${itemId})`));
    const among = sql<boolean>`(items.owner, items.id) in (values ${pairs})`;
    if (kind === 'postgres') {
      // In a statement of its own: the next one then sees the links of those that had the items locked.
      await transaction
        .selectFrom('items')
        .select('id')
        .where(among)
        // The order in which `storeItems` locks, whatever the database's own order of text is.
        .orderBy(sql`owner collate "C"`)
        .orderBy(sql`id collate "C"`)
        .orderBy(sql`digest collate "C"`)
        .forUpdate()
        .execute();
    }
    await transaction
      .deleteFrom('items')
      .where(among)
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('response_items as link')
              .select('link.item_id')
              .whereRef('link.owner', '=', 'items.owner')
              .whereRef('link.item_id', '=', 'items.id')
              .whereRef('link.digest', '=', 'items.digest'),
          ),
        ),
      )
      .where(({ not, exists, selectFrom }) =>
        not(
          exists(
            selectFrom('conversation_items as link')
              .select('link.item_id')
              .whereRef('link.owner', '=', 'items.owner')
              .whereRef('link.item_id', '=', 'items.id')
              .whereRef('link.digest', '=', 'items.digest'),
          ),
        ),
      )
      .execute();
  }
}

/** 132 bits, which do not meet by chance. */
function digestOf(body: JsonObject): string {
  return createHash('sha256').update(canonicalJson(body)).digest('base64url').slice(0, 22);
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
