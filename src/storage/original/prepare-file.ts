import { statSync } from 'node:fs';
import type { Database as SqliteFile } from 'better-sqlite3';
import type { Migration } from 'kysely';
import { outlastLocks } from '../outlast-locks.ts';
import { StorageError } from '../storage-error.ts';
import { cleanUp } from './clean-up.ts';
import { type FileOrigin, identifyFile, tablesOf } from './identify-file.ts';
import { countOriginal } from './read-original.ts';

/** Makes a database of ours of the file, all or nothing. */
export type FileUpgrade = (
  file: SqliteFile,
  path: string,
  migrations: Readonly<Record<string, Migration>>,
) => Promise<void>;

/**
 * Looks whose a SQLite file is before anything is written to it, and upgrades one of the original project. A file that
 * is not there is left to be made.
 * @throws {StorageError} `foreign_database`; `original_database` where nothing is given to upgrade it with;
 *   `damaged_database` or `migration_failed`. The file is then as it was.
 */
export async function prepareFile(
  path: string,
  upgrade: FileUpgrade | undefined,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  const { default: SqliteDatabase } = await import('better-sqlite3');
  // Waiting for locks within SQLite would hold up this whole process.
  const file = new SqliteDatabase(path, { fileMustExist: true, timeout: 0 });
  try {
    const origin = await outlastLocks(async () => identifyFile(file));
    refuse(origin, file, path, upgrade !== undefined);
    if (origin === 'original') await upgrade?.(file, path, migrations);
    await cleanUp(file);
  } finally {
    file.close();
  }
}

function refuse(origin: FileOrigin, file: SqliteFile, path: string, canUpgrade: boolean): void {
  if (origin === 'foreign') {
    const tables = tablesOf(file);
    const names = tables.slice(0, 5).join(', ') + (tables.length > 5 ? ', …' : '');
    throw new StorageError(
      'foreign_database',
      `The SQLite file ${path} belongs to another program (its tables: ${names}). It was left as it is; name another ` +
        'by DATABASE_URL.',
    );
  }
  if (origin === 'original' && !canUpgrade) {
    const { api_keys: keys, webui_users: users, request_logs: requests } = countOriginal(file);
    throw new StorageError(
      'original_database',
      `${path} is a database of the original project, with ${keys} API keys, ${users} console users and ${requests} ` +
        'records of requests. The next start of the server upgrades it, after a backup beside it.',
    );
  }
}
