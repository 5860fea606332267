import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { emptyDatabases, type TestDatabase } from '../../test/support/test-databases.ts';
import { migrations } from './migrations/index.ts';
import { type Database, openDatabase } from './open-database.ts';
import { ResponseStore } from './responses/response-store.ts';
import { StorageError } from './storage-error.ts';
import { items, newResponse } from './testing/two-servers.ts';
import { DatabaseTranscriptStore } from './transcript-store.ts';

async function failure(opening: Promise<Database>): Promise<StorageError> {
  try {
    await (await opening)[Symbol.asyncDispose]();
  } catch (error) {
    if (error instanceof StorageError) return error;
    throw error;
  }
  throw new Error('the database was opened');
}

async function tableNames({ kysely }: Database): Promise<string[]> {
  const tables = await kysely.introspection.getTables();
  return tables.map((table) => table.name).toSorted();
}

const ourTables = [
  'analytics',
  'api_keys',
  'audit_log',
  'budget_alerts',
  'change_versions',
  'container_files',
  'containers',
  'conversation_items',
  'conversation_points',
  'conversation_workspaces',
  'conversations',
  'default_views',
  'files',
  'items',
  'key_spending',
  'profiles',
  'rate_limits',
  'record_days',
  'request_details',
  'request_logs',
  'response_events',
  'response_items',
  'response_runs',
  'responses',
  'run_leases',
  'saved_views',
  'settings',
  'settings_history',
  'share_links',
  'transcript_entries',
  'transcript_sessions',
  'webui_recovery_codes',
  'webui_sessions',
  'webui_users',
];

describe.each(emptyDatabases)('openDatabase with $kind', ({ kind, create }) => {
  let place: TestDatabase;
  beforeEach(async () => {
    place = await create();
  });
  afterEach(() => place[Symbol.asyncDispose]());

  it('makes the schema in an empty database', async () => {
    await using database = await openDatabase(place.url);
    expect(database.kind).toBe(kind);
    expect(await tableNames(database)).toEqual(ourTables);
    await expect(database.ping()).resolves.toBeUndefined();
  });

  it('leaves what is there when it opens a database again', async () => {
    {
      await using database = await openDatabase(place.url);
      await database.kysely
        .insertInto('transcript_sessions')
        .values({
          id: 's',
          owner: 'o',
          parent_session_id: null,
          parent_entry_uuid: null,
          created_at: 1,
          updated_at: 2,
        })
        .execute();
    }
    await using database = await openDatabase(place.url);
    const sessions = await database.kysely.selectFrom('transcript_sessions').selectAll().execute();
    expect(sessions).toEqual([
      { id: 's', owner: 'o', parent_session_id: null, parent_entry_uuid: null, created_at: 1, updated_at: 2 },
    ]);
  });

  it('lets several servers start at once', async () => {
    const opened = await Promise.all(
      Array.from({ length: 5 }, () => openDatabase(place.url, { poolSize: 2 })),
    );
    try {
      for (const database of opened) expect(await tableNames(database)).toEqual(ourTables);
    } finally {
      for (const database of opened) await database[Symbol.asyncDispose]();
    }
  });

  it('gives numbers for times, beyond 32 bits too', async () => {
    await using database = await openDatabase(place.url);
    const time = Date.UTC(2100, 0, 1);
    const { rows } = await sql<{ n: number }>`select cast(${time} as bigint) as n`.execute(database.kysely);
    expect(rows).toEqual([{ n: time }]);
  });

  it('no longer answers a ping once it is closed', async () => {
    const database = await openDatabase(place.url);
    await database[Symbol.asyncDispose]();
    await expect(database.ping()).rejects.toThrow();
  });

  it('applies new migrations to an older database', async () => {
    await (await openDatabase(place.url))[Symbol.asyncDispose]();
    const next = {
      up: (db: Kysely<unknown>) => db.schema.createTable('later').addColumn('id', 'text').execute(),
    };
    await using database = await openDatabase(place.url, {
      migrations: { ...migrations, '999-later': next },
    });
    expect(await tableNames(database)).toEqual(['later', ...ourTables].toSorted());
  });

  it('brings a database of the first version up to date, and leaves what is in it', async () => {
    const { '001-transcripts': first } = migrations;
    if (first === undefined) throw new Error('no first migration');
    const point = { sessionId: 's', entryUuid: 'e' };
    {
      await using database = await openDatabase(place.url, { migrations: { '001-transcripts': first } });
      const tables = await tableNames(database);
      expect(tables).toEqual(['conversation_points', 'transcript_entries', 'transcript_sessions']);
      const transcripts = new DatabaseTranscriptStore(database);
      await transcripts.createSession({ id: 's', owner: 'ann' });
      await transcripts.appendEntries('s', [{ type: 'user', uuid: 'e' }]);
      await transcripts.savePoint('ann', 'print', point);
    }
    await using database = await openDatabase(place.url);
    expect(await tableNames(database)).toEqual(ourTables);
    const transcripts = new DatabaseTranscriptStore(database);
    expect(await transcripts.findPoint('ann', ['print'])).toEqual({ ...point, fingerprint: 'print' });
    expect(await transcripts.loadEntries('ann', point)).toEqual([{ type: 'user', uuid: 'e' }]);
    const responses = new ResponseStore(database);
    await responses.create(newResponse('r1'), items('a'));
    expect(await responses.findItems('ann', ['a'])).toHaveProperty('size', 1);
  });

  it('refuses a database from a newer version', async () => {
    const next = { up: async () => {} };
    const newer = await openDatabase(place.url, { migrations: { ...migrations, '999-later': next } });
    await newer[Symbol.asyncDispose]();
    const error = await failure(openDatabase(place.url));
    expect(error.code).toBe('newer_database');
    expect(error.message).toContain('it has 999-later');
  });

  it('leaves the database as it was where a migration fails', async () => {
    const broken = {
      up: async (db: Kysely<unknown>) => {
        await db.schema.createTable('half_done').addColumn('id', 'text').execute();
        throw new Error('no further');
      },
    };
    const error = await failure(
      openDatabase(place.url, { migrations: { ...migrations, '999-broken': broken } }),
    );
    expect(error.code).toBe('migration_failed');
    expect(error.message).toBe('The migration 999-broken failed: no further');
    const before = await openDatabase(place.url);
    try {
      expect(await tableNames(before)).toEqual(ourTables);
    } finally {
      await before[Symbol.asyncDispose]();
    }
  });
});

