import type { Kysely } from 'kysely';
import { chunksOf } from '../items/stored-items.ts';
import type { Schema } from '../schema.ts';

/** Those of the contents that a file still has, by their hash. */
export async function findReferencedBlobs(
  db: Kysely<Schema>,
  sha256s: readonly string[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const chunk of chunksOf(sha256s)) {
    const rows = await db
      .selectFrom('files')
      .select('sha256')
      .where('sha256', 'in', chunk)
      .union(db.selectFrom('container_files').select('sha256').where('sha256', 'in', chunk))
      .execute();
    for (const { sha256 } of rows) found.add(sha256);
  }
  return found;
}
