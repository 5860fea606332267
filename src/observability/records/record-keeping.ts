import type { Logger } from 'pino';
import { pause } from './pause.ts';
import type { RecordRetentionStore } from './ports.ts';

export interface RecordKeepingOptions {
  readonly store: RecordRetentionStore;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  /** How long records are kept, in milliseconds, and how many bytes details may take; undefined: no limit. Read anew each time. */
  readonly limits: () => {
    readonly retentionMs?: number | undefined;
    readonly maxBytes?: number | undefined;
  };
  readonly everyMs?: number;
  /** Between two batches, so that requests have their turn at the database. */
  readonly pauseMs?: number;
  readonly batchRows?: number;
  readonly now?: () => number;
}

/** Removes old records in the background, a few at a time. Disposing of it stops it and waits for the batch in progress. */
export class RecordKeeping implements AsyncDisposable {
  readonly #options: RecordKeepingOptions;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: RecordKeepingOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { everyMs = 10 * 60 * 1000 } = this.#options;
    while (!this.#stop.signal.aborted) {
      await this.#removeAll();
      await pause(everyMs, this.#stop.signal);
    }
  }

  async #removeAll(): Promise<void> {
    const { store, limits, now = Date.now, logger } = this.#options;
    try {
      const { retentionMs, maxBytes } = limits();
      const { batchRows = 200 } = this.#options;
      const before = retentionMs === undefined ? undefined : now() - retentionMs;
      const records = await this.#removeInBatches(batchRows, async () =>
        before === undefined ? 0 : store.removeOlderThan(before, batchRows),
      );
      const details = await this.#removeInBatches(batchRows, async () =>
        maxBytes === undefined ? 0 : store.removeDetailsBeyond(maxBytes, batchRows),
      );
      const sums = await this.#removeInBatches(batchRows, () =>
        store.removeOldRollUps(retentionMs ?? null, batchRows),
      );
      if (records + details + sums > 0)
        logger.info({ records, details, sums }, 'removed old request records');
    } catch (error) {
      logger.warn({ err: error }, 'old request records could not be removed');
    }
  }

  async #removeInBatches(batchRows: number, remove: () => Promise<number>): Promise<number> {
    const { pauseMs = 50 } = this.#options;
    for (let all = 0; ; ) {
      if (this.#stop.signal.aborted) return all;
      const removed = await remove();
      all += removed;
      if (removed < batchRows) return all;
      await pause(pauseMs, this.#stop.signal);
    }
  }
}
