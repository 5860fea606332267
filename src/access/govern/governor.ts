import type { ApiKey } from '../../contract/index.ts';
import { TurnError } from '../../turn/index.ts';
import { AccessError } from '../access-error.ts';
import { showKey } from '../keys/show-key.ts';
import type { KeyStore, RateLimiter, RunLeaseStore, SpendingStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';
import { type Caller, keyIdOf } from './caller.ts';
import { governEngine, type SpendingListener, type TurnRunner } from './govern-engine.ts';
import { RunLeases } from './run-leases.ts';
import { SpendingBook } from './spending-book.ts';
import { hasSpendingLimits, type Rate, refuseSpent, tokenRate } from './spending-limits.ts';

export interface GovernorOptions {
  readonly keys: Pick<KeyStore, 'get'>;
  readonly spending: SpendingStore;
  readonly leases: RunLeaseStore;
  readonly limiter: RateLimiter;
  /** Told of failures that no answer suffers from. */
  readonly onProblem: ReportProblem;
  /** Told of all that runs spend; it must not throw. */
  readonly onSpent?: SpendingListener;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** How a request stands with the limits of its key. */
export interface Admission {
  /** Null where the key has no such limit. */
  readonly requests: Rate | null;
  /** Of the day's and the month's tokens those of which less is left. */
  readonly tokens: Rate | null;
  /** Why it may not run. */
  readonly refusal: TurnError | null;
}

const noLongerValid = 'The API key of this run is no longer valid.';

/** How long an admission holds for the turns that it lets run. */
const admissionMs = 1_000;

const unlimited: Admission = { requests: null, tokens: null, refusal: null };

/** What the keys may do, and how much. Disposing of it waits for what is still to be written down. */
export class Governor implements AsyncDisposable {
  readonly #keys: Pick<KeyStore, 'get'>;
  readonly #limiter: RateLimiter;
  readonly #book: SpendingBook;
  readonly #leases: RunLeases;
  readonly #onProblem: ReportProblem;
  readonly #onSpent: SpendingListener;
  readonly #now: () => number;
  /** Keys whose requests were admitted just now, the oldest first. */
  readonly #admitted = new Map<string, { readonly key: ApiKey; readonly at: number }>();

  constructor(options: GovernorOptions) {
    const { keys, spending, leases, limiter, onProblem, onSpent = () => {}, now = Date.now } = options;
    this.#keys = keys;
    this.#limiter = limiter;
    this.#onProblem = onProblem;
    this.#onSpent = onSpent;
    this.#now = now;
    this.#book = new SpendingBook({ spending, onProblem, now });
    this.#leases = new RunLeases({ leases, onProblem, now });
  }

  /** Counts a request that starts a run; called once for each. */
  async admit({ key }: Pick<Caller, 'key'>): Promise<Admission> {
    if (key === null) return unlimited;
    const { id, limits } = key;
    const at = this.#now();
    const [requests, spending] = await Promise.all([
      this.#countRequest(key),
      hasSpendingLimits(limits) ? this.#book.read(id) : null,
    ]);
    const tokens = spending && tokenRate(limits, spending, at);
    const refusal = (requests && refuseRate(requests)) ?? (spending && refuseSpent(limits, spending, at));
    if (refusal === null) {
      this.#book.countRequest(id);
      this.#remember(key, at);
    }
    return { requests, tokens, refusal };
  }

  /** Whoever stands behind an owner now. Throws an AccessError where the owner's key is no longer valid. */
  async callerOf(owner: string): Promise<Caller> {
    const keyId = keyIdOf(owner);
    if (keyId === undefined) return { owner, key: null };
    const key = await this.#findKey(keyId);
    if (key === null) throw new AccessError('invalid_key', noLongerValid);
    return { owner, key };
  }

  /** The engine, held to the limits and permissions of the keys: see `governEngine`. */
  govern(engine: TurnRunner): TurnRunner {
    return governEngine(engine, {
      keyOf: (id) => this.#keyOfTurn(id),
      revocationOf: (id) => this.#revocationOf(id),
      leases: this.#leases,
      book: this.#book,
      onSpent: this.#onSpent,
      now: this.#now,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#book[Symbol.asyncDispose]();
  }

  async #countRequest({ id, limits }: ApiKey): Promise<CountedRate | null> {
    const { requestsPerMinute: limit } = limits;
    if (limit === null) return null;
    const { allowed, remaining, resetMs } = await this.#limiter.consume(`rpm:${id}`, {
      points: limit,
      seconds: 60,
    });
    return { limit, remaining, resetMs, allowed };
  }

  /** What was admitted just now is not looked up again. */
  async #keyOfTurn(id: string): Promise<ApiKey> {
    const at = this.#now();
    const admitted = this.#admitted.get(id);
    if (admitted !== undefined && at - admitted.at < admissionMs) return admitted.key;
    const key = await this.#findKey(id);
    if (key === null) throw new TurnError('not_allowed', noLongerValid);
    const { limits } = key;
    const refusal = hasSpendingLimits(limits) ? refuseSpent(limits, await this.#book.read(id), at) : null;
    if (refusal !== null) throw refusal;
    return key;
  }

  async #revocationOf(id: string): Promise<TurnError | null> {
    try {
      return (await this.#findKey(id)) === null ? new TurnError('not_allowed', noLongerValid) : null;
    } catch (error) {
      this.#onProblem('whether the key of a run is still valid could not be looked up', error);
      return null;
    }
  }

  #remember(key: ApiKey, at: number): void {
    for (const [id, admitted] of this.#admitted) {
      if (at - admitted.at < admissionMs) break;
      this.#admitted.delete(id);
    }
    this.#admitted.delete(key.id);
    this.#admitted.set(key.id, { key, at });
  }

  async #findKey(id: string): Promise<ApiKey | null> {
    const stored = await this.#keys.get(id);
    const key = stored && showKey(stored, this.#now());
    return key?.state === 'active' ? key : null;
  }
}

interface CountedRate extends Rate {
  readonly allowed: boolean;
}

function refuseRate({ allowed, limit, resetMs }: CountedRate): TurnError | null {
  if (allowed) return null;
  const retryAfterSeconds = Math.ceil(resetMs / 1000);
  const message = `Rate limit reached: this API key may make ${limit} requests a minute. Try again in ${retryAfterSeconds} s.`;
  return new TurnError('key_rate_limited', message, { retryAfterSeconds });
}
