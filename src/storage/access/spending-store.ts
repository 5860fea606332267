import { type Kysely, sql } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';

export interface Spending {
  readonly requests: number;
  readonly tokens: number;
  readonly costUsd: number;
}

/** Of the UTC day and month that a time lies in. */
export interface KeySpending {
  readonly day: Spending;
  readonly month: Spending;
}

interface SpendingRow {
  readonly period: string;
  readonly requests: number;
  readonly tokens: number;
  readonly cost_nano_usd: number;
}

const nothing: Spending = { requests: 0, tokens: 0, costUsd: 0 };

/**
 * What keys have used, by UTC day and month. Money is kept in nano-dollars, to which each amount is rounded; sums of
 * those are exact up to nine million dollars.
 */
export class DatabaseSpendingStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#db = database.kysely;
    this.#kind = database.kind;
  }

  /** @param at milliseconds since 1970. */
  async read(keyId: string, at: number): Promise<KeySpending> {
    const rows = await this.#db
      .selectFrom('key_spending')
      .select(['period', 'requests', 'tokens', 'cost_nano_usd'])
      .where('period', 'in', periodsOf(at))
      .where('key_id', '=', keyId)
      .execute();
    return toSpending(rows, at);
  }

  /** By key id; those that have used nothing in this month are left out. */
  async readAll(at: number): Promise<ReadonlyMap<string, KeySpending>> {
    const rows = await this.#db
      .selectFrom('key_spending')
      .select(['key_id', 'period', 'requests', 'tokens', 'cost_nano_usd'])
      .where('period', 'in', periodsOf(at))
      .execute();
    const byKey = new Map<string, SpendingRow[]>();
    for (const row of rows) {
      const known = byKey.get(row.key_id);
      if (known === undefined) byKey.set(row.key_id, [row]);
      else known.push(row);
    }
    return new Map([...byKey].map(([keyId, own]) => [keyId, toSpending(own, at)]));
  }

  /**
   * Adds to day and month in one statement, and returns the sums. Of a key that was deleted meanwhile nothing is
   * kept, and the sums are zero.
   */
  async add(keyId: string, at: number, spent: Spending): Promise<KeySpending> {
    const [day, month] = periodsOf(at);
    const rows = await this.#db
      .with('own_key', (db) =>
        db
          .selectFrom('api_keys')
          .select('id')
          .where('id', '=', keyId)
          // The key cannot be deleted between this and the check that it is there. Alone here: a join that waits for a lock
          // is done again with the row as it is then, and has the same period twice.
          .$if(this.#kind === 'postgres', (query) => query.forKeyShare()),
      )
      .insertInto('key_spending')
      .columns(['period', 'key_id', 'requests', 'tokens', 'cost_nano_usd'])
      .expression(({ selectFrom }) =>
        selectFrom('own_key')
          .innerJoin(
            sql<{ period: string }>`(select ${day} as period union all select ${month})`.as('period'),
            (join) => join.onTrue(),
          )
          .select([
            'period.period',
            'own_key.id',
            integer(spent.requests).as('requests'),
            integer(spent.tokens).as('tokens'),
            integer(spent.costUsd * 1e9).as('cost_nano_usd'),
          ])
          // Without it SQLite takes the conflict's clause for a join's.
          .where(sql<boolean>`true`),
      )
      .onConflict((conflict) =>
        conflict.columns(['period', 'key_id']).doUpdateSet(({ eb, ref }) => ({
          requests: eb('key_spending.requests', '+', ref('excluded.requests')),
          tokens: eb('key_spending.tokens', '+', ref('excluded.tokens')),
          cost_nano_usd: eb('key_spending.cost_nano_usd', '+', ref('excluded.cost_nano_usd')),
        })),
      )
      .returning(['period', 'requests', 'tokens', 'cost_nano_usd'])
      .execute();
    return toSpending(rows, at);
  }

  /**
   * What the key has spent in the day and month of the time is nothing from then on, and what was told of it may be told
   * again. Returns what it was; null where there is no such key. Runs that are under way add what they take after it.
   */
  async reset(keyId: string, at: number): Promise<KeySpending | null> {
    return this.#db.transaction().execute(async (transaction) => {
      const key = await transaction
        .selectFrom('api_keys')
        .select('id')
        .where('id', '=', keyId)
        // Waits for those that add, and they for this: see `add`. Without it the two could wait for each other.
        .$if(this.#kind === 'postgres', (query) => query.forUpdate())
        .executeTakeFirst();
      if (key === undefined) return null;
      const rows = await transaction
        .selectFrom('key_spending')
        .select(['period', 'requests', 'tokens', 'cost_nano_usd'])
        .where('period', 'in', periodsOf(at))
        .where('key_id', '=', keyId)
        .execute();
      await transaction
        .updateTable('api_keys')
        .set({ spending_reset_at: at })
        .where('id', '=', keyId)
        .execute();
      await transaction
        .updateTable('key_spending')
        .set({ tokens: 0, cost_nano_usd: 0 })
        .where('period', 'in', periodsOf(at))
        .where('key_id', '=', keyId)
        .execute();
      await transaction
        .deleteFrom('budget_alerts')
        .where('period', 'in', periodsOf(at))
        .where('key_id', '=', keyId)
        .execute();
      return toSpending(rows, at);
    });
  }
}

/** Without the cast PostgreSQL takes a parameter in a select for text. */
function integer(value: number) {
  return sql<number>`cast(${Math.round(value)} as bigint)`;
}

/** The day, such as `2026-03-07`, and the month, such as `2026-03`. */
export function periodsOf(at: number): [day: string, month: string] {
  const day = new Date(at).toISOString().slice(0, 10);
  return [day, day.slice(0, 7)];
}

function toSpending(rows: readonly SpendingRow[], at: number): KeySpending {
  const [day, month] = periodsOf(at);
  const of = (period: string): Spending => {
    const row = rows.find((one) => one.period === period);
    if (row === undefined) return nothing;
    return { requests: row.requests, tokens: row.tokens, costUsd: row.cost_nano_usd / 1e9 };
  };
  return { day: of(day), month: of(month) };
}
