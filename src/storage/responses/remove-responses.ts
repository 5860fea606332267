import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExpressionBuilder, Kysely, Transaction } from 'kysely';
import { deleteOrphans } from '../items/stored-items.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';

// A response that others continue is kept for their sake: deleted ones without their bodies and not to be found,
// old ones as they are. It goes with the last of those that continue it.

/** SQLite holds up the whole process for as long as a transaction's statements take. */
const responsesPerBatch = 50;

/** Deletes a response of the owner's; false where there is none. */
export async function deleteResponse(
  db: Kysely<Schema>,
  kind: Database['kind'],
  owner: string,
  id: string,
  now: number,
): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await transaction
      .deleteFrom('response_runs')
      .where('response_id', '=', ({ selectFrom }) =>
        selectFrom('responses').select('id').where('id', '=', id).where('owner', '=', owner),
      )
      .execute();
    const { numUpdatedRows } = await transaction
      .updateTable('responses')
      .set({ deleted_at: now, request: '{}', response: '{}' })
      .where('id', '=', id)
      .where('owner', '=', owner)
      .where('deleted_at', 'is', null)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    await transaction.deleteFrom('response_events').where('response_id', '=', id).execute();
    const links: ItemLink[] = [];
    let ids: readonly string[] = [id];
    while (ids.length > 0) {
      const removed = await removeLeaves(transaction, kind, ids, undefined);
      links.push(...removed.links);
      ids = removed.previous;
    }
    // Of all together, since items are locked in their order.
    await deleteOrphans(transaction, kind, links);
    return true;
  });
}

/** Deletes responses that were created before the time and that no later one continues. Returns how many. */
export async function deleteOldResponses(
  db: Kysely<Schema>,
  kind: Database['kind'],
  time: number,
): Promise<number> {
  let removed = 0;
  let last: { readonly created_at: number; readonly id: string } | undefined;
  for (;;) {
    const leaves = await findOldLeaves(db, time, last);
    last = leaves.at(-1);
    if (last === undefined) return removed;
    let ids: readonly string[] = leaves.map(({ id }) => id);
    // Each round in a transaction of its own, and one step up the chains.
    while (ids.length > 0) {
      const layer = ids;
      ids = await db.transaction().execute(async (transaction) => {
        const { count, previous, links } = await removeLeaves(transaction, kind, layer, time);
        await deleteOrphans(transaction, kind, links);
        removed += count;
        return previous;
      });
      // SQLite answers at once: without this nobody else would have a turn.
      await nextTurn();
    }
  }
}

async function findOldLeaves(
  db: Kysely<Schema>,
  time: number,
  last: { readonly created_at: number; readonly id: string } | undefined,
): Promise<{ readonly created_at: number; readonly id: string }[]> {
  let query = db
    .selectFrom('responses')
    .select(['created_at', 'id'])
    .where('created_at', '<', time)
    .where(isLeaf)
    .orderBy('created_at')
    .orderBy('id')
    .limit(responsesPerBatch);
  if (last !== undefined) {
    const { created_at, id } = last;
    query = query
      .where('created_at', '>=', created_at)
      .where(({ or, eb }) => or([eb('created_at', '>', created_at), eb('id', '>', id)]));
  }
  return query.execute();
}

interface ItemLink {
  readonly owner: string;
  readonly itemId: string;
}

interface Removed {
  readonly count: number;
  /** Ids of those that they continued. */
  readonly previous: readonly string[];
  /** What they held, and perhaps nothing else holds any more. */
  readonly links: readonly ItemLink[];
}

const none: Removed = { count: 0, previous: [], links: [] };

/**
 * Deletes those of the responses that nothing continues, that do not run, and that were deleted or created before
 * the time.
 */
async function removeLeaves(
  transaction: Transaction<Schema>,
  kind: Database['kind'],
  ids: readonly string[],
  before: number | undefined,
): Promise<Removed> {
  // Locked first, so that the next statement sees each one's children, and no more can come. Nobody is waited for:
  // a row that is locked is being continued, finished or deleted.
  const locked = await transaction
    .selectFrom('responses')
    .select('id')
    .where('id', 'in', ids)
    .where(({ or, eb }) =>
      or([
        eb('deleted_at', 'is not', null),
        ...(before === undefined ? [] : [eb('created_at', '<', before)]),
      ]),
    )
    .$if(kind === 'postgres', (query) => query.forUpdate().skipLocked())
    .execute();
  if (locked.length === 0) return none;
  const removable = await transaction
    .selectFrom('responses')
    .select(['id', 'previous_response_id'])
    .where(
      'id',
      'in',
      locked.map(({ id }) => id),
    )
    .where(isLeaf)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('response_runs as run')
            .select('run.response_id')
            .whereRef('run.response_id', '=', 'responses.id'),
        ),
      ),
    )
    .execute();
  if (removable.length === 0) return none;
  const doomed = removable.map(({ id }) => id);
  const links = await transaction
    .selectFrom('response_items')
    .select(['owner', 'item_id as itemId'])
    .distinct()
    .where('response_id', 'in', doomed)
    .execute();
  await transaction.deleteFrom('responses').where('id', 'in', doomed).execute();
  const previous = removable.flatMap(({ previous_response_id: id }) => id ?? []);
  return { count: doomed.length, previous: [...new Set(previous)], links };
}

/** No other response continues it. */
function isLeaf({ not, exists, selectFrom }: ExpressionBuilder<Schema, 'responses'>) {
  return not(
    exists(
      selectFrom('responses as child')
        .select('child.id')
        .whereRef('child.previous_response_id', '=', 'responses.id'),
    ),
  );
}
