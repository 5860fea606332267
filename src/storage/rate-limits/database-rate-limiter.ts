import { RateLimiterPostgres, type RateLimiterRes, RateLimiterSQLite } from 'rate-limiter-flexible';
import type { Database } from '../open-database.ts';
import { outlastLocks } from '../outlast-locks.ts';
import { storableText } from '../storable-text.ts';

export interface RateLimit {
  /** Most in a window. */
  readonly points: number;
  readonly seconds: number;
}

export interface RateVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the window ends; 0 where none is open. */
  readonly resetMs: number;
}

const forgetEveryMs = 5 * 60_000;

/**
 * Counts in the database with rate-limiter-flexible, so for all servers that share it. A window begins with the first
 * that is counted. The library counts what is refused as well, which shows only where a limit is raised while its
 * window is full: the window then stays so until it ends. Disposing of it ends the forgetting of old windows.
 */
export class DatabaseRateLimiter implements AsyncDisposable {
  readonly #database: Pick<Database, 'kysely' | 'kind' | 'client'>;
  readonly #limiter: RateLimiterPostgres | RateLimiterSQLite;
  readonly #timer: NodeJS.Timeout;
  #forgetting: Promise<void> = Promise.resolve();

  /** @param onError told when old windows could not be forgotten. */
  constructor(database: Pick<Database, 'kysely' | 'kind' | 'client'>, onError: (error: unknown) => void) {
    this.#database = database;
    this.#limiter = createLimiter(database);
    this.#timer = setInterval(() => {
      this.#forgetting = this.forgetEnded(Date.now()).then(undefined, onError);
    }, forgetEveryMs);
    this.#timer.unref();
  }

  /** Counts one more; not allowed where the window was full before. */
  async consume(key: string, { points, seconds }: RateLimit): Promise<RateVerdict> {
    const window = await this.#ask(() =>
      this.#limiter.consume(storableText(key), 1, { customDuration: seconds }),
    );
    return toVerdict(window, points, window.consumedPoints <= points);
  }

  /** How it stands, without counting: whether one more would be allowed. */
  async look(key: string, { points }: RateLimit): Promise<RateVerdict> {
    const window = await this.#ask(() => this.#limiter.get(storableText(key)));
    if (window === null) return { allowed: points > 0, remaining: points, resetMs: 0 };
    return toVerdict(window, points, window.consumedPoints < points);
  }

  /** Ends the window; the next that is counted begins a new one. */
  async forget(key: string): Promise<void> {
    await this.#ask(() => this.#limiter.delete(storableText(key)));
  }

  /** Deletes windows that have ended, which happens every 5 minutes by itself. Returns how many. */
  async forgetEnded(now: number): Promise<number> {
    const { numDeletedRows } = await this.#database.kysely
      .deleteFrom('rate_limits')
      .where('expire', '<=', now)
      .executeTakeFirst();
    return Number(numDeletedRows);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#forgetting;
  }

  /**
   * On SQLite the library works on the connection that Kysely has, past Kysely. It gets it for itself meanwhile, or
   * it would write into whichever transaction is open, and be undone with that.
   */
  #ask<Result>(question: () => Promise<Result>): Promise<Result> {
    const { kind, kysely } = this.#database;
    if (kind === 'postgres') return question();
    return outlastLocks(() => kysely.connection().execute(question));
  }
}

/** One for all limits: it is told the window's length each time, and what is too much is found here. */
function createLimiter({ kind, client }: Pick<Database, 'kind' | 'client'>) {
  const options = {
    storeClient: client,
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: '',
    points: Number.MAX_SAFE_INTEGER,
    duration: 60,
  };
  return kind === 'sqlite'
    ? new RateLimiterSQLite({ ...options, storeType: 'better-sqlite3' })
    : new RateLimiterPostgres({ ...options, storeType: 'pool' });
}

function toVerdict(window: RateLimiterRes, points: number, allowed: boolean): RateVerdict {
  return {
    allowed,
    remaining: Math.max(0, points - window.consumedPoints),
    resetMs: window.msBeforeNext,
  };
}
