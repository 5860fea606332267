import type { Kysely } from 'kysely';

/** Tags of keys, when their budgets were begun anew, and which shares of their budgets were told of. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('api_keys')
    .addColumn('tags', 'text', (column) => column.notNull().defaultTo('[]'))
    .execute();
  await db.schema.alterTable('api_keys').addColumn('spending_reset_at', 'bigint').execute();
  await db.schema
    .createTable('budget_alerts')
    .addColumn('key_id', 'text', (column) => column.notNull().references('api_keys.id').onDelete('cascade'))
    .addColumn('period', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('percent', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('budget_alerts_key', ['key_id', 'period', 'kind', 'percent'])
    .execute();
}
