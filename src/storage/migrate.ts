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
  await refuseNewerDatabase(db, known);
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ ...known }) } });
  const { error, results } = await migrator.migrateToLatest();
  if (error === undefined) return;
  const name = results?.find((result) => result.status === 'Error')?.migrationName;
  const what =
    name === undefined ? 'The database schema could not be updated' : `The migration ${name} failed`;
  throw new StorageError('migration_failed', `${what}: ${describeDriverError(error)}`, error);
}

async function refuseNewerDatabase<Tables>(
  db: Kysely<Tables>,
  known: Readonly<Record<string, Migration>>,
): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some((table) => table.name === DEFAULT_MIGRATION_TABLE)) return;
  const { rows } = await sql<{ name: string }>`
    select name from ${sql.table(DEFAULT_MIGRATION_TABLE)} order by name`.execute(db);
  const unknown = rows.map((row) => row.name).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  throw new StorageError(
    'newer_database',
    `The database comes from a newer version of this program (it has ${unknown.join(', ')}). ` +
      'Start that version again, or restore a backup from before the upgrade.',
  );
}
