import type { Published } from './feed.ts';
import { publicationSize } from './publication-size.ts';

type Listener = (published: Published) => void;

export interface ChannelLimits {
  /** Most publications that are remembered for those who come back. */
  readonly mostKept: number;
  /** What they may take in memory, about. */
  readonly mostBytes: number;
}

/** The last publications of one channel, and who listens to it. */
export class Channel {
  readonly #limits: ChannelLimits;
  readonly #kept: { readonly published: Published; readonly bytes: number }[] = [];
  readonly #listeners = new Map<symbol, { readonly listener: Listener; readonly from: number }>();
  readonly #firstSeq: number;
  #bytes = 0;
  #seq: number;

  /** Numbering goes on after `seq`. */
  constructor(seq: number, limits: ChannelLimits) {
    this.#firstSeq = seq;
    this.#seq = seq;
    this.#limits = limits;
  }

  /** Of the last publication. */
  get seq(): number {
    return this.#seq;
  }

  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Nothing was ever published. */
  get isUnused(): boolean {
    return this.#seq === this.#firstSeq;
  }

  /** Remembers the next publication. */
  keep(published: Published): void {
    this.#seq = published.seq;
    const bytes = publicationSize(published.data);
    this.#kept.push({ published, bytes });
    this.#bytes += bytes;
    while (this.#kept.length > this.#limits.mostKept || this.#bytes > this.#limits.mostBytes) {
      const oldest = this.#kept.shift();
      if (oldest === undefined) break;
      this.#bytes -= oldest.bytes;
    }
  }

  forgetAll(): void {
    this.#kept.length = 0;
    this.#bytes = 0;
  }

  /** What came after this number, and whether all of it is still there. */
  since(seq: number): { readonly missed: Published[]; readonly gap: boolean } {
    if (seq > this.#seq) return { missed: [], gap: true };
    const missed = this.#kept.map(({ published }) => published).filter((published) => published.seq > seq);
    return { missed, gap: missed.length < this.#seq - seq };
  }

  /** The listener is told of what comes from now on, until the returned function is called. */
  listen(listener: Listener): () => void {
    const id = Symbol();
    this.#listeners.set(id, { listener, from: this.#seq });
    return () => {
      this.#listeners.delete(id);
    };
  }

  /** A listener that throws is told of nothing more. */
  tell(published: Published): void {
    for (const [id, { listener, from }] of [...this.#listeners]) {
      if (published.seq <= from || !this.#listeners.has(id)) continue;
      try {
        listener(published);
      } catch {
        this.#listeners.delete(id);
      }
    }
  }
}
