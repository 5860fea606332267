import { DEFAULT_MIGRATION_TABLE, type Kysely, type Migration, Migrator, sql } from 'kysely';
import { describeDriverError, StorageError } from './storage-error.ts';

/**
 * Brings the schema up to date, in one transaction. Servers that start at the same time wait for each other.
 * @throws {StorageError} `newer_database` where the database has migrations that this code does not know,
 *   `migration_failed` where one fails; the database is then as it was.
 */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  known: Readonly<Record<string, Migration>>,
): Promise<void> {
  const applied = await readApplied(db);
  refuseNewerDatabase(applied, known);
  // As almost always: Kysely would look through the whole schema first.
  if (applied.length === Object.keys(known).length) return;
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...known }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const name = results?.find((result) => result.status === 'Error')?.migrationName;
  const what =
    name === undefined ? 'The database schema could not be updated' : `The migration ${name} failed`;
  throw new StorageError('migration_failed', `${what}: ${describeDriverError(error)}`, error);
}

/** The names of the migrations that the database has; none where it is new. */
async function readApplied<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const read = sql<{ name: string }>`
    select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name`;
  const { rows } = await read.execute(db).catch(async (error: unknown) => {
    const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
    if (!tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE)) return { rows: [] };
    // Another server has made it just now, or it really cannot be read.
    return read.execute(db).catch(() => Promise.reject(error));
  });
  return rows.map((row) => row.name);
}

function refuseNewerDatabase(applied: readonly string[], known: Readonly<Record<string, Migration>>): void {
  const unknown = applied.filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw new StorageError(
    'newer_database',
    `The database comes from a newer version of this program (it has ${unknown.join(', ')}). ` +
      'Start that version again, or restore a backup from before the upgrade.',
  );
}
