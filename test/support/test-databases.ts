import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase } from '../../src/storage/index.ts';
// Brings the type of what the global set-up provides.
import type {} from './postgres.ts';

/** A database of its own, for one test. Disposing of it deletes it; close connections first. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
}

interface DatabaseKind {
  readonly kind: 'sqlite' | 'postgres';
  readonly create: () => Promise<TestDatabase>;
}

/** Both kinds of database, for `describe.each`: with the schema of today, which takes longest to make, and no rows. */
export const testDatabases: readonly DatabaseKind[] = [
  { kind: 'sqlite', create: createSqlite },
  { kind: 'postgres', create: createPostgres },
];

/** Both kinds of database without a schema. */
export const emptyDatabases: readonly DatabaseKind[] = [
  { kind: 'sqlite', create: createEmptySqlite },
  { kind: 'postgres', create: () => createPostgresFrom('template1') },
];

let sqliteTemplate: Promise<Buffer> | undefined;
let postgresTemplate: Promise<string> | undefined;
let postgresServer: pg.Pool | undefined;

async function createSqlite(): Promise<TestDatabase> {
  sqliteTemplate ??= makeSqliteTemplate();
  const bytes = await sqliteTemplate;
  const database = await createEmptySqlite();
  await mkdir(path.dirname(database.url));
  await writeFile(database.url, bytes);
  return database;
}

async function createEmptySqlite(): Promise<TestDatabase> {
  const directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-sqlite-'));
  return {
    url: path.join(directory, 'data', 'test.sqlite'),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true }),
  };
}

/** The bytes of a file with the schema. */
async function makeSqliteTemplate(): Promise<Buffer> {
  await using template = await createEmptySqlite();
  // Closed again, it is one file.
  await (await openDatabase(template.url))[Symbol.asyncDispose]();
  return await readFile(template.url);
}

async function createPostgres(): Promise<TestDatabase> {
  postgresTemplate ??= makePostgresTemplate();
  return createPostgresFrom(await postgresTemplate);
}

/** The name of a database with the schema; it goes with the server. */
async function makePostgresTemplate(): Promise<string> {
  const { url } = await createPostgresFrom('template1');
  await (await openDatabase(url, { poolSize: 1 }))[Symbol.asyncDispose]();
  return new URL(url).pathname.slice(1);
}

async function createPostgresFrom(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  const server = connectToServer();
  await server.query(`create database ${name} template ${template}`);
  const url = new URL(inject('postgresUrl'));
  url.pathname = `/${name}`;
  return {
    url: url.href,
    [Symbol.asyncDispose]: async () => {
      // Not "force": a test that leaves a connection open shall fail.
      await server.query(`drop database ${name}`);
    },
  };
}

/** The connections of this process to the server itself. */
function connectToServer(): pg.Pool {
  if (postgresServer === undefined) {
    const connectionString = inject('postgresUrl');
    if (connectionString === undefined) {
      throw new Error("vitest.config.ts must have globalSetup: ['test/support/postgres.ts']");
    }
    postgresServer = new pg.Pool({ connectionString, max: 2, allowExitOnIdle: true });
    // An idle one may end with the server.
    postgresServer.on('error', () => {});
  }
  return postgresServer;
}
