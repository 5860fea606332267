import { type Dirent, fstatSync, lstatSync, readdirSync, type Stats } from 'node:fs';
import { isSandboxPlaceholder } from '../../claude/sandbox-placeholders.ts';
import { directoryFlags, openFilesFolder } from '../files/open-inside.ts';
import { bytesOf, escapeName, nameOf, pathBelow } from '../files/path-names.ts';
import { asWorkspaceFileError } from '../files/workspace-file-error.ts';
import type { FileStamp } from './file-state.ts';
import { withOpen } from './read-content.ts';

/** A directory as it was when it was looked at. */
export interface ScannedDirectory {
  /** Of the regular files, in the system's own order. */
  readonly names: readonly string[];
  /** Five numbers for each file; see `stampAt`. */
  readonly stamps: Float64Array;
  readonly folders: readonly string[];
  /** Bytes of the files together. */
  readonly bytes: number;
  /** Tells whether something came into the directory or left it; absent where it was changed too shortly before. */
  readonly self?: Pick<FileStamp, 'ino' | 'mtimeMs' | 'ctimeMs'>;
}

const width = 5;

/** The clock of a file system may tick as slowly as this; milliseconds. */
const clockTick = 20;

/**
 * Looks at a directory of a workspace. `unreadable`: it is there, but it cannot be told what is in it. Where it is still the one
 * that was looked at before, and nothing came or left, its list is not read again; only its files are looked at.
 */
export function scanDirectory(
  root: string,
  path: string,
  before?: ScannedDirectory,
): ScannedDirectory | 'gone' | 'unreadable' {
  const place = pathBelow(root, path === '' ? [] : path.split('/'));
  const again = before?.self === undefined ? undefined : stampAgain(place, before, before.self);
  if (again !== undefined) return again;
  try {
    return withOpen(place, directoryFlags, (descriptor) => scanOpened(path, place, descriptor));
  } catch (error) {
    return asWorkspaceFileError(error).problem === 'not_found' ? 'gone' : 'unreadable';
  }
}

/** Undefined where the list has to be read. By way of a link there would be another directory, with another number. */
function stampAgain(
  place: string | Buffer,
  before: ScannedDirectory,
  self: NonNullable<ScannedDirectory['self']>,
): ScannedDirectory | undefined {
  const stats = statsOf(place);
  if (stats === undefined || !stats.isDirectory() || stats.ino !== self.ino) return undefined;
  if (stats.mtimeMs !== self.mtimeMs || stats.ctimeMs !== self.ctimeMs) return undefined;
  const { names } = before;
  const recently = Date.now() - clockTick;
  const stamps = new Float64Array(names.length * width);
  let bytes = 0;
  for (let index = 0; index < names.length; index++) {
    const file = statsOf(entryPlace(place, bytesOf(names[index] ?? '')));
    if (file === undefined || !file.isFile()) return undefined;
    setStamp(stamps, index, file, recently);
    bytes += file.size;
  }
  return { ...before, stamps, bytes };
}

function scanOpened(path: string, place: string | Buffer, descriptor: number): ScannedDirectory {
  const { ino, mtimeMs, ctimeMs } = fstatSync(descriptor);
  const isSettled = Math.max(mtimeMs, ctimeMs) < Date.now() - clockTick;
  const self = isSettled ? { self: { ino, mtimeMs, ctimeMs } } : {};
  const folder = openFilesFolder === undefined ? place : `${openFilesFolder}/${descriptor}`;
  const entries = readdirSync(folder, { withFileTypes: true });
  if (!entries.some(({ name }) => name.includes('\ufffd')))
    return { ...stampEntries(path, place, entries, escapeName), ...self };
  // Names are read as text, which is quicker, and anew as bytes where one of them is none.
  const asBytes = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  return { ...stampEntries(path, place, asBytes, nameOf), ...self };
}

function stampEntries<Name extends string | Buffer>(
  path: string,
  place: string | Buffer,
  entries: readonly Dirent<Name>[],
  textOf: (name: Name) => string,
): ScannedDirectory {
  const recently = Date.now() - clockTick;
  const names: string[] = [];
  const folders: string[] = [];
  const stamps = new Float64Array(entries.length * width);
  let bytes = 0;
  for (const entry of entries) {
    if (entry.isDirectory()) folders.push(textOf(entry.name));
    if (!entry.isFile()) continue;
    const stats = statsOf(entryPlace(place, entry.name));
    if (stats === undefined || !stats.isFile()) continue;
    const name = textOf(entry.name);
    if (isSandboxPlaceholder(path === '' ? name : `${path}/${name}`, stats)) continue;
    setStamp(stamps, names.length, stats, recently);
    bytes += stats.size;
    names.push(name);
  }
  return { names, stamps: stamps.slice(0, names.length * width), folders, bytes };
}

function setStamp(stamps: Float64Array, index: number, stats: Stats, recently: number): void {
  const at = index * width;
  stamps[at] = stats.ino;
  stamps[at + 1] = stats.size;
  stamps[at + 2] = stats.mtimeMs;
  stamps[at + 3] = stats.ctimeMs >= recently ? Number.NaN : stats.ctimeMs;
  stamps[at + 4] = stats.birthtimeMs;
}

/** The stamp of the file with this index. */
export function stampAt({ stamps }: ScannedDirectory, index: number): FileStamp {
  const at = index * width;
  const [ino = 0, size = 0, mtimeMs = 0, ctimeMs = 0, birthtimeMs = 0] = stamps.subarray(at, at + width);
  return { ino, size, mtimeMs, ctimeMs, birthtimeMs };
}

/** Whether the stamps of two files are the same; a change time that is not certain is the same as none. */
export function isStampKept(
  before: ScannedDirectory,
  indexBefore: number,
  after: ScannedDirectory,
  indexAfter: number,
): boolean {
  const [one, other] = [indexBefore * width, indexAfter * width];
  for (let field = 0; field < width - 1; field++)
    if (before.stamps[one + field] !== after.stamps[other + field]) return false;
  return true;
}

const quietly = { throwIfNoEntry: false } as const;

/** Undefined where nothing is there, or cannot be looked at. */
export function statsOf(place: string | Buffer): Stats | undefined {
  try {
    return lstatSync(place, quietly);
  } catch {
    return undefined;
  }
}

function entryPlace(folder: string | Buffer, name: string | Buffer): string | Buffer {
  if (typeof folder === 'string' && typeof name === 'string') return `${folder}/${name}`;
  return Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(name)]);
}
