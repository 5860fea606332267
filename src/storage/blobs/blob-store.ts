import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { link, mkdir, open, rename, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { StorageError } from '../storage-error.ts';
import { isCode } from './is-code.ts';
import { sweepBlobs } from './sweep-blobs.ts';

/** Content that is written to disk but not kept yet. Disposing of it removes what was not kept. */
export interface Draft extends AsyncDisposable {
  /** Hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
  /** What the content begins with, at most 64 KiB: it may tell what it is. */
  readonly start: Buffer;
}

const startBytes = 64 * 1024;

/** Disposing of it closes the file; so does the stream's end. */
export interface OpenBlob extends AsyncDisposable {
  readonly bytes: number;
  /** To be called once. From `start` to `end`, both included; the whole without them. */
  stream(range?: { readonly start: number; readonly end: number }): Readable;
}

/**
 * Contents of files, each once, by their SHA-256. They are written first and referred to after, so a crash leaves at
 * worst content that nobody refers to, for `sweep` to remove. No content is ever changed.
 */
export class BlobStore {
  readonly #root: string;
  readonly #drafts = new Map<Draft, string>();

  /** @param root absolute path of a directory, which is made on demand and is this user's alone. */
  constructor(root: string) {
    this.#root = root;
  }

  /**
   * Writes what comes to disk.
   * @throws {StorageError} `file_too_large` beyond `maxBytes`, `disk_full`; or what the source throws. Nothing stays.
   */
  async receive(
    source: AsyncIterable<Uint8Array>,
    { maxBytes }: { readonly maxBytes: number },
  ): Promise<Draft> {
    const place = await this.#newDraft();
    const hash = createHash('sha256');
    let bytes = 0;
    const beginning: Uint8Array[] = [];
    const measure = async function* (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of chunks) {
        if (bytes < startBytes) beginning.push(Uint8Array.prototype.slice.call(chunk, 0, startBytes - bytes));
        bytes += chunk.length;
        if (bytes > maxBytes) throw new StorageError('file_too_large', 'The file is too large');
        hash.update(chunk);
        yield chunk;
      }
    };
    const target = createWriteStream(place, { flags: 'wx', mode: 0o600, flush: true });
    const closed = new Promise<void>((resolve) => target.once('close', resolve));
    try {
      await pipeline(source, measure, target);
    } catch (error) {
      // The pipeline does not wait for the file to be opened, which may make it after its removal.
      await closed;
      await rm(place, { force: true });
      throw isCode(error, 'ENOSPC', 'EDQUOT')
        ? new StorageError('disk_full', 'There is no room left for the file', error)
        : error;
    }
    const draft: Draft = {
      sha256: hash.digest('hex'),
      bytes,
      start: Buffer.concat(beginning),
      [Symbol.asyncDispose]: async () => {
        this.#drafts.delete(draft);
        await rm(place, { force: true });
      },
    };
    this.#drafts.set(draft, place);
    return draft;
  }

  /** Makes the drafts stay, then writes what refers to them. Where that fails, nothing refers to them. */
  async keep<Result>(drafts: readonly Draft[], refer: () => Promise<Result>): Promise<Result> {
    for (const draft of drafts) await this.#publish(draft);
    const result = await refer();
    // A sweep that began before there was a reference may have taken what another one had left here.
    for (const draft of drafts) await this.#publish(draft);
    return result;
  }

  /** Undefined where there is no such content, or not all of it. */
  async open(sha256: string, bytes: number): Promise<OpenBlob | undefined> {
    const place = this.#placeOf(sha256);
    if (place === undefined) return undefined;
    const handle = await open(place, 'r').catch((error: unknown) => {
      if (isCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (handle === undefined) return undefined;
    if ((await handle.stat()).size !== bytes) {
      await handle.close();
      return undefined;
    }
    return {
      bytes,
      stream: (range) => handle.createReadStream({ ...range, autoClose: true }),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  }

  /**
   * Removes contents that nobody refers to, and drafts that were left behind, once they are older than the grace
   * period. Returns how many contents were removed.
   */
  async sweep(options: {
    /** Which of these are referred to. */
    readonly referenced: (sha256s: readonly string[]) => Promise<ReadonlySet<string>>;
    readonly graceMs: number;
    /** Milliseconds since 1970. */
    readonly now: number;
  }): Promise<number> {
    return sweepBlobs({ root: this.#root, draftDirectory: this.#draftDirectory, ...options });
  }

  get #draftDirectory(): string {
    return path.join(this.#root, 'drafts');
  }

  async #newDraft(): Promise<string> {
    await mkdir(this.#draftDirectory, { recursive: true, mode: 0o700 });
    return path.join(this.#draftDirectory, randomUUID());
  }

  #placeOf(sha256: string): string | undefined {
    return /^[0-9a-f]{64}$/.test(sha256) ? path.join(this.#root, sha256.slice(0, 2), sha256) : undefined;
  }

  async #publish(draft: Draft): Promise<void> {
    const from = this.#drafts.get(draft);
    const to = this.#placeOf(draft.sha256);
    if (from === undefined || to === undefined) throw new Error('The draft is not of this store.');
    await mkdir(path.dirname(to), { recursive: true, mode: 0o700 });
    try {
      await link(from, to);
    } catch (error) {
      if (!isCode(error, 'EEXIST')) throw error;
      await this.#refresh(from, to, draft.bytes);
    }
  }

  /** What is there already counts as new, so that no sweep takes it; if it is damaged, it is replaced. */
  async #refresh(from: string, to: string, bytes: number): Promise<void> {
    const now = new Date();
    try {
      if ((await stat(to)).size === bytes) return await utimes(to, now, now);
    } catch (error) {
      if (!isCode(error, 'ENOENT')) throw error;
    }
    const spare = await this.#newDraft();
    await link(from, spare);
    await rename(spare, to);
  }
}
