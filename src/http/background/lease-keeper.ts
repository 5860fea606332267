import type { Logger } from 'pino';
import type { Lease, ResponseStore } from '../../storage/index.ts';

export interface LeaseKeeperOptions {
  readonly responses: Pick<ResponseStore, 'renew'>;
  /** Names this server among those that share the database. */
  readonly workerId: string;
  /** How long a run stays this server's without a word from it. */
  readonly leaseMs: number;
  readonly logger: Logger;
}

/** A run that this server has. */
export interface Hold {
  /** Whether the lease lasts long enough to write; else it is renewed first, and lost where that fails. */
  secure(): Promise<boolean>;
  release(): void;
}

interface Held {
  until: number;
  readonly onLost: () => void;
}

/** Keeps the leases of all runs of this server for as long as they are held. */
export class LeaseKeeper implements AsyncDisposable {
  readonly workerId: string;
  readonly #options: LeaseKeeperOptions;
  readonly #held = new Map<string, Held>();
  readonly #timer: NodeJS.Timeout;
  #renewing: Promise<void> = Promise.resolve();

  constructor(options: LeaseKeeperOptions) {
    this.workerId = options.workerId;
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#renewing = this.#renewing.then(() => this.#renewAll());
    }, options.leaseMs / 3);
    this.#timer.unref();
  }

  get leaseMs(): number {
    return this.#options.leaseMs;
  }

  newLease(): Lease {
    return { workerId: this.workerId, until: Date.now() + this.leaseMs };
  }

  /** Renews a run's lease, which has just begun, until the hold is released. `onLost` is told once. */
  hold(id: string, onLost: () => void): Hold {
    const held: Held = { until: Date.now() + this.leaseMs, onLost };
    this.#held.set(id, held);
    return {
      secure: async () => {
        if (this.#held.get(id) !== held) return false;
        if (Date.now() < held.until - this.leaseMs / 3) return true;
        return this.#renew(id, held);
      },
      release: () => {
        if (this.#held.get(id) === held) this.#held.delete(id);
      },
    };
  }

  /** Looks at once whether a run is still this server's, and tells its holder where it is not. */
  async check(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held !== undefined) await this.#renew(id, held);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
  }

  async #renewAll(): Promise<void> {
    for (const [id, held] of [...this.#held]) {
      if (this.#held.get(id) !== held) continue;
      try {
        await this.#renew(id, held);
      } catch (error) {
        this.#options.logger.warn({ err: error, response: id }, 'the lease of a run could not be renewed');
      }
    }
  }

  async #renew(id: string, held: Held): Promise<boolean> {
    const now = Date.now();
    const renewed = await this.#options.responses.renew(id, this.workerId, now, this.leaseMs);
    if (renewed) {
      held.until = now + this.leaseMs;
      return true;
    }
    // Whoever released it meanwhile has ended it himself.
    if (this.#held.get(id) === held) {
      this.#held.delete(id);
      held.onLost();
    }
    return false;
  }
}
