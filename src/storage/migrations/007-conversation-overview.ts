import { type Kysely, sql } from 'kysely';

/** For the list of all that is stored of conversations: of one owner, and the last response of each conversation. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('conversations_by_owner')
    .on('conversations')
    .columns(['owner', 'updated_at', 'id'])
    .execute();
  await db.schema
    .createIndex('responses_by_owner')
    .on('responses')
    .columns(['owner', 'created_at', 'id'])
    .where(sql`conversation_id`, 'is', null)
    .execute();
  await db.schema
    .createIndex('responses_by_conversation')
    .on('responses')
    .columns(['conversation_id', 'created_at'])
    .where(sql`conversation_id`, 'is not', null)
    .execute();
}
