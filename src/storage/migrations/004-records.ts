import { type Kysely, PostgresAdapter, sql } from 'kysely';
import { addCountedId } from './add-counted-id.ts';

/**
 * What was asked of the server: one row for each request, apart from it the bodies, and sums by minute, hour and day.
 * Columns of unbounded size come last: SQLite then reads the others without them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createLogs(db);
  await createDetails(db);
  await createDays(db);
  await createAnalytics(db);
}

async function createLogs(db: Kysely<unknown>): Promise<void> {
  await addCountedId(db, db.schema.createTable('request_logs'))
    .addColumn('request_id', 'text', (column) => column.notNull().unique())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('status', 'integer', (column) => column.notNull())
    .addColumn('duration_ms', 'bigint', (column) => column.notNull())
    .addColumn('first_token_ms', 'bigint')
    .addColumn('cost_nano_usd', 'bigint')
    .addColumn('endpoint', 'text', (column) => column.notNull())
    .addColumn('method', 'text', (column) => column.notNull())
    .addColumn('transport', 'text', (column) => column.notNull())
    .addColumn('key_id', 'text')
    .addColumn('model_used', 'text')
    .addColumn('profile', 'text')
    .addColumn('stream', 'integer', (column) => column.notNull())
    .addColumn('source', 'text')
    .addColumn('stop_reason', 'text')
    .addColumn('upstream_calls', 'bigint', (column) => column.notNull())
    .addColumn('input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cached_input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cache_write_tokens', 'bigint', (column) => column.notNull())
    .addColumn('output_tokens', 'bigint', (column) => column.notNull())
    .addColumn('thinking_tokens', 'bigint', (column) => column.notNull())
    .addColumn('owner', 'text')
    .addColumn('address', 'text')
    .addColumn('error_code', 'text')
    .addColumn('key_name', 'text')
    .addColumn('model_asked', 'text')
    .addColumn('client', 'text')
    .addColumn('conversation', 'text')
    .addColumn('response_id', 'text')
    .addColumn('error_message', 'text')
    .addColumn('tools', 'text', (column) => column.notNull())
    .addColumn('files', 'text', (column) => column.notNull())
    .execute();
  // An index of SQLite ends with the row's id by itself.
  const order = isPostgres(db) ? ['started_at', 'id'] : ['started_at'];
  const index = (name: string) => db.schema.createIndex(name).on('request_logs');
  await index('request_logs_by_time').columns(order).execute();
  await index('request_logs_by_error').columns(order).where(sql`status`, '>=', sql.lit(400)).execute();
  await index('request_logs_by_endpoint')
    .columns(['endpoint', ...order])
    .execute();
  for (const [name, column] of [
    ['request_logs_by_key', 'key_id'],
    ['request_logs_by_model', 'model_used'],
    ['request_logs_by_profile', 'profile'],
    ['request_logs_by_conversation', 'conversation'],
  ] as const) {
    await index(name)
      .columns([column, ...order])
      .where(sql.ref(column), 'is not', null)
      .execute();
  }
}

async function createDetails(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('request_details')
    // SQLite's own row id, so that the oldest stand first.
    .addColumn('id', isPostgres(db) ? 'bigint' : 'integer', (column) =>
      column.primaryKey().notNull().references('request_logs.id').onDelete('cascade'),
    )
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('size', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

async function createDays(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('record_days')
    .addColumn('day', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('records', 'bigint', (column) => column.notNull())
    .addColumn('detail_bytes', 'bigint', (column) => column.notNull())
    .execute();
}

/** The histograms' columns count the requests up to a bound, so the percentile's column is found by comparing. */
async function createAnalytics(db: Kysely<unknown>): Promise<void> {
  let table = db.schema
    .createTable('analytics')
    .addColumn('granularity', 'text', (column) => column.notNull())
    .addColumn('dimension', 'text', (column) => column.notNull())
    .addColumn('bucket_start', 'bigint', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('label', 'text')
    .addColumn('requests', 'bigint', (column) => column.notNull())
    .addColumn('errors', 'bigint', (column) => column.notNull())
    .addColumn('input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cached_input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('output_tokens', 'bigint', (column) => column.notNull())
    .addColumn('thinking_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost_nano_usd', 'bigint', (column) => column.notNull())
    .addColumn('first_tokens', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('analytics_key', ['granularity', 'dimension', 'bucket_start', 'value'])
    .addCheckConstraint('analytics_granularity', sql`granularity in ('minute', 'hour', 'day', 'month')`)
    .addCheckConstraint('analytics_dimension', sql`dimension in ('total', 'model', 'key', 'endpoint')`);
  for (const histogram of ['duration', 'first_token']) {
    for (let bound = 0; bound < 29; bound++) {
      table = table.addColumn(`${histogram}_${bound}`, 'integer', (column) => column.notNull());
    }
  }
  await table.execute();
}

function isPostgres(db: Kysely<unknown>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}
