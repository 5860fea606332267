import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely } from 'kysely';
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
    .selectFrom('transcript_sessions as session')
    .select(['session.id', 'session.updated_at'])
    .where('session.updated_at', '<', time)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('transcript_sessions as child')
            .select('child.id')
            .whereRef('child.parent_session_id', '=', 'session.id'),
        ),
      ),
    )
    .$if(last !== undefined, (query) =>
      query
        .where('session.updated_at', '>=', last?.updated_at ?? 0)
        .where(({ or, eb }) =>
          or([eb('session.updated_at', '>', last?.updated_at ?? 0), eb('session.id', '>', last?.id ?? '')]),
        ),
    )
    .orderBy('session.updated_at')
    .orderBy('session.id')
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
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('transcript_sessions as child')
            .select('child.id')
            .whereRef('child.parent_session_id', '=', 'transcript_sessions.id'),
        ),
      ),
    )
    .returning('parent_session_id')
    .execute();
  return rows.map((row) => row.parent_session_id);
}
