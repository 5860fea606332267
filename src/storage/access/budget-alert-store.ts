import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { periodsOf } from './spending-store.ts';

/** A share of a budget that may have been passed. */
interface BudgetMark {
  readonly period: 'day' | 'month';
  readonly kind: 'hard' | 'soft';
  readonly percent: number;
  /** US dollars, of which at least so many are spent then. */
  readonly fromUsd: number;
}

/** Which shares of the budgets of keys were told of, over all servers. */
export class DatabaseBudgetAlertStore {
  readonly #db: Kysely<Schema>;
  readonly #kind: Database['kind'];

  constructor(database: Pick<Database, 'kysely' | 'kind'>) {
    this.#db = database.kysely;
    this.#kind = database.kind;
  }

  /**
   * Of the marks those that the key has passed in the UTC day or month of the time, and that nobody had claimed before: they
   * are the caller's to tell of.
   */
  async claim<Mark extends BudgetMark>(keyId: string, at: number, marks: readonly Mark[]): Promise<Mark[]> {
    return this.#db.transaction().execute(async (transaction) => {
      if (this.#kind === 'postgres') {
        // Budgets that are begun anew at this moment are waited for, and what is spent looked at after it.
        await transaction.selectFrom('api_keys').select('id').where('id', '=', keyId).forKeyShare().execute();
      }
      const claimed: Mark[] = [];
      for (const mark of marks) if (await claimOne(transaction, keyId, at, mark)) claimed.push(mark);
      if (claimed.length > 0) {
        await transaction
          .deleteFrom('budget_alerts')
          .where('key_id', '=', keyId)
          // Days are written longer than their months, so those of this month stay.
          .where('period', '<', periodsOf(at)[1])
          .execute();
      }
      return claimed;
    });
  }
}

async function claimOne(
  transaction: Transaction<Schema>,
  keyId: string,
  at: number,
  { period, kind, percent, fromUsd }: BudgetMark,
): Promise<boolean> {
  const [day, month] = periodsOf(at);
  const added = await transaction
    .insertInto('budget_alerts')
    .columns(['key_id', 'period', 'kind', 'percent', 'at'])
    .expression(({ selectFrom }) =>
      selectFrom('key_spending')
        .select([
          'key_id',
          'period',
          sql<'hard' | 'soft'>`cast(${kind} as text)`.as('kind'),
          sql<number>`cast(${percent} as integer)`.as('percent'),
          sql<number>`cast(${at} as bigint)`.as('at'),
        ])
        .where('key_id', '=', keyId)
        .where('period', '=', period === 'day' ? day : month)
        .where('cost_nano_usd', '>=', Math.round(fromUsd * 1e9)),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('percent')
    .execute();
  return added.length > 0;
}