describe('openDatabase with a SQLite file', () => {
  const sqlite = emptyDatabases.find(({ kind }) => kind === 'sqlite');
  let place: TestDatabase;
  beforeEach(async () => {
    if (sqlite === undefined) throw new Error('no SQLite');
    place = await sqlite.create();
  });
  afterEach(() => place[Symbol.asyncDispose]());

  it('makes it readable for this user alone', async () => {
    await using _database = await openDatabase(place.url);
    expect(statSync(place.url).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(place.url)).mode & 0o777).toBe(0o700);
  });

  it('sets it up for one writer and many readers, and for foreign keys', async () => {
    await using database = await openDatabase(place.url);
    const pragma = async (name: string) =>
      Object.values((await sql.raw<object>(`pragma ${name}`).execute(database.kysely)).rows[0] ?? {});
    expect(await pragma('journal_mode')).toEqual(['wal']);
    expect(await pragma('synchronous')).toEqual([1]);
    expect(await pragma('foreign_keys')).toEqual([1]);
    expect(await pragma('busy_timeout')).toEqual([0]);
  });

  it('tells which file is not a database', async () => {
    mkdirSync(dirname(place.url));
    writeFileSync(place.url, 'not a database at all\n'.repeat(100));
    chmodSync(place.url, 0o600);
    const error = await failure(openDatabase(place.url));
    expect(error.code).toBe('unreachable');
    expect(error.message).toBe(`The database ${place.url} cannot be opened: file is not a database`);
  });

  it('tells which folder cannot be made', async () => {
    writeFileSync(dirname(place.url), 'in the way');
    const error = await failure(openDatabase(place.url));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain(place.url);
  });

  it('tells that the disk is full where SQLite has ended a transaction for that', async () => {
    await using database = await openDatabase(place.url);
    const { kysely } = database;
    await sql`pragma max_page_count = 1`.execute(kysely);
    const fill = (bytes: number) =>
      kysely.transaction().execute(async (transaction) => {
        const row = { name: 'p', updated_at: 1, updated_by: 'ann', spec: 'x'.repeat(bytes) };
        await transaction.insertInto('profiles').values(row).execute();
      });
    await expect(fill(10_000_000)).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    await sql`pragma max_page_count = 1000000`.execute(kysely);
    await fill(10_000_000);
    expect(await kysely.selectFrom('profiles').select('name').execute()).toHaveLength(1);
  });
});

describe('openDatabase with a PostgreSQL server', () => {
  it('tells that nobody listens, without the password', async () => {
    const error = await failure(openDatabase('postgres://api:s3cret@127.0.0.1:1/api'));
    expect(error.code).toBe('unreachable');
    expect(error.message).toMatch(
      /^The database postgres:\/\/api@127\.0\.0\.1:1\/api cannot be opened: .*ECONNREFUSED/,
    );
    expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain('s3cret');
  });

  it('tells that it was not let in, without the password', async () => {
    const url = new URL(inject('postgresUrl'));
    url.username = 'nobody_of_that_name';
    url.password = 's3cret';
    const error = await failure(openDatabase(url.href));
    expect(error.code).toBe('unreachable');
    expect(error.message).toContain('authentication failed');
    expect(JSON.stringify([error.message, error.stack, error.cause])).not.toContain('s3cret');
  });

  it('tells which database is missing', async () => {
    const url = new URL(inject('postgresUrl'));
    url.pathname = '/no_such_database';
    const error = await failure(openDatabase(url.href));
    expect(error.message).toContain('database "no_such_database" does not exist');
  });

  it('says so when a connection breaks in the middle, and makes a new one', async () => {
    await using database = await openDatabase(inject('postgresUrl'));
    const breaking = sql`select pg_terminate_backend(pg_backend_pid())`.execute(database.kysely);
    await expect(breaking).rejects.toMatchObject({ name: 'StorageError', code: 'unreachable' });
    await database.ping();
    await expect(sql`select no_such_column`.execute(database.kysely)).rejects.toMatchObject({
      code: '42703',
    });
  });
});
