import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import roll from 'pino-roll';
import { linkNewest } from './link-newest.ts';
import type { LogFile } from './log-destination.ts';

export interface LogFileLimits {
  /** How large a file grows before the next one begins: a number with the unit k or m. A new day begins one, too. */
  readonly size: string;
  /** How many files are kept. */
  readonly count: number;
}

/**
 * Opens the log file of this name in a directory, which is made where it is missing; later ones follow by themselves,
 * such as `combined.2026-11-22.1.log`. `combined.log` links to the newest. Throws where it cannot be written.
 */
export async function openLogFile(
  directory: string,
  name: string,
  { size, count }: LogFileLimits,
): Promise<LogFile> {
  await mkdir(directory, { recursive: true });
  const file = await roll({
    file: join(directory, `${name}.log`),
    frequency: 'daily',
    dateFormat: 'yyyy-MM-dd',
    size,
    limit: { count, removeOtherLogFiles: true },
    mode: 0o600,
    // In the background: a slow disk must not hold up requests.
    sync: false,
    // Lines are written at once, yet flush() waits for them only where this is not 0.
    minLength: 1,
    // Characters that wait for a disk that is slow or full; what comes on top is lost.
    maxLength: 16 * 1024 * 1024,
  });
  await once(file, 'ready');
  await linkNewest(file, join(directory, `${name}.log`));
  return file;
}
