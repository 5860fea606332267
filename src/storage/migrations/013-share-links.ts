import type { Kysely } from 'kysely';

/** Public links to recorded requests. They go with their record. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('share_links')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('request_id', 'text', (column) =>
      column.notNull().references('request_logs.request_id').onDelete('cascade'),
    )
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('last_opened_at', 'bigint')
    .addColumn('opened', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('share_links_by_record')
    .on('share_links')
    .columns(['request_id', 'expires_at', 'id'])
    .execute();
  await db.schema.createIndex('share_links_by_end').on('share_links').columns(['expires_at', 'id']).execute();
}
