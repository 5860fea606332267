import { chmodSync } from 'node:fs';
import type { Database as SqliteFile } from 'better-sqlite3';
import { Kysely, type Migration } from 'kysely';
import { migrate } from '../migrate.ts';
import { outlastLocks } from '../outlast-locks.ts';
import type { Schema } from '../schema.ts';
import { describeDriverError, StorageError } from '../storage-error.ts';
import { backUp } from './back-up.ts';
import { markUnclean } from './clean-up.ts';
import { identifyFile } from './identify-file.ts';
import { NestedSqliteDialect } from './nested-dialect.ts';
import type { OriginalUpgrade } from './original-upgrade.ts';
import type { FileUpgrade } from './prepare-file.ts';
import { countOriginal, originalTables } from './read-original.ts';
import { takeOver } from './take-over.ts';

/**
 * Makes a database of ours of one of the original's, in one transaction, after a backup. Of servers that start at the
 * same time one does it, and the others wait. What it returns throws `damaged_database`, or `migration_failed`; the
 * file is then as it was.
 */
export function upgradeOriginal(upgrade: OriginalUpgrade): FileUpgrade {
  return (file, path, migrations) => upgradeFile(file, path, upgrade, migrations);
}

async function upgradeFile(
  file: SqliteFile,
  path: string,
  upgrade: OriginalUpgrade,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  await outlastLocks(async () => file.exec('begin immediate'));
  try {
    if (identifyFile(file) === 'original') await convert(file, path, upgrade, migrations);
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(
      'migration_failed',
      `The database ${path} of the original project could not be upgraded, and is as it was: ${describeDriverError(error)}`,
      error,
    );
  } finally {
    // Where a disk is full, SQLite has ended the transaction by itself.
    if (file.inTransaction) file.exec('rollback');
  }
}

async function convert(
  file: SqliteFile,
  path: string,
  upgrade: OriginalUpgrade,
  migrations: Readonly<Record<string, Migration>>,
): Promise<void> {
  const { api_keys: keys, webui_users: users, request_logs: requests } = countOriginal(file);
  keepToThisUser(path);
  upgrade.tell(
    `${path} is a database of the original project: upgrading it, with ${keys} API keys, ${users} console users and ` +
      `${requests} records of requests`,
  );
  const now = Date.now();
  const backup = await backUp(path, now);
  let kept: string;
  try {
    for (const table of originalTables) file.exec(`drop table if exists ${table}`);
    const kysely = new Kysely<Schema>({ dialect: new NestedSqliteDialect(file) });
    await migrate(kysely, migrations);
    await takeOver({ from: backup.file, to: { kysely, kind: 'sqlite' }, upgrade, now });
    markUnclean(file);
    kept = backup.keep();
    await outlastLocks(async () => file.exec('commit'));
  } catch (error) {
    backup.discard();
    throw error;
  }
  upgrade.tell(
    `The upgrade is done. What was there before is in ${kept}, with its API keys in plain text: delete that file once ` +
      'you miss nothing',
  );
}

/** Others could read the original's file. Whoever may write to it need not own it. */
function keepToThisUser(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EPERM')) throw error;
  }
}
