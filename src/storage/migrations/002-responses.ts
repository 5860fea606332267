import { type Kysely, sql } from 'kysely';

/**
 * Responses, conversations and the items of both. An item's body stands once in `items`, under its owner, its id and
 * a digest of the body: clients may replay an item with our id and a changed body, and what they sent is what counts.
 * The owner stands in the foreign keys, so that nothing can hang on what belongs to somebody else. Columns of
 * unbounded size come last: SQLite then reads the others without them.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createItems(db);
  await createResponses(db);
  await createResponseItems(db);
  await createRuns(db);
  await createEvents(db);
  await createConversations(db);
}

async function createItems(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('items')
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('items_key', ['owner', 'id', 'digest'])
    .execute();
}

async function createResponses(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('responses')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('previous_response_id', 'text')
    .addColumn('conversation_id', 'text')
    .addColumn('conversation_end', 'integer')
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('background', 'integer', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('completed_at', 'bigint')
    .addColumn('deleted_at', 'bigint')
    .addColumn('request', 'text', (column) => column.notNull())
    .addColumn('response', 'text', (column) => column.notNull())
    .addUniqueConstraint('responses_id_owner', ['id', 'owner'])
    .addForeignKeyConstraint('responses_previous', ['previous_response_id', 'owner'], 'responses', [
      'id',
      'owner',
    ])
    .addCheckConstraint(
      'responses_status',
      sql`status in ('queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled')`,
    )
    .execute();
  await db.schema
    .createIndex('responses_by_previous')
    .on('responses')
    .columns(['previous_response_id', 'owner'])
    .execute();
  await db.schema
    .createIndex('responses_by_creation')
    .on('responses')
    .columns(['created_at', 'id'])
    .execute();
}

async function createResponseItems(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('response_items')
    .addColumn('response_id', 'text', (column) => column.notNull())
    .addColumn('is_output', 'integer', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('item_id', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('response_items_key', ['response_id', 'is_output', 'position'])
    .addUniqueConstraint('response_items_once', ['response_id', 'is_output', 'item_id'])
    .addForeignKeyConstraint(
      'response_items_response',
      ['response_id', 'owner'],
      'responses',
      ['id', 'owner'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .addForeignKeyConstraint('response_items_item', ['owner', 'item_id', 'digest'], 'items', [
      'owner',
      'id',
      'digest',
    ])
    .execute();
  await db.schema
    .createIndex('response_items_by_item')
    .on('response_items')
    .columns(['owner', 'item_id', 'digest'])
    .execute();
}

async function createRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('response_runs')
    .addColumn('response_id', 'text', (column) =>
      column.primaryKey().notNull().references('responses.id').onDelete('cascade'),
    )
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('queued_at', 'bigint', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('worker_id', 'text')
    .addColumn('lease_until', 'bigint')
    .addColumn('cancel_requested_at', 'bigint')
    .addCheckConstraint('response_runs_state', sql`state in ('queued', 'claimed', 'started')`)
    .addCheckConstraint(
      'response_runs_lease',
      sql`(state = 'queued') = (worker_id is null) and (state = 'queued') = (lease_until is null)`,
    )
    .addCheckConstraint('response_runs_cancel', sql`cancel_requested_at is null or state = 'started'`)
    .execute();
  // What may be claimed, in the order in which it is.
  await db.schema
    .createIndex('response_runs_waiting')
    .on('response_runs')
    .columns(['queued_at', 'response_id'])
    .where(sql`state`, '<>', sql.lit('started'))
    .execute();
  await db.schema
    .createIndex('response_runs_by_lease')
    .on('response_runs')
    .columns(['lease_until', 'response_id'])
    .execute();
}

async function createEvents(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('response_events')
    .addColumn('response_id', 'text', (column) =>
      column.notNull().references('responses.id').onDelete('cascade'),
    )
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('response_events_key', ['response_id', 'sequence'])
    .execute();
}

async function createConversations(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('conversations')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('next_position', 'integer', (column) => column.notNull())
    .addColumn('metadata', 'text', (column) => column.notNull())
    .addUniqueConstraint('conversations_id_owner', ['id', 'owner'])
    .execute();
  await db.schema
    .createIndex('conversations_by_update')
    .on('conversations')
    .columns(['updated_at', 'id'])
    .execute();

  await db.schema
    .createTable('conversation_items')
    .addColumn('conversation_id', 'text', (column) => column.notNull())
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('item_id', 'text', (column) => column.notNull())
    .addColumn('digest', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('conversation_items_key', ['conversation_id', 'position'])
    .addUniqueConstraint('conversation_items_once', ['conversation_id', 'item_id'])
    .addForeignKeyConstraint(
      'conversation_items_conversation',
      ['conversation_id', 'owner'],
      'conversations',
      ['id', 'owner'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .addForeignKeyConstraint('conversation_items_item', ['owner', 'item_id', 'digest'], 'items', [
      'owner',
      'id',
      'digest',
    ])
    .execute();
  await db.schema
    .createIndex('conversation_items_by_item')
    .on('conversation_items')
    .columns(['owner', 'item_id', 'digest'])
    .execute();
}
