import type { Kysely } from 'kysely';

/** Filters of the console's pages that users keep under names, and which of them a page opens with. They go with their user. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('saved_views')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('user_id', 'text', (column) =>
      column.notNull().references('webui_users.id').onDelete('cascade'),
    )
    .addColumn('page', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('shared', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('saved_views_name', ['user_id', 'page', 'name'])
    .execute();
  await db.schema
    .createIndex('saved_views_by_sharing')
    .on('saved_views')
    .columns(['shared', 'page'])
    .execute();
  await db.schema
    .createTable('default_views')
    .addColumn('user_id', 'text', (column) =>
      column.notNull().references('webui_users.id').onDelete('cascade'),
    )
    .addColumn('page', 'text', (column) => column.notNull())
    .addColumn('view_id', 'text', (column) =>
      column.notNull().references('saved_views.id').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('default_views_key', ['user_id', 'page'])
    .execute();
  await db.schema.createIndex('default_views_by_view').on('default_views').column('view_id').execute();
}
