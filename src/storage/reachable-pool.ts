import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import { describeDriverError, StorageError } from './storage-error.ts';

/** What is used of a pool of `pg`. */
interface Pool {
  connect(): Promise<PoolClient>;
  end(): Promise<void>;
}

interface PoolClient extends PostgresPoolClient {
  on(event: 'error', listener: (error: Error) => void): unknown;
  release(destroy?: boolean): void;
}

/**
 * A pool whose failures to reach the database have a name, StorageError `unreachable`, and whose broken connections are
 * not handed out again. `onLost` is told when one breaks while it is in use.
 */
export function reachablePool(pool: Pool, onLost: (error: Error) => void): PostgresPool {
  // Kysely remembers clients, so that each has to stay the same.
  const known = new WeakMap<PoolClient, ReachableClient>();
  return {
    connect: async () => {
      const client = await connect(pool);
      const reachable = known.get(client) ?? new ReachableClient(client, onLost);
      known.set(client, reachable);
      return reachable;
    },
    end: () => pool.end(),
  };
}

/** The same pool as libraries ask it that bring their own queries: its failures have the same names. */
export function askablePool(pool: PostgresPool): {
  query(asked: { readonly text: string; readonly values: readonly unknown[] }): Promise<object>;
} {
  return {
    query: async ({ text, values }) => {
      const client = await pool.connect();
      try {
        return await client.query(text, values);
      } finally {
        client.release();
      }
    },
  };
}

/** Whatever keeps a connection from being made, there is none. */
async function connect(pool: Pool): Promise<PoolClient> {
  try {
    return await pool.connect();
  } catch (error) {
    throw unreachable(error);
  }
}

class ReachableClient implements PostgresPoolClient {
  readonly #client: PoolClient;
  #broken = false;

  constructor(client: PoolClient, onLost: (error: Error) => void) {
    this.#client = client;
    // The pool listens to idle connections only. Without a listener, one that breaks in use would end the process.
    client.on('error', (error: Error) => {
      this.#broken = true;
      onLost(error);
    });
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(asked: string | PostgresCursor<R>, parameters: readonly unknown[] = []) {
    return typeof asked === 'string' ? this.#run<R>(asked, parameters) : this.#client.query(asked);
  }

  release(): void {
    this.#client.release(this.#broken);
  }

  async #run<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    try {
      return await this.#client.query<R>(sql, parameters);
    } catch (error) {
      if (!isConnectionLost(error)) throw error;
      this.#broken = true;
      throw unreachable(error);
    }
  }
}

/** Connection exceptions, an end by the operator, and a server that starts: appendix A of PostgreSQL's manual. */
const lostStates = /^(?:08...|57P0[1235])$/;
const lostSockets = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string')
    return lostStates.test(error.code) || lostSockets.has(error.code);
  // The driver's own, without a code.
  return /^Connection terminated|^Client has encountered a connection error/.test(error.message);
}

function unreachable(error: unknown): StorageError {
  return new StorageError(
    'unreachable',
    `The database does not answer: ${describeDriverError(error)}`,
    error,
  );
}
