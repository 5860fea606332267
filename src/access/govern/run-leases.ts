import { randomUUID } from 'node:crypto';
import type { ApiKey } from '../../contract/index.ts';
import { TurnError } from '../../turn/index.ts';
import type { RunLeaseStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';

export interface RunLeasesOptions {
  readonly leases: RunLeaseStore;
  readonly now: () => number;
  readonly onProblem: ReportProblem;
}

/** A place among the runs that a key may have at once. Giving it back again does nothing. */
export interface RunPlace {
  release(): Promise<void>;
}

/** A server that went away keeps its places so long. */
const leaseMs = 60_000;

/** The places of all runs of this server, kept for as long as the runs last. */
export class RunLeases {
  readonly #options: RunLeasesOptions;
  readonly #held = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: RunLeasesOptions) {
    this.#options = options;
  }

  /** Null for a key without such a limit. Throws a TurnError where all places are taken. */
  async take({ id: keyId, limits }: Pick<ApiKey, 'id' | 'limits'>): Promise<RunPlace | null> {
    const { leases, now } = this.#options;
    const { concurrentRuns: limit } = limits;
    if (limit === null) return null;
    const runId = randomUUID();
    const at = now();
    if (!(await leases.acquire({ runId, keyId, limit, now: at, expiresAt: at + leaseMs }))) {
      throw new TurnError(
        'key_rate_limited',
        `This API key may have ${limit} ${limit === 1 ? 'run' : 'runs'} at once, and has them now. Try again when one is over.`,
        { retryAfterSeconds: 1 },
      );
    }
    this.#held.add(runId);
    this.#timer ??= this.#startRenewing();
    return { release: () => this.#release(runId) };
  }

  async #release(runId: string): Promise<void> {
    const { leases, onProblem } = this.#options;
    if (!this.#held.delete(runId)) return;
    if (this.#held.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    try {
      await leases.release(runId);
    } catch (error) {
      onProblem('the place of a run could not be given back; it ends by itself', error);
    }
  }

  #startRenewing(): NodeJS.Timeout {
    const { leases, now, onProblem } = this.#options;
    const timer = setInterval(() => {
      leases.renew([...this.#held], now() + leaseMs).catch((error: unknown) => {
        onProblem('the places of the runs could not be renewed', error);
      });
    }, leaseMs / 3);
    timer.unref();
    return timer;
  }
}
