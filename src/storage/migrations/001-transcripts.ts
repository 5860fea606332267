import type { Kysely } from 'kysely';

/**
 * What the agents remember. The owner stands in the foreign keys, so that neither a session nor a point can
 * hang on another owner's session.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('transcript_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('parent_session_id', 'text')
    .addColumn('parent_entry_uuid', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('transcript_sessions_id_owner', ['id', 'owner'])
    .addForeignKeyConstraint(
      'transcript_sessions_parent',
      ['parent_session_id', 'owner'],
      'transcript_sessions',
      ['id', 'owner'],
    )
    .execute();
  await db.schema
    .createIndex('transcript_sessions_by_parent')
    .on('transcript_sessions')
    .columns(['parent_session_id', 'owner'])
    .execute();
  await db.schema
    .createIndex('transcript_sessions_by_update')
    .on('transcript_sessions')
    .column('updated_at')
    .execute();

  await db.schema
    .createTable('transcript_entries')
    .addColumn('session_id', 'text', (column) =>
      column.notNull().references('transcript_sessions.id').onDelete('cascade'),
    )
    .addColumn('seq', 'integer', (column) => column.notNull())
    .addColumn('uuid', 'text')
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('transcript_entries_key', ['session_id', 'seq'])
    .addUniqueConstraint('transcript_entries_uuid', ['session_id', 'uuid'])
    .execute();

  await db.schema
    .createTable('conversation_points')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('entry_uuid', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('conversation_points_key', ['owner', 'fingerprint'])
    .addForeignKeyConstraint(
      'conversation_points_session',
      ['session_id', 'owner'],
      'transcript_sessions',
      ['id', 'owner'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('conversation_points_by_session')
    .on('conversation_points')
    .columns(['session_id', 'owner'])
    .execute();
}
