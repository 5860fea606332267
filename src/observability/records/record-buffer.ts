import type { Logger } from 'pino';
import { outsideRequests } from '../request-context.ts';
import { pause } from './pause.ts';
import type { KeptRecord, RecordStore } from './ports.ts';
import { type QueuedRecord, type QueueLimits, RecordQueue } from './record-queue.ts';

export interface RecordBufferOptions extends Partial<QueueLimits> {
  readonly store: RecordStore;
  readonly logger: Pick<Logger, 'warn'>;
  /** How long records are gathered before they are written. Times are milliseconds. */
  readonly flushMs?: number;
  readonly batchRows?: number;
  /** Of details, in one batch. */
  readonly batchBytes?: number;
  /** The wait after a failure; it doubles with each, up to the most. */
  readonly retryMs?: number;
  readonly mostRetryMs?: number;
  /** How long the end waits for what is left to be written. */
  readonly closeMs?: number;
}

export interface RecordBufferStatus {
  readonly waiting: number;
  readonly written: number;
  /** Rows that were lost. */
  readonly dropped: number;
  /** Details that were lost, of rows that were kept or not. */
  readonly droppedDetails: number;
  readonly lastError: string | null;
}

const megabyte = 1024 * 1024;
/** A record that fails alone so often, while others are written, is at fault itself. */
const mostFailures = 5;

/**
 * Writes records behind the requests' backs: in batches, one at a time. A database that fails is tried again, while
 * records wait as long as there is room.
 */
export class RecordBuffer implements AsyncDisposable {
  readonly #store: RecordStore;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #queue: RecordQueue;
  readonly #flushMs: number;
  readonly #batchRows: number;
  readonly #batchBytes: number;
  readonly #retryMs: number;
  readonly #mostRetryMs: number;
  readonly #closeMs: number;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #inWriting = 0;
  /** Rows of the next batch: fewer after a failure, so that one bad record is found. */
  #nextRows: number;
  #failures = 0;
  #written = 0;
  #lastError: string | null = null;
  #closed = false;

  constructor(options: RecordBufferOptions) {
    const { mostRows = 10_000, mostBytes = 64 * megabyte } = options;
    this.#store = options.store;
    this.#logger = options.logger;
    this.#queue = new RecordQueue({ mostRows, mostBytes });
    this.#flushMs = options.flushMs ?? 250;
    this.#batchRows = options.batchRows ?? 200;
    this.#batchBytes = options.batchBytes ?? 4 * megabyte;
    this.#retryMs = options.retryMs ?? 250;
    this.#mostRetryMs = options.mostRetryMs ?? 30_000;
    this.#closeMs = options.closeMs ?? 5_000;
    this.#nextRows = this.#batchRows;
  }

  /** Takes a record to be written soon. Neither waits nor throws. `detailBytes`: what its detail takes. */
  add(kept: KeptRecord, detailBytes = 0): void {
    const record = { kept, detailBytes, failures: 0, writtenBefore: 0 };
    if (this.#closed) {
      this.#queue.drop([record]);
      return;
    }
    this.#queue.add(record);
    if (this.#writing === undefined) this.#goOn();
  }

  /** Takes a record whose detail was lost for want of time. */
  addWithoutDetail(record: KeptRecord['record']): void {
    this.#queue.countLostDetail();
    this.add({ record });
  }

  status(): RecordBufferStatus {
    return {
      waiting: this.#queue.length + this.#inWriting,
      written: this.#written,
      dropped: this.#queue.droppedRows,
      droppedDetails: this.#queue.droppedDetails,
      lastError: this.#lastError,
    };
  }

  /** Writes what is left, as far as that is done in a while; the rest is dropped. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), this.#closeMs);
    while (this.#queue.length + this.#inWriting > 0 && !limit.signal.aborted) {
      this.#write();
      await Promise.race([this.#writing, pause(this.#closeMs, limit.signal)]);
      if (this.#failures > 0) await pause(this.#retryMs, limit.signal);
    }
    clearTimeout(timer);
    limit.abort();
    clearTimeout(this.#timer);
    const left = this.#queue.take(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
    this.#queue.drop(left);
    const lost = left.length + this.#inWriting;
    if (lost > 0) this.#logger.warn({ lost }, 'the last request records could not be written in time');
  }

  #schedule(ms: number): void {
    if (this.#timer !== undefined) return;
    outsideRequests(() => {
      this.#timer = setTimeout(() => this.#write(), ms).unref();
    });
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing !== undefined) return;
    const batch = this.#queue.take(this.#nextRows, this.#batchBytes);
    if (batch.length === 0) return;
    this.#inWriting = batch.length;
    this.#writing = outsideRequests(() => this.#writeBatch(batch));
  }

  async #writeBatch(batch: readonly QueuedRecord[]): Promise<void> {
    try {
      await this.#store.write(batch.map(({ kept }) => kept));
      this.#written += batch.length;
      this.#failures = 0;
      this.#nextRows = Math.min(this.#batchRows, this.#nextRows * 2);
    } catch (error) {
      this.#onFailure(batch, error);
    }
    this.#inWriting = 0;
    this.#writing = undefined;
    if (this.#queue.length > 0 && !this.#closed) this.#goOn();
  }

  #goOn(): void {
    if (this.#failures > 0) this.#schedule(this.#backOff());
    else if (this.#queue.length >= this.#batchRows) this.#write();
    else this.#schedule(this.#flushMs);
  }

  #onFailure(batch: readonly QueuedRecord[], error: unknown): void {
    if (this.#failures === 0) this.#logger.warn({ err: error }, 'request records could not be written');
    this.#failures += 1;
    this.#lastError = error instanceof Error ? error.message.slice(0, 500) : 'unknown';
    this.#nextRows = Math.max(1, Math.floor(batch.length / 4));
    const [only, ...others] = batch;
    if (only === undefined || others.length > 0) this.#queue.putBack(batch);
    else this.#setAside(only);
  }

  /** A single record that fails goes behind the others. */
  #setAside(record: QueuedRecord): void {
    record.failures += 1;
    if (record.failures === 1) record.writtenBefore = this.#written;
    const isAtFault = record.failures >= mostFailures && this.#written > record.writtenBefore;
    if (!isAtFault) {
      this.#queue.add(record);
      return;
    }
    this.#queue.drop([record]);
    this.#failures = 0;
  }

  #backOff(): number {
    return Math.min(this.#mostRetryMs, this.#retryMs * 2 ** Math.min(20, this.#failures - 1));
  }
}
