import { type Kysely, sql } from 'kysely';

/** For the list of all that is stored of conversations, whoever's: among those of conversations these may be few. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('responses_alone')
    .on('responses')
    .columns(['created_at', 'id'])
    .where(sql`conversation_id`, 'is', null)
    .execute();
}
