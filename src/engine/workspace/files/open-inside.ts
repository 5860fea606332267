import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, stat } from 'node:fs/promises';
import { bytesOf, pathBelow } from './path-names.ts';
import { asWorkspaceFileError, WorkspaceFileError } from './workspace-file-error.ts';

const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0, O_DIRECTORY = 0, O_NOCTTY = 0 } = constants;

/** No link is followed at the end of the path, and a FIFO does not hold us up. */
export const safeFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
export const directoryFlags = safeFlags | O_DIRECTORY;

/** Where Linux tells what an open file is, and lets us go on from an open directory whatever happens to its path. */
export const openFilesFolder = process.platform === 'linux' ? '/proc/self/fd' : undefined;

/** A regular file that lies where its path says, below the workspace, with no link on the way. */
export interface InsideFile {
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/**
 * Opens a regular file for reading. `root` is absolute without links; the names are those of `splitPath`. What was opened is
 * looked at after it was opened, so nobody gains by changing the path meanwhile.
 * @throws WorkspaceFileError
 */
export async function openFileInside(root: string, names: readonly string[]): Promise<InsideFile> {
  const place = pathBelow(root, names);
  try {
    // To open a device can do something already.
    refuseUnlessFile(await lstat(place));
    const handle = await open(place, safeFlags);
    try {
      const stats = await handle.stat();
      refuseUnlessFile(stats);
      await refuseUnlessAt(handle, place);
      return { handle, stats };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw asWorkspaceFileError(error);
  }
}

/** A directory that is held open: what is done in it is done there, even if another takes its place. */
export class InsideDirectory {
  readonly #handle: FileHandle;
  readonly #place: string | Buffer;

  constructor(handle: FileHandle, place: string | Buffer) {
    this.#handle = handle;
    this.#place = place;
  }

  /** The path of the directory, or of an entry in it, for a call of the file system. */
  path(name?: string): string | Buffer {
    const folder = openFilesFolder === undefined ? this.#place : `${openFilesFolder}/${this.#handle.fd}`;
    if (name === undefined) return folder;
    const entry = bytesOf(name);
    if (typeof folder === 'string' && typeof entry === 'string') return `${folder}/${entry}`;
    return Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(entry)]);
  }

  /** A directory in it; not a link to one. */
  async open(name: string): Promise<InsideDirectory> {
    const place = this.path(name);
    try {
      return new InsideDirectory(await open(place, directoryFlags), place);
    } catch (error) {
      throw asWorkspaceFileError(error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}

/** Opens a directory of the workspace, or the workspace itself, as `openFileInside`. */
export async function openDirectoryInside(root: string, names: readonly string[]): Promise<InsideDirectory> {
  const place = pathBelow(root, names);
  try {
    const handle = await open(place, directoryFlags);
    try {
      if (!(await handle.stat()).isDirectory())
        throw new WorkspaceFileError('wrong_kind', 'It is not a directory.');
      await refuseUnlessAt(handle, place);
      return new InsideDirectory(handle, place);
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw asWorkspaceFileError(error);
  }
}

function refuseUnlessFile(stats: Stats): void {
  if (stats.isFile()) return;
  throw stats.isDirectory()
    ? new WorkspaceFileError('wrong_kind', 'It is a directory.')
    : new WorkspaceFileError('not_found', 'There is no such file.');
}

/** The path without links of what was opened must be the path that was asked for. */
async function refuseUnlessAt(handle: FileHandle, place: string | Buffer): Promise<void> {
  const wanted = Buffer.from(place);
  if (openFilesFolder !== undefined) {
    const actual = await readlink(`${openFilesFolder}/${handle.fd}`, 'buffer');
    if (wanted.equals(actual)) return;
  } else {
    const actual = Buffer.from(await realpath(place, 'buffer'));
    const [opened, there] = await Promise.all([handle.stat(), stat(place)]);
    if (wanted.equals(actual) && opened.ino === there.ino && opened.dev === there.dev) return;
  }
  throw new WorkspaceFileError('not_found', 'There is no such file.');
}
