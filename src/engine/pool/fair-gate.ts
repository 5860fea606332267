import { TurnError } from '../../turn/index.ts';

export interface GateBounds {
  /** Most turns at once. */
  readonly capacity: number;
  /** Most turns that wait. */
  readonly limit: number;
}

/**
 * Lets a bounded number of turns run at once. Those that wait are let in owner by owner, so that one owner's
 * burst does not hold up another; too many waiting are turned away.
 */
export class FairGate {
  #capacity: number;
  #limit: number;
  #inside = 0;
  #waitingCount = 0;
  /** In the order in which owners have their turn. */
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor({ capacity, limit }: GateBounds) {
    this.#capacity = capacity;
    this.#limit = limit;
  }

  /** From now on; who runs or waits already goes on doing so. */
  configure({ capacity, limit }: GateBounds): void {
    this.#capacity = capacity;
    this.#limit = limit;
    while (this.#inside < this.#capacity && this.#waitingCount > 0) {
      this.#inside++;
      this.#admitNext();
    }
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waitingCount;
  }

  /**
   * Waits for a place. Returns the function that gives it back.
   * @throws TurnError `queue_full` when too many wait; the signal's reason when it aborts.
   */
  async enter(owner: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#inside < this.#capacity) this.#inside++;
    else await this.#wait(owner, signal);
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#leave();
    };
  }

  async #wait(owner: string, signal: AbortSignal): Promise<void> {
    if (this.#waitingCount >= this.#limit)
      throw new TurnError(
        'queue_full',
        `The server runs ${this.#inside} turns and ${this.#waitingCount} wait already; try again shortly.`,
        { retryAfterSeconds: 2 },
      );
    await new Promise<void>((resolve, reject) => {
      const admit = (): void => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const abort = (): void => {
        this.#forget(owner, admit);
        reject(signal.reason);
      };
      signal.addEventListener('abort', abort, { once: true });
      const queue = this.#waiting.get(owner) ?? [];
      queue.push(admit);
      this.#waiting.set(owner, queue);
      this.#waitingCount++;
    });
  }

  #leave(): void {
    if (this.#waitingCount === 0 || this.#inside > this.#capacity) this.#inside--;
    else this.#admitNext();
  }

  /** Gives a place that is counted already to who has waited longest, owner by owner. */
  #admitNext(): void {
    const next = this.#waiting.entries().next().value;
    if (next === undefined) return;
    const [owner, [admit]] = next;
    if (admit === undefined) return;
    const queue = this.#forget(owner, admit);
    if (queue.length > 0) {
      // Behind the other owners.
      this.#waiting.delete(owner);
      this.#waiting.set(owner, queue);
    }
    admit();
  }

  #forget(owner: string, admit: () => void): (() => void)[] {
    const queue = (this.#waiting.get(owner) ?? []).filter((other) => other !== admit);
    if (queue.length === 0) this.#waiting.delete(owner);
    else this.#waiting.set(owner, queue);
    this.#waitingCount--;
    return queue;
  }
}
