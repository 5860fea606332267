import type { FileStamp, FileState, KnownContent } from './file-state.ts';
import { type ReadLimits, readContent } from './read-content.ts';

/** Texts of up to this length are kept, to tell later what became of them. */
export const textBytes = 256 * 1024;
/** Files of up to this length are known by their digest. */
const hashBytes = 8 * 1024 * 1024;
/** Characters of text that one shard keeps. */
const mostText = 10 * 1024 * 1024;
/** Bytes that are read ahead of need. */
const mostAhead = 128 * 1024 * 1024;
/** What a single comparison reads. */
const mostFilesPerScan = 1_000;
const mostBytesPerScan = 32 * 1024 * 1024;

const limits: ReadLimits = { textBytes, hashBytes };

/** What files hold, as far as it was read: so that it can be told whether, and how, a content has changed. */
export class ContentCache {
  readonly #root: string;
  readonly #known = new Map<string, FileState & { readonly content: KnownContent }>();
  #text = 0;
  #aheadBytes = 0;
  #files = 0;
  #bytes = 0;
  #toFill: string[] | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** The next comparison has its own bounds. */
  startScan(): void {
    this.#files = 0;
    this.#bytes = 0;
  }

  /** The state with that stamp, with its content if it was read in that state. */
  known(path: string, stamp: FileStamp): FileState {
    const known = this.#known.get(path);
    return known !== undefined && isReadAs(known.stamp, stamp)
      ? { stamp, content: known.content }
      : { stamp };
  }

  /** The state with that stamp, with its content if that may be read and still has that stamp. */
  read(path: string, stamp: FileStamp): FileState {
    this.forget(path);
    if (stamp.size > hashBytes || this.#files >= mostFilesPerScan) return { stamp };
    if (this.#bytes + stamp.size > mostBytesPerScan) return { stamp };
    this.#files++;
    this.#bytes += stamp.size;
    const state = readContent(this.#root, path, limits);
    if (state?.content === undefined || !isReadAs(state.stamp, stamp)) return { stamp };
    this.#keep(path, state.stamp, state.content);
    return { stamp, content: state.content };
  }

  forget(path: string): void {
    const known = this.#known.get(path);
    if (known === undefined) return;
    this.#known.delete(path);
    this.#text -= known.content.text?.length ?? 0;
  }

  /** Reads ahead for so long, within bounds. False: nothing is left to read. */
  fill(milliseconds: number, paths: () => string[]): boolean {
    const end = performance.now() + milliseconds;
    this.#toFill ??= paths().reverse();
    for (;;) {
      const path = this.#aheadBytes < mostAhead ? this.#toFill.pop() : undefined;
      if (path === undefined) {
        this.#toFill = [];
        return false;
      }
      if (!this.#known.has(path)) {
        const state = readContent(this.#root, path, limits);
        this.#aheadBytes += Math.min(state?.stamp.size ?? 0, hashBytes);
        if (state?.content !== undefined) this.#keep(path, state.stamp, state.content);
      }
      if (performance.now() >= end) return true;
    }
  }

  #keep(path: string, stamp: FileStamp, content: KnownContent): void {
    const length = content.text?.length ?? 0;
    const fits = this.#text + length <= mostText;
    this.#known.set(path, { stamp, content: fits ? content : withoutText(content) });
    if (fits) this.#text += length;
  }
}

/** Whether what was read in the one state is what the file holds in the other. A change time that is not certain does not count. */
function isReadAs(read: FileStamp, stamp: FileStamp): boolean {
  return (
    read.ino === stamp.ino &&
    read.size === stamp.size &&
    read.mtimeMs === stamp.mtimeMs &&
    (Number.isNaN(stamp.ctimeMs) || read.ctimeMs === stamp.ctimeMs)
  );
}

function withoutText({ sha256, isText }: KnownContent): KnownContent {
  return { sha256, isText };
}
