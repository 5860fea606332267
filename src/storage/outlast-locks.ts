import { setTimeout as sleep } from 'node:timers/promises';

/** How long a statement waits for another process's write, in milliseconds. */
const longestWaitMs = 10_000;

/**
 * Tries again for as long as another process holds the lock of the SQLite file, while the rest of this process goes
 * on; after 10 seconds the error is thrown. What met a lock must have had no effect.
 */
export async function outlastLocks<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const deadline = Date.now() + longestWaitMs;
  for (let waitMs = 1; ; waitMs = Math.min(waitMs * 2, 50)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error) || Date.now() > deadline) throw error;
    }
    await sleep(waitMs);
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_BUSY');
}
