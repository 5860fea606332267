import { type Kysely, sql, type Transaction } from 'kysely';
import { deleteIdleSessions } from './delete-idle-sessions.ts';
import type { Database } from './open-database.ts';
import { OrderedTasks } from './ordered-tasks.ts';
import type { Schema } from './schema.ts';
import { StorageError } from './storage-error.ts';

// The shapes of the engine's port, declared here as well: storage knows nothing of the engine, and the
// composition root, which joins the two, has the compiler check that they fit.

export interface StoredPoint {
  readonly sessionId: string;
  /** The last entry that belongs to it. */
  readonly entryUuid: string;
}

export interface StoredSession {
  readonly id: string;
  readonly owner: string;
  readonly parent?: StoredPoint;
}

export interface StoredEntry {
  readonly type: string;
  readonly uuid?: string;
  readonly [key: string]: unknown;
}

/** SQLite takes 32,766 parameters in one statement, of which a row needs four. PostgreSQL takes twice as many. */
const rowsPerInsert = 1000;
const fingerprintsPerQuery = 1000;

/** What the agents remember, in a database. Sessions form trees: each may begin at a point of an older one. */
export class DatabaseTranscriptStore {
  readonly #db: Kysely<Schema>;
  readonly #now: () => number;
  readonly #appends = new OrderedTasks();

  /** @param now milliseconds since 1970. */
  constructor(database: Pick<Database, 'kysely'>, now: () => number = Date.now) {
    this.#db = database.kysely;
    this.#now = now;
  }

