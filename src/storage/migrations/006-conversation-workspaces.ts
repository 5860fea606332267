import type { Kysely } from 'kysely';

/** Which workspace conversations have that have one of their own; a mark names a conversation, see the engine's port. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('conversation_workspaces')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('mark', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('workspace_id', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('conversation_workspaces_key', ['owner', 'mark'])
    .execute();
  await db.schema
    .createIndex('conversation_workspaces_by_use')
    .on('conversation_workspaces')
    .column('updated_at')
    .execute();
}
