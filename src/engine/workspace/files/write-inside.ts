import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, mkdir, open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { type InsideDirectory, openDirectoryInside } from './open-inside.ts';
import { asWorkspaceFileError, WorkspaceFileError } from './workspace-file-error.ts';

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW = 0 } = constants;

export interface WriteOptions {
  /** What stands there already gives way. */
  readonly replace: boolean;
  readonly executable?: boolean;
}

/**
 * Writes a file, whole or not at all, with the directories on its way. Each directory is entered from the one that
 * holds it and no link is followed, so the file comes to lie below the root whatever somebody does to the path
 * meanwhile. `root` is absolute without links; the names are those of `splitPath`.
 * @returns false where something stands there already and `replace` is not set.
 * @throws WorkspaceFileError, or what the content throws.
 */
export async function writeFileInside(
  root: string,
  names: readonly string[],
  content: AsyncIterable<Uint8Array>,
  options: WriteOptions,
): Promise<boolean> {
  const name = names.at(-1);
  if (name === undefined) throw new WorkspaceFileError('wrong_kind', 'It is the workspace itself.');
  let directory = await openDirectoryInside(root, []);
  try {
    for (const inner of names.slice(0, -1)) {
      const next = await enter(directory, inner);
      await directory[Symbol.asyncDispose]();
      directory = next;
    }
    return await writeIn(directory, name, content, options);
  } finally {
    await directory[Symbol.asyncDispose]();
  }
}

async function enter(directory: InsideDirectory, name: string): Promise<InsideDirectory> {
  try {
    await mkdir(directory.path(name));
  } catch (error) {
    if (!isThere(error)) throw asWorkspaceFileError(error);
  }
  return directory.open(name);
}

async function writeIn(
  directory: InsideDirectory,
  name: string,
  content: AsyncIterable<Uint8Array>,
  { replace, executable = false }: WriteOptions,
): Promise<boolean> {
  const draft = directory.path(`.${randomUUID()}.part`);
  const target = directory.path(name);
  try {
    const flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW;
    const handle = await open(draft, flags, executable ? 0o755 : 0o644);
    await pipeline(content, handle.createWriteStream());
    if (replace) await rename(draft, target);
    else await link(draft, target);
    return true;
  } catch (error) {
    if (isThere(error)) return false;
    throw isOfSystem(error) ? asWorkspaceFileError(error) : error;
  } finally {
    await rm(draft, { force: true });
  }
}

function isThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

function isOfSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