  /**
   * Announces a session before its first entry.
   * @throws {StorageError} `unknown_session` where the owner has no such parent session.
   */
  async createSession({ id, owner, parent }: StoredSession): Promise<void> {
    const now = this.#now();
    const insert = this.#db.insertInto('transcript_sessions').values({
      id,
      owner,
      parent_session_id: parent?.sessionId ?? null,
      parent_entry_uuid: parent?.entryUuid ?? null,
      created_at: now,
      updated_at: now,
    });
    await withKnownSession(parent?.sessionId ?? id, insert.execute());
  }

  /**
   * Adds entries in order, all of them or none; an entry whose uuid the session already has is left as it is.
   * Calls for the same session take effect in the order in which they are made.
   * @throws {StorageError} `unknown_session` where there is no such session (any more).
   */
  async appendEntries(sessionId: string, entries: readonly StoredEntry[]): Promise<void> {
    if (entries.length === 0) return;
    // Made into text at once: the caller may change its objects while an earlier call is still at work.
    const rows = entries.map((entry) => ({ uuid: entry.uuid ?? null, body: JSON.stringify(entry) }));
    await this.#appends.run(sessionId, () =>
      this.#db.transaction().execute((transaction) => this.#append(transaction, sessionId, rows)),
    );
  }

  async #append(
    transaction: Transaction<Schema>,
    sessionId: string,
    rows: readonly { readonly uuid: string | null; readonly body: string }[],
  ): Promise<void> {
    // Comes first: it locks the session, so that no other process takes the same numbers.
    const { numUpdatedRows } = await transaction
      .updateTable('transcript_sessions')
      .set({ updated_at: this.#now() })
      .where('id', '=', sessionId)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) throw unknownSession(sessionId);
    const { last } = await transaction
      .selectFrom('transcript_entries')
      .select(({ fn }) => fn.max('seq').as('last'))
      .where('session_id', '=', sessionId)
      .executeTakeFirstOrThrow();
    const first = (last ?? -1) + 1;
    for (let start = 0; start < rows.length; start += rowsPerInsert) {
      const values = rows
        .slice(start, start + rowsPerInsert)
        .map((row, index) => ({ session_id: sessionId, seq: first + start + index, ...row }));
      await transaction
        .insertInto('transcript_entries')
        .values(values)
        .onConflict((conflict) => conflict.columns(['session_id', 'uuid']).doNothing())
        .execute();
    }
  }

  /**
   * The entries up to and including the point, those of parent sessions first; null where the owner has no such
   * point, or an ancestor does not have the entry that a session begins at.
   */
  async loadEntries(owner: string, point: StoredPoint): Promise<StoredEntry[] | null> {
    const rows = await this.#db
      .withRecursive('chain', (db) =>
        db
          .selectFrom('transcript_sessions as session')
          .innerJoin('transcript_entries as cut', 'cut.session_id', 'session.id')
          .where('session.id', '=', point.sessionId)
          .where('session.owner', '=', owner)
          .where('cut.uuid', '=', point.entryUuid)
          .select([
            'session.id',
            'session.parent_session_id',
            'session.parent_entry_uuid',
            'cut.seq as last_seq',
            sql<number>`0`.as('depth'),
          ])
          .unionAll(
            db
              .selectFrom('chain')
              .innerJoin('transcript_sessions as session', 'session.id', 'chain.parent_session_id')
              .innerJoin('transcript_entries as cut', (join) =>
                join
                  .onRef('cut.session_id', '=', 'session.id')
                  .onRef('cut.uuid', '=', 'chain.parent_entry_uuid'),
              )
              .where('session.owner', '=', owner)
              .select([
                'session.id',
                'session.parent_session_id',
                'session.parent_entry_uuid',
                'cut.seq as last_seq',
                sql<number>`chain.depth + 1`.as('depth'),
              ]),
          ),
      )
      .selectFrom('chain')
      .innerJoin('transcript_entries as entry', (join) =>
        join.onRef('entry.session_id', '=', 'chain.id').onRef('entry.seq', '<=', 'chain.last_seq'),
      )
      .select(['chain.parent_session_id', 'entry.body'])
      .orderBy('chain.depth', 'desc')
      .orderBy('entry.seq')
      .execute();
    const [oldest] = rows;
    if (oldest === undefined || oldest.parent_session_id !== null) return null;
    return rows.map((row): StoredEntry => JSON.parse(row.body));
  }

  /**
   * Remembers that the owner's conversation with this fingerprint stands at this point; a later point for the
   * same replaces it.
   * @throws {StorageError} `unknown_session` where the owner has no such session.
   */
  async savePoint(owner: string, fingerprint: string, point: StoredPoint): Promise<void> {
    const place = { session_id: point.sessionId, entry_uuid: point.entryUuid, updated_at: this.#now() };
    const upsert = this.#db
      .insertInto('conversation_points')
      .values({ owner, fingerprint, ...place })
      .onConflict((conflict) => conflict.columns(['owner', 'fingerprint']).doUpdateSet(place));
    await withKnownSession(point.sessionId, upsert.execute());
  }

  /** The point of the first of these fingerprints that has one; null where none has. */
  async findPoint(
    owner: string,
    fingerprints: readonly string[],
  ): Promise<(StoredPoint & { readonly fingerprint: string }) | null> {
    for (let start = 0; start < fingerprints.length; start += fingerprintsPerQuery) {
      const wanted = fingerprints.slice(start, start + fingerprintsPerQuery);
      const rows = await this.#db
        .selectFrom('conversation_points')
        .select(['fingerprint', 'session_id as sessionId', 'entry_uuid as entryUuid'])
        .where('owner', '=', owner)
        .where('fingerprint', 'in', wanted)
        .execute();
      const found = new Map(rows.map((row) => [row.fingerprint, row]));
      const best = wanted.find((fingerprint) => found.has(fingerprint));
      if (best !== undefined) return found.get(best) ?? null;
    }
    return null;
  }

  /**
   * Forgets sessions, with their entries and points, that nothing was added to since the given time, unless a
   * kept session descends from them. Returns how many.
   */
  deleteSessionsIdleSince(time: Date): Promise<number> {
    return deleteIdleSessions(this.#db, time.getTime());
  }
}

function unknownSession(sessionId: string, cause?: unknown): StorageError {
  return new StorageError('unknown_session', `There is no session ${sessionId} for this owner`, cause);
}

/** Gives the database's refusal of an unknown session its name. */
async function withKnownSession(sessionId: string, query: Promise<unknown>): Promise<void> {
  try {
    await query;
  } catch (error) {
    throw isForeignKeyViolation(error) ? unknownSession(sessionId, error) : error;
  }
}

function isForeignKeyViolation(error: unknown): boolean {
  if (!(error instanceof Error && 'code' in error)) return false;
  return error.code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || error.code === '23503';
}
