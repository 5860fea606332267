import { type Kysely, sql, type Transaction } from 'kysely';
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
  async acquire({ runId, keyId, limit, now, expiresAt }: RunLease): Promise<boolean> {
    return this.#db.transaction().execute(async (transaction) => {
      // One at a time for each key: those that count while another adds would not see what it adds.
      const key = await transaction
        .selectFrom('api_keys')
        .select(({ selectFrom, fn }) =>
          selectFrom('run_leases')
            .select(fn.countAll<number>().as('expired'))
            .where('key_id', '=', keyId)
            .where('expires_at', '<=', now)
            .as('expired'),
        )
        .where('id', '=', keyId)
        .$if(this.#kind === 'postgres', (query) => query.forNoKeyUpdate())
        .executeTakeFirst();
      if (key === undefined) return false;
      if (key.expired !== 0) await this.#removeExpired(transaction, keyId, now);
      const acquired = await transaction
        .insertInto('run_leases')
        .columns(['run_id', 'key_id', 'expires_at'])
        .expression(({ selectFrom, fn, val }) =>
          selectFrom('api_keys')
            .select([
              val(runId).as('run_id'),
              'id',
              sql<number>`cast(${expiresAt} as bigint)`.as('expires_at'),
            ])
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
        .returning('run_id')
        .executeTakeFirst();
      return acquired !== undefined;
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

  async #removeExpired(transaction: Transaction<Schema>, keyId: string, now: number): Promise<void> {
    await transaction
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
