import { isIgnoredName } from '../ignored-names.ts';
import { ContentCache } from './content-cache.ts';
import { type FileState, isSameContent, type PathChange } from './file-state.ts';
import { isStampKept, type ScannedDirectory, scanDirectory, stampAt } from './scan-directory.ts';

export interface ShardOptions {
  /** Absolute, without links. */
  readonly root: string;
  /** Names at the top of it that are passed by. */
  readonly hidden: RegExp | undefined;
  /** Files and directories that are looked at at most. */
  readonly maxEntries: number;
}

export interface ScanRequest {
  /** Look again at the directories that are known. */
  readonly rescan: boolean;
  /** Directories that this shard is to know from now on. */
  readonly add: readonly string[];
  /** What is in the added directories is how things are, and no change. */
  readonly baseline: boolean;
  /** Directories that are to tell all their folders anew. */
  readonly relist: readonly string[];
}

export interface ScanResult {
  readonly changes: readonly PathChange[];
  /** Directories that were not there when last looked at. */
  readonly folders: readonly string[];
  /** Directories of this shard that are there no more; it has forgotten them. */
  readonly gone: readonly string[];
  /** Of all directories of this shard. */
  readonly files: number;
  readonly bytes: number;
  /** There is more than may be looked at. */
  readonly overflow: boolean;
}

/**
 * Some of the directories of a workspace, as they were when last looked at; lives in a thread that may block. Each directory
 * answers for the files right in it. Together the shards of a workspace know all its directories.
 */
export class ScanShard {
  readonly cache: ContentCache;
  readonly #options: ShardOptions;
  readonly #directories = new Map<string, ScannedDirectory>();
  #files = 0;
  #bytes = 0;

  constructor(options: ShardOptions) {
    this.#options = options;
    this.cache = new ContentCache(options.root);
  }

  scan({ rescan, add, baseline, relist }: ScanRequest): ScanResult {
    const changes: PathChange[] = [];
    const folders: string[] = [];
    const gone: string[] = [];
    this.cache.startScan();
    let overflow = false;
    const known = rescan ? [...this.#directories.keys()] : [];
    for (const path of [...known, ...add]) {
      const before = this.#directories.get(path);
      const after = scanDirectory(this.#options.root, path, before);
      if (after === 'unreadable') continue;
      if (after === 'gone') {
        if (before !== undefined) this.#compare(path, before, undefined, changes);
        this.#directories.delete(path);
        gone.push(path);
        continue;
      }
      const toldBefore = before === undefined || relist.includes(path) ? [] : before.folders;
      const told = this.#tellFolders(path, toldBefore, after.folders);
      for (const folder of told) folders.push(folder);
      if (before !== undefined || !baseline) this.#compare(path, before, after, changes);
      else this.#count(undefined, after);
      this.#directories.set(path, after);
      overflow ||= this.#files + this.#directories.size > this.#options.maxEntries;
      if (overflow) break;
    }
    return { changes, folders, gone, files: this.#files, bytes: this.#bytes, overflow };
  }

  /** Reads contents that were not read yet for so long; false where all is read that will be. */
  fill(milliseconds: number): boolean {
    return this.cache.fill(milliseconds, () => this.#newestFirst());
  }

  #compare(
    path: string,
    before: ScannedDirectory | undefined,
    after: ScannedDirectory | undefined,
    changes: PathChange[],
  ): void {
    this.#count(before, after);
    const tell = (name: string, old: number | undefined, now: number | undefined): void => {
      const file = path === '' ? name : `${path}/${name}`;
      const change = this.#changeOf(file, before, old, after, now);
      if (change !== undefined) changes.push(change);
    };
    if (before === undefined || after === undefined || !isSameList(before.names, after.names)) {
      for (const [name, old, now] of pairUp(before?.names ?? [], after?.names ?? [])) tell(name, old, now);
      return;
    }
    // The usual case, and so the one that has to be quick.
    for (let index = 0; index < before.names.length; index++)
      if (!isStampKept(before, index, after, index)) tell(before.names[index] ?? '', index, index);
  }

  #changeOf(
    path: string,
    before: ScannedDirectory | undefined,
    indexBefore: number | undefined,
    after: ScannedDirectory | undefined,
    indexAfter: number | undefined,
  ): PathChange | undefined {
    const { cache } = this;
    const had = before !== undefined && indexBefore !== undefined;
    const has = after !== undefined && indexAfter !== undefined;
    if (had && has && isStampKept(before, indexBefore, after, indexAfter)) return undefined;
    const old: FileState | undefined = had ? cache.known(path, stampAt(before, indexBefore)) : undefined;
    if (!has) {
      cache.forget(path);
      return old === undefined ? undefined : { path, before: old };
    }
    const now = cache.read(path, stampAt(after, indexAfter));
    if (old === undefined) return { path, after: now };
    return isSameContent(old, now) ? undefined : { path, before: old, after: now };
  }

  #count(before: ScannedDirectory | undefined, after: ScannedDirectory | undefined): void {
    this.#files += (after?.names.length ?? 0) - (before?.names.length ?? 0);
    this.#bytes += (after?.bytes ?? 0) - (before?.bytes ?? 0);
  }

  #tellFolders(path: string, before: readonly string[], after: readonly string[]): string[] {
    if (isSameList(before, after)) return [];
    const known = new Set(before);
    const { hidden } = this.#options;
    return after
      .filter((name) => !known.has(name) && !isIgnoredName(name) && !(path === '' && hidden?.test(name)))
      .map((name) => (path === '' ? name : `${path}/${name}`));
  }

  /** Files that were changed lately are those that will be changed next. */
  #newestFirst(): string[] {
    const files: [string, number][] = [];
    for (const [path, directory] of this.#directories)
      for (const [index, name] of directory.names.entries())
        files.push([path === '' ? name : `${path}/${name}`, stampAt(directory, index).mtimeMs]);
    return files.sort((one, other) => other[1] - one[1]).map(([path]) => path);
  }
}

function isSameList(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}

function* pairUp(
  before: readonly string[],
  after: readonly string[],
): Generator<readonly [string, number | undefined, number | undefined]> {
  const places = new Map(before.map((name, index) => [name, index] as const));
  for (const [index, name] of after.entries()) {
    yield [name, places.get(name), index];
    places.delete(name);
  }
  for (const [name, index] of places) yield [name, index, undefined];
}
