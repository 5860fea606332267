import { type Kysely, sql } from 'kysely';
import { addCountedId } from './add-counted-id.ts';

/**
 * Who may use the server and how much, who administers it, and what was set. Flags are 0 or 1 on both databases.
 * Money is in nano-dollars, whole numbers, so that sums are exact.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createKeys(db);
  await createSpending(db);
  await createRunLeases(db);
  await createRateLimits(db);
  await createUsers(db);
  await createSessions(db);
  await createAuditLog(db);
  await createProfiles(db);
  await createSettings(db);
  await createChangeVersions(db);
}

async function createKeys(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('api_keys')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('secret_hash', 'text', (column) => column.notNull().unique())
    .addColumn('previous_hash', 'text')
    .addColumn('previous_valid_until', 'bigint')
    .addColumn('prefix', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('description', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('active', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .addColumn('rotated_at', 'bigint')
    .addColumn('limits', 'text', (column) => column.notNull())
    .addColumn('permissions', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('api_keys_by_previous_hash').on('api_keys').column('previous_hash').execute();
  await db.schema.createIndex('api_keys_by_creation').on('api_keys').columns(['created_at', 'id']).execute();
}

/** Two rows are added to at once, that of the day and that of the month: no sum has to be made. */
async function createSpending(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('key_spending')
    .addColumn('period', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text', (column) => column.notNull().references('api_keys.id').onDelete('cascade'))
    .addColumn('requests', 'bigint', (column) => column.notNull())
    .addColumn('tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost_nano_usd', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('key_spending_key', ['period', 'key_id'])
    .execute();
  await db.schema.createIndex('key_spending_by_key').on('key_spending').column('key_id').execute();
}

async function createRunLeases(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('run_leases')
    .addColumn('run_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('key_id', 'text', (column) => column.notNull().references('api_keys.id').onDelete('cascade'))
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema
    .createIndex('run_leases_by_key')
    .on('run_leases')
    .columns(['key_id', 'expires_at'])
    .execute();
}

/** As rate-limiter-flexible wants it: these names, in this order. */
async function createRateLimits(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('rate_limits')
    .addColumn('key', 'text', (column) => column.primaryKey().notNull())
    .addColumn('points', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('expire', 'bigint')
    .execute();
  await db.schema.createIndex('rate_limits_by_expiry').on('rate_limits').column('expire').execute();
}

async function createUsers(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webui_users')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('username', 'text', (column) => column.notNull())
    // SQLite lowers A to Z only, so the program does it.
    .addColumn('username_lower', 'text', (column) => column.notNull().unique())
    .addColumn('password_hash', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('active', 'integer', (column) => column.notNull())
    .addColumn('must_change_password', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_sign_in_at', 'bigint')
    .execute();
}

async function createSessions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webui_sessions')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('user_id', 'text', (column) =>
      column.notNull().references('webui_users.id').onDelete('cascade'),
    )
    .addColumn('csrf_secret', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('address', 'text', (column) => column.notNull())
    .addColumn('client', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('webui_sessions_by_user').on('webui_sessions').column('user_id').execute();
  await db.schema
    .createIndex('webui_sessions_by_expiry')
    .on('webui_sessions')
    .columns(['expires_at', 'id'])
    .execute();
  await db.schema
    .createIndex('webui_sessions_by_last_seen')
    .on('webui_sessions')
    .column('last_seen_at')
    .execute();
}

async function createAuditLog(db: Kysely<unknown>): Promise<void> {
  await addCountedId(db, db.schema.createTable('audit_log'))
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('target', 'text')
    .addColumn('details', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_log_by_time').on('audit_log').columns(['at', 'id']).execute();
  await db.schema
    .createIndex('audit_log_by_action')
    .on('audit_log')
    .columns(['action', 'at', 'id'])
    .execute();
  await db.schema.createIndex('audit_log_by_actor').on('audit_log').columns(['actor', 'at', 'id']).execute();
}

async function createProfiles(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('profiles')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_by', 'text', (column) => column.notNull())
    .addColumn('spec', 'text', (column) => column.notNull())
    .execute();
}

async function createSettings(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('settings')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .execute();
  await addCountedId(db, db.schema.createTable('settings_history'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value_before', 'text')
    .addColumn('value_after', 'text')
    .addColumn('changed_at', 'bigint', (column) => column.notNull())
    .addColumn('changed_by', 'text', (column) => column.notNull())
    .execute();
}

/** One row for each thing that every server keeps a copy of: how often it has changed. */
async function createChangeVersions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('change_versions')
    .addColumn('subject', 'text', (column) => column.primaryKey().notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .execute();
  await sql`insert into change_versions (subject, version) values ('profiles', 0), ('settings', 0)`.execute(
    db,
  );
}
