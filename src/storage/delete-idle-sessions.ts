import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ExpressionBuilder, Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** Each has many entries, and SQLite holds up the whole process for as long as a statement takes. */
const sessionsPerBatch = 50;

interface Leaf {
  readonly id: string;
  readonly updated_at: number;
}

/**
 * Deletes sessions that nothing was added to since the time and that no other one descends from; then those that they
 * descended from, if the same is true of them by then; and so on. In batches. Returns how many.
 */
export async function deleteIdleSessions(db: Kysely<Schema>, time: number): Promise<number> {
  let deleted = 0;
  let last: Leaf | undefined;
  for (;;) {
    const leaves = await findIdleLeaves(db, time, last);
    last = leaves.at(-1);
    if (last === undefined) return deleted;
    let ids = leaves.map(({ id }) => id);
    while (ids.length > 0) {
      const parents = await deleteLeaves(db, time, ids);
      deleted += parents.length;
      ids = [...new Set(parents.flatMap((parent) => parent ?? []))];
      // SQLite answers at once: without this nobody else would have a turn.
      await nextTurn();
    }
  }
}

async function findIdleLeaves(db: Kysely<Schema>, time: number, last: Leaf | undefined): Promise<Leaf[]> {
  return db
    .selectFrom('transcript_sessions')
    .select(['id', 'updated_at'])
    .where('updated_at', '<', time)
    .where(isLeaf)
    .$if(last !== undefined, (query) =>
      query
        .where('updated_at', '>=', last?.updated_at ?? 0)
        .where(({ or, eb }) =>
          or([eb('updated_at', '>', last?.updated_at ?? 0), eb('id', '>', last?.id ?? '')]),
        ),
    )
    .orderBy('updated_at')
    .orderBy('id')
    .limit(sessionsPerBatch)
    .execute();
}

/** Returns, for each that was deleted, the one that it descended from. */
async function deleteLeaves(
  db: Kysely<Schema>,
  time: number,
  ids: readonly string[],
): Promise<(string | null)[]> {
  const rows = await db
    .deleteFrom('transcript_sessions')
    .where('id', 'in', ids)
    .where('updated_at', '<', time)
    .where(isLeaf)
    .returning('parent_session_id')
    .execute();
  return rows.map((row) => row.parent_session_id);
}

/** No other session descends from it. */
function isLeaf({ not, exists, selectFrom }: ExpressionBuilder<Schema, 'transcript_sessions'>) {
  return not(
    exists(
      selectFrom('transcript_sessions as child')
        .select('child.id')
        .whereRef('child.parent_session_id', '=', 'transcript_sessions.id'),
    ),
  );
}
