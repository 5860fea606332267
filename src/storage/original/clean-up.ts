import type { Database as SqliteFile } from 'better-sqlite3';
import { outlastLocks } from '../outlast-locks.ts';

/** In the file's header: it was upgraded, but pages that nobody uses may still hold what was there before. */
const uncleanVersion = 1;

/** To be called in the transaction of an upgrade: whoever opens the file next cleans up. */
export function markUnclean(file: SqliteFile): void {
  file.pragma(`user_version = ${uncleanVersion}`);
}

/** Overwrites what an upgrade has left in pages that nobody uses: the original's API keys among others. */
export async function cleanUp(file: SqliteFile): Promise<void> {
  await outlastLocks(async () => {
    if (file.pragma('user_version', { simple: true }) !== uncleanVersion) return;
    file.exec('vacuum');
    file.pragma('wal_checkpoint(TRUNCATE)');
    file.pragma('user_version = 0');
  });
}
