import { access, constants, mkdir, statfs } from 'node:fs/promises';
import type { Check } from '../../contract/index.ts';

const gigabyte = 1024 ** 3;
const scarceBytes = gigabyte;
const hardlyAnyBytes = 100 * 1024 ** 2;

/** Whether a directory of the server's can be written, and how much room there is. It is made where it is missing. */
export async function checkDirectory(what: string, directory: string): Promise<Check> {
  const name = `Directory of ${what}`;
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(directory);
    return { name, ...judgeRoom(bavail * bsize, directory) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return {
      name,
      status: 'failed',
      message: `It cannot be used: ${why}`,
      hint: 'Give the user that runs the server the right to write there, or name another directory.',
    };
  }
}

function judgeRoom(bytes: number, directory: string): Omit<Check, 'name'> {
  const message = `${directory} has ${(bytes / gigabyte).toFixed(1)} GB left.`;
  const hint = 'Make room, or lower RECORD_MAX_MB and the retention of records, transcripts and responses.';
  if (bytes < hardlyAnyBytes) return { status: 'failed', message, hint };
  if (bytes < scarceBytes) return { status: 'warning', message, hint };
  return { status: 'ok', message, hint: null };
}
