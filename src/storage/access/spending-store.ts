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
      .insertInto('key_spending')
      .columns(['period', 'key_id', 'requests', 'tokens', 'cost_nano_usd'])
      .expression(({ selectFrom }) =>
        selectFrom('api_keys')
          .innerJoin(
            sql<{ period: string }>`(select ${day} as period union all select ${month})`.as('period'),
            (join) => join.onTrue(),
          )
          .select([
            'period.period',
            'api_keys.id',
            integer(spent.requests).as('requests'),
            integer(spent.tokens).as('tokens'),
            integer(spent.costUsd * 1e9).as('cost_nano_usd'),
          ])
          .where('api_keys.id', '=', keyId)
          // The key cannot be deleted between this and the check that it is there.
          .$if(this.#kind === 'postgres', (query) => query.forKeyShare('api_keys')),
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
}

/** Without the cast PostgreSQL takes a parameter in a select for text. */
function integer(value: number) {
  return sql<number>`cast(${Math.round(value)} as bigint)`;
}

/** The day, such as `2026-03-07`, and the month, such as `2026-03`. */
function periodsOf(at: number): [day: string, month: string] {
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
