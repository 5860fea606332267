import type { Kysely } from 'kysely';

/**
 * With the owner first, SQLite took these indexes to find what goes with a deleted response or conversation, and so looked at
 * all that its owner has.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const table of ['response_items', 'conversation_items']) {
    await db.schema.dropIndex(`${table}_by_item`).execute();
    await db.schema
      .createIndex(`${table}_by_item`)
      .on(table)
      .columns(['item_id', 'owner', 'digest'])
      .execute();
  }
}
