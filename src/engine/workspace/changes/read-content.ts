import { createHash } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  lstatSync,
  openSync,
  readlinkSync,
  readSync,
  realpathSync,
  type Stats,
} from 'node:fs';
import { isText, sniffedBytes } from '../files/media-type.ts';
import { type directoryFlags, openFilesFolder, safeFlags } from '../files/open-inside.ts';
import { pathBelow } from '../files/path-names.ts';
import { WorkspaceFileError } from '../files/workspace-file-error.ts';
import type { FileStamp, FileState } from './file-state.ts';

export interface ReadLimits {
  /** The text of longer files is not kept. Bytes. */
  readonly textBytes: number;
  /** Longer files are not read at all. Bytes. */
  readonly hashBytes: number;
}

const chunkBytes = 256 * 1024;
const chunk = Buffer.allocUnsafeSlow(chunkBytes);

/**
 * What a regular file of the workspace is and holds; for a thread that may block. Undefined where there is none, and for
 * whatever is reached by way of a link; without content where it is too long, or is written to meanwhile.
 */
export function readContent(root: string, path: string, limits: ReadLimits): FileState | undefined {
  const place = pathBelow(root, path.split('/'));
  try {
    // To open a device can do something already.
    return lstatSync(place).isFile()
      ? withOpen(place, safeFlags, (file) => readOpened(file, limits))
      : undefined;
  } catch {
    return undefined;
  }
}

function readOpened(file: number, { textBytes, hashBytes }: ReadLimits): FileState | undefined {
  const stats = fstatSync(file);
  if (!stats.isFile()) return undefined;
  const stamp = stampOf(stats);
  if (stats.size > hashBytes) return { stamp };
  const hash = createHash('sha256');
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let total = 0;
  for (;;) {
    const length = readSync(file, chunk, 0, chunkBytes, null);
    if (length === 0) break;
    const part = chunk.subarray(0, length);
    hash.update(part);
    total += length;
    if (total > stats.size) return { stamp };
    if (stats.size > textBytes && keptBytes >= sniffedBytes) continue;
    kept.push(Buffer.from(part));
    keptBytes += length;
  }
  if (total !== stats.size || fstatSync(file).mtimeMs !== stats.mtimeMs) return { stamp };
  const start = Buffer.concat(kept);
  const whole = keptBytes === total;
  const text = isText(whole ? start : start.subarray(0, sniffedBytes), { whole });
  const content = { sha256: hash.digest('hex'), isText: text };
  const keepsText = text && total <= textBytes;
  return { stamp, content: keepsText ? { ...content, text: start.toString('utf8') } : content };
}

/**
 * Opens what lies at a place for as long as the work takes.
 * @throws WorkspaceFileError where a link is on the way; what the system throws
 */
export function withOpen<Result>(
  place: string | Buffer,
  flags: typeof safeFlags | typeof directoryFlags,
  work: (descriptor: number) => Result,
): Result {
  const descriptor = openSync(place, flags);
  try {
    if (!isAt(descriptor, place)) throw new WorkspaceFileError('not_found', 'There is no such file.');
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function stampOf(stats: Stats): FileStamp {
  const { ino, size, mtimeMs, ctimeMs, birthtimeMs } = stats;
  return { ino, size, mtimeMs, ctimeMs, birthtimeMs };
}

function isAt(descriptor: number, place: string | Buffer): boolean {
  if (typeof place === 'string' && openFilesFolder !== undefined)
    return readlinkSync(`${openFilesFolder}/${descriptor}`) === place;
  const actual =
    openFilesFolder === undefined
      ? realpathSync.native(place, 'buffer')
      : readlinkSync(`${openFilesFolder}/${descriptor}`, 'buffer');
  return Buffer.from(place).equals(Buffer.from(actual));
}
