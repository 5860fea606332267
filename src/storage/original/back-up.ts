import { closeSync, existsSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Database as SqliteFile } from 'better-sqlite3';
import { StorageError } from '../storage-error.ts';

/** A copy of the whole file, checked. It has its name only once `keep` was called. */
export interface Backup {
  readonly file: SqliteFile;
  /** Gives it its name for good, over nothing that is there. Returns its path. */
  keep(): string;
  /** Removes it. */
  discard(): void;
}

const draftEnding = '.unfinished';

/**
 * Copies a file that nobody writes to meanwhile. Drafts of copies that broke off are removed.
 * @param now milliseconds since 1970.
 * @throws {StorageError} `damaged_database`.
 */
export async function backUp(path: string, now: number): Promise<Backup> {
  const { default: SqliteDatabase } = await import('better-sqlite3');
  const wanted = `${path}.before-upgrade-${new Date(now).toISOString().replace(/[-:]|\.\d+/g, '')}`;
  removeDrafts(path);
  const draft = wanted + draftEnding;
  // It holds API keys in plain text.
  closeSync(openSync(draft, 'wx', 0o600));
  let kept: string | undefined;
  let file: SqliteFile | undefined;
  const remove = (): void => {
    file?.close();
    for (const name of [draft, kept]) if (name !== undefined) rmSync(name, { force: true });
  };
  try {
    // Of its own, since the one that holds the lock cannot be copied from.
    const source = new SqliteDatabase(path, { readonly: true, timeout: 0 });
    try {
      await source.backup(draft);
    } finally {
      source.close();
    }
    file = new SqliteDatabase(draft);
    // One file, also where the original was in the other mode.
    file.pragma('journal_mode = DELETE');
    refuseDamaged(file, path);
  } catch (error) {
    remove();
    throw error;
  }
  return {
    file,
    keep() {
      file?.close();
      kept = freeName(wanted);
      renameSync(draft, kept);
      return kept;
    },
    discard: remove,
  };
}

function refuseDamaged(copy: SqliteFile, path: string): void {
  const found = copy.pragma('integrity_check(3)', { simple: true });
  if (found === 'ok') return;
  throw new StorageError(
    'damaged_database',
    `The SQLite file ${path} is damaged (${found}). It was left as it is: repair it with the tool sqlite3 and its ` +
      'command .recover, or restore a backup.',
  );
}

/** Nobody else makes one meanwhile: whoever does has the file locked. */
function freeName(wanted: string): string {
  let name = wanted;
  for (let count = 2; existsSync(name); count++) name = `${wanted}-${count}`;
  return name;
}

function removeDrafts(path: string): void {
  const directory = dirname(path);
  const start = `${basename(path)}.before-upgrade-`;
  for (const name of readdirSync(directory)) {
    if (name.startsWith(start) && /\.unfinished(-journal|-wal|-shm)?$/.test(name))
      rmSync(join(directory, name), { force: true });
  }
}
