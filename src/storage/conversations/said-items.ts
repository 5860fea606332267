import { type Kysely, sql } from 'kysely';
import type { StoredItem } from '../items/stored-items.ts';
import type { Schema } from '../schema.ts';

export interface LastItems {
  /** Oldest first. */
  readonly items: readonly StoredItem[];
  /** Earlier ones were left out. */
  readonly truncated: boolean;
}

export interface ItemBounds {
  /** Most items. */
  readonly limit: number;
  /** Of their bodies, about. */
  readonly maxBytes: number;
}

/** The last items of a conversation. */
export async function lastOfConversation(
  db: Kysely<Schema>,
  id: string,
  bounds: ItemBounds,
): Promise<LastItems> {
  const rows = await db
    .selectFrom('conversation_items as link')
    .innerJoin('items', (join) =>
      join
        .onRef('items.owner', '=', 'link.owner')
        .onRef('items.id', '=', 'link.item_id')
        .onRef('items.digest', '=', 'link.digest'),
    )
    .select(['items.id', 'items.body'])
    .where('link.conversation_id', '=', id)
    .orderBy('link.position', 'desc')
    .limit(bounds.limit + 1)
    .execute();
  return cut(rows, bounds);
}

/** The last items of what was said up to the end of a response, whatever became of it. */
export async function lastOfChain(db: Kysely<Schema>, id: string, bounds: ItemBounds): Promise<LastItems> {
  const rows = await db
    .withRecursive('chain', (query) =>
      query
        .selectFrom('responses')
        .where('responses.id', '=', id)
        .select(['responses.id', 'responses.previous_response_id', sql<number>`0`.as('depth')])
        .unionAll(
          query
            .selectFrom('chain')
            .innerJoin('responses', 'responses.id', 'chain.previous_response_id')
            .where('chain.depth', '<', bounds.limit)
            .select([
              'responses.id',
              'responses.previous_response_id',
              sql<number>`chain.depth + 1`.as('depth'),
            ]),
        ),
    )
    .selectFrom('chain')
    // Cross joins: SQLite keeps their order.
    .crossJoin('response_items as link')
    .crossJoin('items')
    .whereRef('link.response_id', '=', 'chain.id')
    .whereRef('items.owner', '=', 'link.owner')
    .whereRef('items.id', '=', 'link.item_id')
    .whereRef('items.digest', '=', 'link.digest')
    .select(['items.id', 'items.body'])
    .orderBy('chain.depth')
    .orderBy('link.is_output', 'desc')
    .orderBy('link.position', 'desc')
    .limit(bounds.limit + 1)
    .execute();
  return cut(rows, bounds);
}

/** The beginnings of the first bodies of a conversation; see `firstOfResponse`. */
export async function firstOfConversation(db: Kysely<Schema>, id: string): Promise<string[]> {
  const rows = await db
    .selectFrom('conversation_items as link')
    .innerJoin('items', (join) =>
      join
        .onRef('items.owner', '=', 'link.owner')
        .onRef('items.id', '=', 'link.item_id')
        .onRef('items.digest', '=', 'link.digest'),
    )
    .select(beginning.as('body'))
    .where('link.conversation_id', '=', id)
    .orderBy('link.position')
    .limit(firstItems)
    .execute();
  return rows.map(({ body }) => body);
}

/** The beginnings of the first bodies of a response's input, oldest first: enough to see what was asked. */
export async function firstOfResponse(db: Kysely<Schema>, id: string): Promise<string[]> {
  const rows = await db
    .selectFrom('response_items as link')
    .innerJoin('items', (join) =>
      join
        .onRef('items.owner', '=', 'link.owner')
        .onRef('items.id', '=', 'link.item_id')
        .onRef('items.digest', '=', 'link.digest'),
    )
    .select(beginning.as('body'))
    .where('link.response_id', '=', id)
    .where('link.is_output', '=', 0)
    .orderBy('link.position')
    .limit(firstItems)
    .execute();
  return rows.map(({ body }) => body);
}

/** Instructions of a developer may come before what the user says. */
const firstItems = 5;
/** Characters: a body may hold a whole picture. */
const beginning = sql<string>`substr(items.body, 1, 4000)`;

/** Rows come newest first; the last item is told whatever its size. */
function cut(
  rows: readonly { readonly id: string; readonly body: string }[],
  { limit, maxBytes }: ItemBounds,
): LastItems {
  const told: StoredItem[] = [];
  let bytes = 0;
  for (const { id, body } of rows.slice(0, limit)) {
    bytes += Buffer.byteLength(body);
    if (bytes > maxBytes && told.length > 0) break;
    told.push({ id, body: JSON.parse(body) });
  }
  return { items: told.reverse(), truncated: told.length < rows.length };
}
