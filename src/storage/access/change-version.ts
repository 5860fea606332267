import type { Kysely, Transaction } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';

type Subject = Schema['change_versions']['subject'];

/** How often the subject has changed, by whichever server. */
export async function readVersion(db: Kysely<Schema>, subject: Subject): Promise<number> {
  const { version } = await db
    .selectFrom('change_versions')
    .select('version')
    .where('subject', '=', subject)
    .executeTakeFirstOrThrow();
  return version;
}

/**
 * Changes the subject, and its version with it, in one transaction; changes of one subject wait for each other.
 * @param work says whether it changed anything.
 */
export function changeSubject(
  { kysely, kind }: Pick<Database, 'kysely' | 'kind'>,
  subject: Subject,
  work: (transaction: Transaction<Schema>) => Promise<boolean>,
): Promise<boolean> {
  return kysely.transaction().execute(async (transaction) => {
    if (kind === 'postgres') {
      await transaction
        .selectFrom('change_versions')
        .select('subject')
        .where('subject', '=', subject)
        .forUpdate()
        .execute();
    }
    if (!(await work(transaction))) return false;
    await transaction
      .updateTable('change_versions')
      .set(({ eb }) => ({ version: eb('version', '+', 1) }))
      .where('subject', '=', subject)
      .execute();
    return true;
  });
}
