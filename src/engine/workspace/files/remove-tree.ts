import { randomUUID } from 'node:crypto';
import { readdir, rename, rmdir, unlink } from 'node:fs/promises';
import type { InsideDirectory } from './open-inside.ts';
import { nameOf } from './path-names.ts';
import { asWorkspaceFileError } from './workspace-file-error.ts';

/** Directories that are held open at once; what lies deeper is brought up first. */
const mostDepth = 100;
/** How often a directory is emptied anew that somebody else fills meanwhile. */
const patience = 10;

/**
 * Removes an entry of an open directory, and all that is in it. Links are removed, never followed: each directory is
 * entered from the one that holds it, so that nobody can lead us elsewhere by changing a path.
 * @returns false where there is no such entry.
 */
export async function removeEntry(parent: InsideDirectory, name: string): Promise<boolean> {
  const removed = await unlinkUnlessDirectory(parent, name);
  if (removed !== 'directory') return removed === 'removed';
  for (let left = patience; ; ) {
    try {
      await using directory = await parent.open(name);
      const broughtUp = await emptyDirectory(directory, directory, 1);
      if (broughtUp === 0) left--;
      await rmdir(parent.path(name));
      return true;
    } catch (error) {
      if (isGone(error)) return true;
      if (left <= 0 || codeOf(error) !== 'ENOTEMPTY') throw asWorkspaceFileError(error);
    }
  }
}

/** @returns how many directories were brought up to the top, where they wait for the next round. */
async function emptyDirectory(
  directory: InsideDirectory,
  top: InsideDirectory,
  depth: number,
): Promise<number> {
  let broughtUp = 0;
  for (const name of (await readdir(directory.path(), { encoding: 'buffer' })).map(nameOf)) {
    try {
      if ((await unlinkUnlessDirectory(directory, name)) !== 'directory') continue;
      if (depth >= mostDepth) {
        await rename(directory.path(name), top.path(`removed-${randomUUID()}`));
        broughtUp++;
        continue;
      }
      {
        await using inner = await directory.open(name);
        broughtUp += await emptyDirectory(inner, top, depth + 1);
      }
      await rmdir(directory.path(name));
    } catch (error) {
      // Somebody is at work in it: the next round sees to what is left.
      if (!isGone(error) && codeOf(error) !== 'ENOTEMPTY') throw error;
    }
  }
  return broughtUp;
}

async function unlinkUnlessDirectory(
  directory: InsideDirectory,
  name: string,
): Promise<'removed' | 'missing' | 'directory'> {
  try {
    await unlink(directory.path(name));
    return 'removed';
  } catch (error) {
    if (isGone(error)) return 'missing';
    // Linux says the one of a directory, POSIX the other.
    if (['EISDIR', 'EPERM'].includes(codeOf(error))) return 'directory';
    throw asWorkspaceFileError(error);
  }
}

function isGone(error: unknown): boolean {
  return asWorkspaceFileError(error).problem === 'not_found';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
