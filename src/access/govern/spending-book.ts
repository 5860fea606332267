import { setTimeout as sleep } from 'node:timers/promises';
import type { KeySpending, Spending, SpendingStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';

export interface SpendingBookOptions {
  readonly spending: SpendingStore;
  readonly now: () => number;
  readonly onProblem: ReportProblem;
}

/** Pause before what failed is tried once more. */
const retryMs = 1_000;
/** How long a request waits for what it takes to be written with it. */
const countMs = 1_000;

/** What the keys spend. Writing it down never fails anybody's answer. */
export class SpendingBook implements AsyncDisposable {
  readonly #options: SpendingBookOptions;
  readonly #closing = new AbortController();
  /** What is being written beside the answers. */
  readonly #pending = new Set<Promise<unknown>>();
  /** Requests that are not written down yet, by key. */
  readonly #requests = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: SpendingBookOptions) {
    this.#options = options;
  }

  read(keyId: string): Promise<KeySpending> {
    return this.#options.spending.read(keyId, this.#options.now());
  }

  /** The sums with it; null where the database failed: then it is tried once more in the background. */
  async add(keyId: string, { tokens, costUsd }: Omit<Spending, 'requests'>): Promise<KeySpending | null> {
    const { spending, now, onProblem } = this.#options;
    const at = now();
    const spent = { requests: this.#requests.get(keyId) ?? 0, tokens, costUsd };
    this.#requests.delete(keyId);
    try {
      return await spending.add(keyId, at, spent);
    } catch (error) {
      onProblem('what a key has spent could not be written down, and is tried once more', error);
      this.#follow(this.#tryAgain(keyId, at, spent));
      return null;
    }
  }

  /** Counts a request; written down with what it takes, or by itself soon. */
  countRequest(keyId: string): void {
    this.#requests.set(keyId, (this.#requests.get(keyId) ?? 0) + 1);
    this.#timer ??= setTimeout(() => this.#writeRequests(), countMs).unref();
  }

  /** Waits until all is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    this.#writeRequests();
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  #writeRequests(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const keyId of [...this.#requests.keys()]) {
      this.#follow(this.add(keyId, { tokens: 0, costUsd: 0 }));
    }
  }

  async #tryAgain(keyId: string, at: number, spent: Spending): Promise<void> {
    const { spending, onProblem } = this.#options;
    // Whoever closes the book does not wait for the pause.
    await sleep(retryMs, undefined, { signal: this.#closing.signal }).catch(() => {});
    try {
      await spending.add(keyId, at, spent);
    } catch (error) {
      onProblem(`what the key ${keyId} has spent is lost: ${JSON.stringify(spent)}`, error);
    }
  }

  #follow(work: Promise<unknown>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }
}
