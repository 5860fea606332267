import type { WireError } from '../../openai/index.ts';
import { TurnError } from '../../turn/index.ts';
import { ClientGone } from '../running-requests.ts';
import { errorHeaders } from '../wire-errors.ts';
import type { AnswerCopy } from './answer-copy.ts';
import { AnswerLog, type AnswerPart, type LogReader } from './answer-log.ts';
import type { Repetition } from './repetition.ts';

export interface RunUnderWayOptions {
  readonly repetition: Repetition;
  /** Of the request that began it. */
  readonly requestId: string;
  /** The id in its answer, once it is known. */
  readonly answerId: () => string | undefined;
  /** What others are told of the first answer's headers. */
  readonly headers: () => Readonly<Record<string, string>>;
  /** Longest stream that can be joined. */
  readonly limitBytes: number;
  /** Nobody can join it any more. */
  readonly onForgotten: () => void;
}

/**
 * A run and those who wait for its answer: the client whose request began it, and repetitions of the request. When the
 * last of them has left, and does not come back in time, the run is stopped.
 */
export class RunUnderWay implements AnswerCopy {
  readonly repetition: Repetition;
  readonly requestId: string;
  readonly answerId: () => string | undefined;
  readonly #headers: RunUnderWayOptions['headers'];
  readonly #log: AnswerLog;
  readonly #onForgotten: () => void;
  readonly #alone = new AbortController();
  readonly #began = performance.now();
  #tries: number;
  #waiting = 0;
  #hold: NodeJS.Timeout | undefined;
  #whole: Extract<AnswerPart, { type: 'whole' }> | undefined;

  constructor(options: RunUnderWayOptions) {
    const { repetition, requestId, answerId, headers, limitBytes, onForgotten } = options;
    this.repetition = repetition;
    this.requestId = requestId;
    this.answerId = answerId;
    this.#headers = headers;
    this.#log = new AnswerLog(limitBytes);
    this.#onForgotten = onForgotten;
    this.#tries = repetition.tries ?? 0;
  }

  /** Aborts by `ClientGone` when nobody waits for the answer any more. */
  get abandoned(): AbortSignal {
    return this.#alone.signal;
  }

  /** The answer is known to its end. */
  get told(): boolean {
    return this.#log.closed;
  }

  /** What its answer takes, as far as it is known. */
  get bytes(): number {
    const { body } = this.#whole ?? {};
    return this.#log.bytes + (body === undefined ? 0 : Buffer.byteLength(JSON.stringify(body)));
  }

  get canBeJoined(): boolean {
    return this.#log.isWhole && !this.#alone.signal.aborted;
  }

  /** Whether a repetition without a key is one of this run: its client must have given this run up. */
  isRepeatedBy({ tries = 0, client }: Repetition): boolean {
    if (tries <= this.#tries || client !== this.repetition.client || !this.canBeJoined) return false;
    return this.#waiting === 0 || performance.now() - this.#began >= (this.repetition.timeoutMs ?? Infinity);
  }

  /** One more waits for the answer, whose request was sent so often before. */
  arrive(tries = 0): void {
    clearTimeout(this.#hold);
    this.#hold = undefined;
    this.#waiting += 1;
    this.#tries = Math.max(this.#tries, tries);
  }

  /** One of them is gone, and may come back within so many milliseconds; 0: it will not. */
  leave(waitMs: number): void {
    this.#waiting -= 1;
    if (this.#waiting > 0) return;
    if (waitMs <= 0) this.giveUp();
    else {
      this.#hold = setTimeout(() => this.giveUp(), waitMs);
      this.#hold.unref();
    }
  }

  /** Stops waiting for whoever may come back; with somebody there, nothing happens. */
  giveUp(): void {
    if (this.#waiting > 0) return;
    clearTimeout(this.#hold);
    this.#onForgotten();
    // A run that has told its end may still be at work on what it leaves behind.
    if (!this.told) this.#alone.abort(new ClientGone());
  }

  /** It can no longer be joined, but its key is still taken. */
  dropAnswer(): void {
    this.#log.drop();
    this.#whole = undefined;
  }

  read(): LogReader {
    return this.#log.read();
  }

  whole(status: number, body: unknown, headers: Readonly<Record<string, string>>): void {
    const part = { type: 'whole', status, body, headers: { ...this.#headers(), ...headers } } as const;
    this.#whole = part;
    this.#finish(part);
  }

  begin(keepAliveData?: () => string): void {
    void this.#log.append({ type: 'begun', headers: this.#headers(), keepAliveData });
    // Who has the head of a stream does not ask again, unless by a key.
    if (this.repetition.key === undefined && this.#waiting > 0) this.#log.drop();
  }

  frames(text: string): Promise<void> {
    return this.#log.append({ type: 'frames', text });
  }

  /** A repetition of what failed is a new try, unless the agent had acted. */
  fail({ cause }: Pick<WireError, 'cause'>): void {
    if (!(cause instanceof TurnError && cause.agentActed)) this.#onForgotten();
  }

  end(): void {
    this.#log.close();
  }

  /** The answer is told by others, to anybody. */
  tellElsewhere(answer: Extract<AnswerPart, { type: 'elsewhere' }>['answer']): void {
    this.#finish({ type: 'elsewhere', answer });
  }

  /** The request failed; nothing happens where its client was told an answer. */
  refuse(error: WireError): void {
    if (this.told) return;
    this.fail(error);
    this.whole(error.status, error.toBody(), errorHeaders(error));
  }

  #finish(part: AnswerPart): void {
    void this.#log.append(part);
    this.#log.close();
  }
}
