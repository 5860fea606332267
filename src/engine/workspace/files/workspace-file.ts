import { createHash } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';

export interface WorkspaceEntry {
  /** Relative to the workspace, with slashes; see `nameOf` for names that are no text. */
  readonly path: string;
  /** Links, and `other`: FIFOs, sockets, devices. They can be seen and removed, and nothing else. */
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  readonly modifiedAt: Date;
}

/** A regular file of a workspace that is held open: what is read is this file, whatever becomes of its path. */
export class WorkspaceFile {
  readonly path: string;
  /** Bytes, when it was opened. */
  readonly size: number;
  readonly modifiedAt: Date;
  readonly executable: boolean;
  /** Another after each change, as far as the file system can tell. */
  readonly version: string;
  readonly #handle: FileHandle;

  constructor(path: string, handle: FileHandle, stats: Stats) {
    this.path = path;
    this.size = stats.size;
    this.modifiedAt = stats.mtime;
    this.version = [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join('-');
    this.executable = (stats.mode & constants.S_IXUSR) !== 0;
    this.#handle = handle;
  }

  /**
   * The bytes from `start` to `end`, both included; the whole file by default, up to the size that it had when it was opened.
   * Closes the file when it ends or is destroyed.
   */
  stream({
    start = 0,
    end = this.size - 1,
  }: {
    readonly start?: number;
    readonly end?: number;
  } = {}): Readable {
    if (start <= end) return this.#handle.createReadStream({ start, end });
    this.#handle.close().catch(() => {});
    return Readable.from([]);
  }

  /** The hexadecimal digest of what is in it now. */
  async sha256(): Promise<string> {
    const hash = createHash('sha256');
    const buffer = Buffer.alloc(256 * 1024);
    for (let at = 0; ; ) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#handle.close();
  }
}
