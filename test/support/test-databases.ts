import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
// Brings the type of what the global set-up provides.
import type {} from './postgres.ts';

/** An empty database of its own, for one test. Disposing of it deletes it; close connections first. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

/** Both kinds of database, for `describe.each`. */
export const testDatabases: readonly {
  readonly kind: 'sqlite' | 'postgres';
  readonly create: () => Promise<TestDatabase>;
}[] = [
  { kind: 'sqlite', create: createSqlite },
  { kind: 'postgres', create: createPostgres },
];

async function createSqlite(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'claudecode-api-sqlite-'));
  return {
    url: join(directory, 'data', 'test.sqlite'),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

async function createPostgres(): Promise<TestDatabase> {
  const serverUrl = inject('postgresUrl');
  if (serverUrl === undefined) {
    throw new Error("vitest.config.ts must have globalSetup: ['test/support/postgres.ts']");
  }
  const name = `test_${randomBytes(8).toString('hex')}`;
  await runAlone(serverUrl, `create database ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    // Not "force": a test that leaves a connection open shall fail.
    [Symbol.asyncDispose]: () => runAlone(serverUrl, `drop database ${name}`),
  };
}

async function runAlone(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
