import type { Logger } from 'pino';
import type { ResponseEvent, ResponseStore } from '../../storage/index.ts';

export interface EventWriterOptions {
  readonly id: string;
  readonly responses: Pick<ResponseStore, 'appendEvents'>;
  /** Whether this server still has the run. */
  readonly secure: () => Promise<boolean>;
  /** Told when events can be read. */
  readonly onWritten: () => void;
  /** Told when the response has ended or is gone without this writer. */
  readonly onLost: () => void;
  /** Longest time that an event waits for others to be written with. */
  readonly delayMs: number;
  /** Pause before events are tried again that could not be written. */
  readonly retryMs: number;
  readonly logger: Logger;
}

/** A run that is this far ahead of the database waits for it. */
const mostWaiting = 1_000;

/** Appends the events of one run in batches and in order. Nobody is told of an event before it is written. */
export class EventWriter {
  readonly #options: EventWriterOptions;
  #waiting: ResponseEvent[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #over = false;

  constructor(options: EventWriterOptions) {
    this.#options = options;
  }

  /** Rejects where the database takes nothing for so long that too much waits. */
  async add(events: readonly ResponseEvent[]): Promise<void> {
    if (events.length === 0) return;
    this.#waiting.push(...events);
    if (this.#waiting.length > mostWaiting) {
      await this.#queue();
      return;
    }
    this.#schedule(this.#options.delayMs);
  }

  /** What is not written yet, to be stored together with the end. Nothing is written any more. */
  async take(): Promise<readonly ResponseEvent[]> {
    this.#over = true;
    this.#stopTimer();
    await this.#writing;
    return this.#waiting.splice(0);
  }

  #schedule(ms: number): void {
    if (this.#over) return;
    this.#timer ??= setTimeout(() => {
      this.#queue().catch((error: unknown) => {
        const { id, logger, retryMs } = this.#options;
        logger.warn({ err: error, response: id }, 'events could not be stored, and wait for the next try');
        this.#schedule(retryMs);
      });
    }, ms);
  }

  #queue(): Promise<void> {
    this.#stopTimer();
    const written = this.#writing.then(() => this.#write());
    this.#writing = written.catch(() => {});
    return written;
  }

  async #write(): Promise<void> {
    const { id, responses, secure, onWritten, onLost } = this.#options;
    const batch = this.#waiting;
    if (batch.length === 0) return;
    this.#waiting = [];
    try {
      if ((await secure()) && (await responses.appendEvents(id, batch))) onWritten();
      else onLost();
    } catch (error) {
      this.#waiting = [...batch, ...this.#waiting];
      throw error;
    }
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
