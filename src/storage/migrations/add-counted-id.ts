import { type CreateTableBuilder, type Kysely, PostgresAdapter } from 'kysely';

/** Adds a primary key `id` that the database counts up by itself and never gives twice. */
export function addCountedId<Table extends string, Columns extends string>(
  db: Kysely<unknown>,
  table: CreateTableBuilder<Table, Columns>,
): CreateTableBuilder<Table, Columns | 'id'> {
  return db.getExecutor().adapter instanceof PostgresAdapter
    ? table.addColumn('id', 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
    : table.addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement());
}
