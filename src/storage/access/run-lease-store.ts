import { type Kysely, sql } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';

export interface RunLease {
  readonly runId: string;
  readonly keyId: string;
  /** Most runs at once. */
  readonly limit: number;
  /** Times are milliseconds since 1970. */
  readonly now: number;
  readonly expiresAt: number;
}

/** Runs at once by key, over all servers. A lease that is not renewed ends by itself. */
export class DatabaseRunLeaseStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#db = database.kysely;
    this.#kind = database.kind;
  }

  /** False where the key has `limit` runs already, or is gone. */
  acquire(lease: RunLease): Promise<boolean> {
    if (this.#kind === 'sqlite') return this.#add(this.#db, lease);
    return this.#db.transaction().execute(async (transaction) => {
      // One at a time for each key: those that count while another adds would not see what it adds.
      await transaction
        .selectFrom('api_keys')
        .select('id')
        .where('id', '=', lease.keyId)
        .forNoKeyUpdate()
        .execute();
      return this.#add(transaction, lease);
    });
  }

  /** One that has expired lives on, if nobody has asked for a run of its key since. */
  async renew(runIds: readonly string[], expiresAt: number): Promise<void> {
    if (runIds.length === 0) return;
    await this.#db
      .updateTable('run_leases')
      .set({ expires_at: expiresAt })
      .where('run_id', 'in', runIds)
      .execute();
  }

  async release(runId: string): Promise<void> {
    await this.#db.deleteFrom('run_leases').where('run_id', '=', runId).execute();
  }

  /** On SQLite one statement is alone with the database, and need not be in a transaction. */
  async #add(db: Kysely<Schema>, { runId, keyId, limit, now, expiresAt }: RunLease): Promise<boolean> {
    const added = await db
      .insertInto('run_leases')
      .columns(['run_id', 'key_id', 'expires_at'])
      .expression(({ selectFrom, fn, val }) =>
        selectFrom('api_keys')
          .select([val(runId).as('run_id'), 'id', sql<number>`cast(${expiresAt} as bigint)`.as('expires_at')])
          .where('id', '=', keyId)
          .where(
            () =>
              selectFrom('run_leases as running')
                .select(fn.countAll<number>().as('running'))
                .where('running.key_id', '=', keyId)
                .where('running.expires_at', '>', now),
            '<',
            limit,
          ),
      )
      .returning(({ selectFrom, fn }) =>
        selectFrom('run_leases as ended')
          .select(fn.countAll<number>().as('expired'))
          .where('ended.key_id', '=', keyId)
          .where('ended.expires_at', '<=', now)
          .as('expired'),
      )
      .executeTakeFirst();
    if (added === undefined) return false;
    if (added.expired !== 0) await this.#removeExpired(db, keyId, now);
    return true;
  }

  async #removeExpired(db: Kysely<Schema>, keyId: string, now: number): Promise<void> {
    await db
      .deleteFrom('run_leases')
      .where('run_id', 'in', ({ selectFrom }) =>
        selectFrom('run_leases as expired')
          .select('expired.run_id')
          .where('expired.key_id', '=', keyId)
          .where('expired.expires_at', '<=', now)
          // One that is being renewed at this moment is left to its server.
          .$if(this.#kind === 'postgres', (query) => query.forUpdate().skipLocked()),
      )
      .execute();
  }
}
