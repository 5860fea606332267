import type { Kysely } from 'kysely';

/** Two-factor sign-in of console users: off for all who are there. */
export async function up(db: Kysely<unknown>): Promise<void> {
  // SQLite adds one column at a time.
  await db.schema.alterTable('webui_users').addColumn('totp_secret', 'text').execute();
  await db.schema.alterTable('webui_users').addColumn('totp_since', 'bigint').execute();
  await db.schema.alterTable('webui_users').addColumn('totp_last_step', 'bigint').execute();
  await db.schema
    .createTable('webui_recovery_codes')
    .addColumn('user_id', 'text', (column) =>
      column.notNull().references('webui_users.id').onDelete('cascade'),
    )
    .addColumn('code_hash', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('webui_recovery_codes_key', ['user_id', 'code_hash'])
    .execute();
}
