import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Kysely, SelectQueryBuilder } from 'kysely';
import type { Schema } from '../schema.ts';

type FileTable = 'files' | 'container_files';

const rowsPerBatch = 1000;

/** Deletes the rows that the condition picks, so many at a time that nobody waits for long. Returns how many. */
export async function removeInBatches<Table extends FileTable>(
  db: Kysely<Schema>,
  table: Table,
  where: (
    query: SelectQueryBuilder<Schema, FileTable, { id: number }>,
  ) => SelectQueryBuilder<Schema, FileTable, { id: number }>,
): Promise<number> {
  for (let removed = 0; ; ) {
    const { numDeletedRows } = await db
      .deleteFrom<FileTable>(table)
      .where('id', 'in', (query) =>
        where(query.selectFrom<FileTable>(table).select('id')).limit(rowsPerBatch),
      )
      .executeTakeFirst();
    removed += Number(numDeletedRows);
    if (numDeletedRows < BigInt(rowsPerBatch)) return removed;
    // SQLite answers at once: without this nobody else would have a turn.
    await nextTurn();
  }
}
