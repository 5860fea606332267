import type { Stats } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { isIgnoredName } from '../ignored-names.ts';
import { type InsideDirectory, openDirectoryInside, openFileInside } from './open-inside.ts';
import { nameOf, splitPath } from './path-names.ts';
import { removeEntry } from './remove-tree.ts';
import { type WorkspaceEntry, WorkspaceFile } from './workspace-file.ts';
import { asWorkspaceFileError, WorkspaceFileError } from './workspace-file-error.ts';
import { type WriteOptions, writeFileInside } from './write-inside.ts';
import { zipFiles } from './zip-files.ts';

export interface WorkspaceListing {
  /** By path. */
  readonly entries: readonly WorkspaceEntry[];
  /** There is more than the limit. */
  readonly truncated: boolean;
}

export interface ListOptions {
  /** Most entries. */
  readonly limit: number;
  /** Only files, of all directories but those that a listing ignores (`.git`, `node_modules`, …). */
  readonly recursive?: boolean;
}

export interface ZipLimits {
  readonly maxFiles: number;
  /** Of all files together, before they are compressed. */
  readonly maxBytes: number;
}

/**
 * The files of one workspace, for others than its agent. Whatever the agent puts there (links, devices, FIFOs, a directory
 * changed for a link at the wrong moment), nothing outside the workspace can be listed, read or removed. Paths are relative
 * to the workspace, with slashes. All methods throw WorkspaceFileError.
 */
export class WorkspaceFiles {
  readonly #root: string;
  readonly #hidden: RegExp | undefined;

  /** `root`: absolute, without links. `hidden`: names at the top of it that are not for this workspace's users. */
  constructor(root: string, { hidden }: { readonly hidden?: RegExp } = {}) {
    this.#root = root;
    this.#hidden = hidden;
  }

  /** What is in a directory; in the workspace itself for an empty path. */
  async list(path: string, { limit, recursive = false }: ListOptions): Promise<WorkspaceListing> {
    const names = this.#namesOf(path);
    await using directory = await openDirectoryInside(this.#root, names);
    const entries: WorkspaceEntry[] = [];
    const walk = recursive ? this.#walk(directory, names) : this.#entriesIn(directory, names);
    for await (const entry of walk) {
      if (entries.length >= limit) return { entries, truncated: true };
      entries.push(entry);
    }
    return { entries, truncated: false };
  }

  async stat(path: string): Promise<WorkspaceEntry> {
    const names = this.#namesOf(path);
    const name = names.at(-1);
    if (name === undefined) throw new WorkspaceFileError('wrong_kind', 'It is the workspace itself.');
    await using parent = await openDirectoryInside(this.#root, names.slice(0, -1));
    return describe(names, await statsOf(parent, name));
  }

  /** Opens a regular file. The caller closes it (`await using`), or reads its `stream` to the end. */
  async open(path: string): Promise<WorkspaceFile> {
    const names = this.#namesOf(path);
    const { handle, stats } = await openFileInside(this.#root, names);
    return new WorkspaceFile(names.join('/'), handle, stats);
  }

  /**
   * Writes a file, whole or not at all, with the directories on its way. False where something stands there already and
   * `replace` is not set.
   */
  async write(path: string, content: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<boolean> {
    return writeFileInside(this.#root, this.#namesOf(path), content, options);
  }

  /** Removes a file, or a directory with all that is in it. Links are removed, never followed. */
  async remove(path: string): Promise<void> {
    const names = this.#namesOf(path);
    const name = names.at(-1);
    if (name === undefined) throw new WorkspaceFileError('wrong_kind', 'It is the workspace itself.');
    await using parent = await openDirectoryInside(this.#root, names.slice(0, -1));
    if (!(await removeEntry(parent, name)))
      throw new WorkspaceFileError('not_found', 'There is no such file.');
  }

  /**
   * A zip archive of these files, or of all that a recursive listing tells. What is gone when its turn comes is left out.
   * @throws WorkspaceFileError `too_large`, before anything is written
   */
  async zip(paths: 'all' | readonly string[], { maxFiles, maxBytes }: ZipLimits): Promise<Readable> {
    const files: WorkspaceEntry[] = [];
    let bytes = 0;
    for await (const file of paths === 'all' ? this.#all() : this.#these(paths)) {
      files.push(file);
      bytes += file.size;
      if (files.length > maxFiles || bytes > maxBytes)
        throw new WorkspaceFileError('too_large', 'The files are too many, or too large, for one archive.');
    }
    return zipFiles(files, (path) => this.open(path));
  }

  #namesOf(path: string): string[] {
    const names = splitPath(path);
    if (names[0] !== undefined && this.#hidden?.test(names[0]))
      throw new WorkspaceFileError('not_found', 'There is no such file.');
    return names;
  }

  async *#all(): AsyncGenerator<WorkspaceEntry> {
    await using directory = await openDirectoryInside(this.#root, []);
    yield* this.#walk(directory, []);
  }

  async *#these(paths: readonly string[]): AsyncGenerator<WorkspaceEntry> {
    for (const path of new Set(paths)) {
      const entry = await this.stat(path);
      if (entry.kind === 'file') yield entry;
    }
  }

  async *#entriesIn(directory: InsideDirectory, names: readonly string[]): AsyncGenerator<WorkspaceEntry> {
    const found = (await readdir(directory.path(), { encoding: 'buffer' })).map(nameOf).toSorted();
    for (const name of found) {
      if (names.length === 0 && this.#hidden?.test(name)) continue;
      try {
        yield describe([...names, name], await statsOf(directory, name));
      } catch (error) {
        if (asWorkspaceFileError(error).problem !== 'not_found') throw error;
      }
    }
  }

  /** Depth first. Directories that cannot be read, or nest deeper than a path may be long, are passed by. */
  async *#walk(directory: InsideDirectory, names: readonly string[]): AsyncGenerator<WorkspaceEntry> {
    for await (const entry of this.#entriesIn(directory, names)) {
      if (entry.kind === 'file') yield entry;
      const name = entry.path.split('/').at(-1);
      if (entry.kind !== 'directory' || name === undefined || isIgnoredName(name)) continue;
      if (names.length >= mostDepth) continue;
      const inner = await directory.open(name).catch(() => undefined);
      if (inner === undefined) continue;
      await using _inner = inner;
      yield* this.#walk(inner, [...names, name]);
    }
  }
}

/** Each level of a walk holds a directory open. */
const mostDepth = 100;

async function statsOf(directory: InsideDirectory, name: string): Promise<Stats> {
  try {
    return await lstat(directory.path(name));
  } catch (error) {
    throw asWorkspaceFileError(error);
  }
}

function describe(names: readonly string[], stats: Stats): WorkspaceEntry {
  const kind = kindOf(stats);
  return {
    path: names.join('/'),
    kind,
    size: kind === 'file' ? stats.size : 0,
    modifiedAt: stats.mtime,
  };
}

function kindOf(stats: Stats): WorkspaceEntry['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
