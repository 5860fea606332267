import type { FastifyReply } from 'fastify';

/** A part of an answer, in the order in which its client gets them. */
export type AnswerPart =
  | {
      readonly type: 'whole';
      readonly status: number;
      readonly body: unknown;
      readonly headers: Readonly<Record<string, string>>;
    }
  | {
      /** An event stream begins. */
      readonly type: 'begun';
      readonly headers: Readonly<Record<string, string>>;
      readonly keepAliveData?: (() => string) | undefined;
    }
  | { readonly type: 'frames'; readonly text: string }
  /** Kept elsewhere, from where it can be told to anybody. */
  | { readonly type: 'elsewhere'; readonly answer: (reply: FastifyReply) => Promise<void> };

export interface LogReader extends Disposable {
  /** From the first part on, those to come included, until the end. To be read once. */
  readonly parts: AsyncIterable<AnswerPart>;
}

interface Entry {
  readonly part: AnswerPart | undefined;
  readonly bytes: number;
  next: Entry | undefined;
}

interface Place {
  entry: Entry;
  /** Bytes that it has not read. */
  behind: number;
  left: boolean;
}

/**
 * What was sent of an answer, for readers who come later. Beyond the limit nobody can begin to read any more; those
 * who have begun get everything, and the writer waits for the slowest. A chain, so that what all have read is freed.
 */
export class AnswerLog {
  readonly #limitBytes: number;
  readonly #places = new Set<Place>();
  readonly #waiting = new Set<() => void>();
  /** The entry before the first part. */
  #first: Entry | undefined;
  #last: Entry;
  #bytes = 0;
  #closed = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
    this.#last = emptyEntry();
    this.#first = this.#last;
  }

  /** Of all frames. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Everything is still here. */
  get isWhole(): boolean {
    return this.#first !== undefined;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Resolves when more may come. Nothing comes after `close`. */
  async append(part: AnswerPart): Promise<void> {
    // Nobody reads it, and nobody will.
    if (this.#closed || (this.#first === undefined && this.#places.size === 0)) return;
    const bytes = part.type === 'frames' ? Buffer.byteLength(part.text) : 0;
    const entry: Entry = { part, bytes, next: undefined };
    this.#last.next = entry;
    this.#last = entry;
    this.#bytes += bytes;
    if (this.#bytes > this.#limitBytes) this.#first = undefined;
    for (const place of this.#places) place.behind += bytes;
    this.#tell();
    while ([...this.#places].some(({ behind }) => behind > this.#limitBytes)) await this.#news();
  }

  close(): void {
    this.#closed = true;
    this.#tell();
  }

  /** From now on nobody can begin to read. */
  drop(): void {
    this.#first = undefined;
    // Of a log that goes on, the last entry is where it does.
    if (this.#closed) this.#last = emptyEntry();
  }

  /** Throws where not everything is here any more. */
  read(): LogReader {
    if (this.#first === undefined) throw new Error('The beginning of the answer is gone.');
    const place: Place = { entry: this.#first, behind: this.#bytes, left: false };
    this.#places.add(place);
    return {
      parts: this.#follow(place),
      [Symbol.dispose]: () => {
        place.left = true;
        this.#places.delete(place);
        this.#tell();
      },
    };
  }

  async *#follow(place: Place): AsyncGenerator<AnswerPart> {
    while (!place.left) {
      const { next } = place.entry;
      if (next?.part !== undefined) {
        place.entry = next;
        yield next.part;
        place.behind -= next.bytes;
        this.#tell();
      } else if (this.#closed) return;
      else await this.#news();
    }
  }

  #news(): Promise<void> {
    return new Promise((resolve) => this.#waiting.add(resolve));
  }

  #tell(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

function emptyEntry(): Entry {
  return { part: undefined, bytes: 0, next: undefined };
}
