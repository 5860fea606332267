import { PostgresDialect } from 'kysely';
import { askablePool, reachablePool } from './reachable-pool.ts';

export interface PostgresOptions {
  /** Most connections at once. */
  readonly poolSize: number;
  readonly connectTimeoutMs: number;
  /** Told when a connection breaks; the pool replaces it by itself. */
  readonly onConnectionLost: (error: Error) => void;
}

const int8 = 20;

/** Connects Kysely with PostgreSQL. The first query makes the first connection. The client asks the pool of them. */
export async function createPostgresDialect(
  url: string,
  options: PostgresOptions,
): Promise<{ dialect: PostgresDialect; client: object }> {
  const { default: pg } = await import('pg');
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize,
    connectionTimeoutMillis: options.connectTimeoutMs,
    application_name: 'claudecode-api',
    keepAlive: true,
    types: {
      // Times and counts are all far below 2^53; pg would give text.
      getTypeParser: ((id, format) =>
        id === int8 ? Number : pg.types.getTypeParser(id, format)) as typeof pg.types.getTypeParser,
    },
  });
  // Without a listener a lost connection would end the process.
  pool.on('error', options.onConnectionLost);
  const reachable = reachablePool(pool, options.onConnectionLost);
  return { dialect: new PostgresDialect({ pool: reachable }), client: askablePool(reachable) };
}
