import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  hoursAgo,
  makeOriginalDatabase,
  type OriginalContent,
  originalKey,
  originalLog,
  originalQuestion,
  originalSecret,
  originalUser,
} from '../../../test/support/original-database.ts';
import { DatabaseAuditStore } from '../access/audit-store.ts';
import { DatabaseKeyStore } from '../access/key-store.ts';
import { DatabaseSettingsStore } from '../access/settings-store.ts';
import { DatabaseUserStore } from '../access/user-store.ts';
import { openDatabase } from '../open-database.ts';
import { RecordStore } from '../records/record-store.ts';
import type { OriginalUpgrade } from './original-upgrade.ts';
import { upgradeOriginal } from './upgrade-original.ts';

let directory: string;
let file: string;
let lines: string[];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'claudecode-api-original-'));
  file = path.join(directory, 'data', 'webui.sqlite');
  lines = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

const hashKey = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** What the server gives, without its rooms. */
function parts(more: Partial<OriginalUpgrade> = {}): OriginalUpgrade {
  return {
    hashKey,
    renewPassword: async (hash) => (hash.startsWith('$2') ? { hash, mustChange: false } : null),
    completeRecord: (record) => ({ record }),
    chooseSettings: () => ({ settings: {}, remarks: [] }),
    tell: (line) => lines.push(line),
    ...more,
  };
}

const open = (more?: Partial<OriginalUpgrade>) =>
  openDatabase(file, { upgrade: upgradeOriginal(parts(more)) });

function backups(): string[] {
  return readdirSync(path.dirname(file))
    .filter((name) => name.startsWith('webui.sqlite.before-upgrade-'))
    .map((name) => path.join(path.dirname(file), name));
}

/** All rows of a file of the original's. */
function contentOf(name: string): unknown {
  const database = new SqliteDatabase(name, { readonly: true });
  try {
    const tables = ['api_keys', 'request_logs', 'analytics', 'webui_users', 'configuration'];
    return tables.map((table) => database.prepare(`select * from ${table} order by rowid`).all());
  } finally {
    database.close();
  }
}

const usual: OriginalContent = {
  keys: [originalKey()],
  users: [originalUser('admin', 'correct horse')],
  logs: [originalLog()],
  analytics: [{ id: 'a', date: '2026-01-01', metric_type: 'requests', metric_value: 3, metadata: '{}' }],
  configuration: { corsOrigin: '*' },
};

describe('keys', () => {
  test('keep their secret, terms and times', async () => {
    const [created, used] = [hoursAgo(500), hoursAgo(3)];
    const terms = { description: 'for work', expires_at: '2099-05-01T10:00:00.000Z', rate_limit: 25 };
    const id = '01234567-89AB-4cde-8f01-23456789abcd';
    makeOriginalDatabase(file, {
      keys: [originalKey({ id, created_at: created, last_used: used, ...terms })],
    });
    await using database = await open();
    const [key, ...others] = await new DatabaseKeyStore(database).list();
    expect(others).toEqual([]);
    expect(key).toMatchObject({
      id: 'key_0123456789ab4cde8f0123456789abcd',
      secretHash: hashKey(originalSecret('a')),
      prefix: 'sk-aaaaaaa',
      name: 'laptop',
      description: 'for work',
      active: true,
      createdAt: Date.parse(created),
      lastUsedAt: Date.parse(used),
      expiresAt: Date.UTC(2099, 4, 1, 10),
    });
    expect(key?.limits).toMatchObject({ requestsPerMinute: 25, tokensPerDay: null });
    expect(key?.permissions).toMatchObject({ models: null, workspace: 'own' });
  });

  test('that are odd are kept as far as they make sense, and counted', async () => {
    makeOriginalDatabase(file, {
      keys: [
        originalKey({ key: originalSecret('1'), is_active: 0 }),
        originalKey({ key: originalSecret('2'), name: ' \u0000\n', expires_at: 'never', created_at: 'once' }),
        originalKey({ key: originalSecret('3'), rate_limit: -1, permissions: '{"models":["gpt-4o"]}' }),
        originalKey({
          key: originalSecret('4'),
          rate_limit: 'many',
          permissions: '{broken',
          is_active: 'true',
        }),
        originalKey({ key: 'short', id: null }),
        originalKey({ key: '' }),
      ],
    });
    await using database = await open();
    const store = new DatabaseKeyStore(database);
    const find = (secret: string) => store.findByHash(hashKey(secret));
    expect(await store.list()).toHaveLength(5);
    expect(await find(originalSecret('1'))).toMatchObject({ active: false, name: 'laptop' });
    expect(await find(originalSecret('2'))).toMatchObject({ name: 'unnamed', expiresAt: null });
    expect((await find(originalSecret('3')))?.limits.requestsPerMinute).toBeNull();
    expect(await find(originalSecret('4'))).toMatchObject({ active: true });
    expect(await find('short')).toMatchObject({
      prefix: 's',
      id: expect.stringMatching(/^key_[0-9a-f]{32}$/),
    });
    expect(lines[1]).toBe(
      'Took over 5 API keys; 1 with an expiry that is no time: they do not expire; ' +
        '2 with a rate limit that is none: they have no limit; ' +
        '2 with permissions, which the original did not enforce: they may do everything; 1 left out, without a key',
    );
  });
});

describe('users', () => {
  test('keep name, role, password and times', async () => {
    const admin = originalUser('admin', 'correct horse', { last_login: hoursAgo(1) });
    const viewer = originalUser('Zoë', 'battery staple', { role: 'viewer', is_active: 0 });
    makeOriginalDatabase(file, { users: [admin, viewer] });
    await using database = await open();
    expect(await new DatabaseUserStore(database).list()).toMatchObject([
      { username: 'admin', passwordHash: admin['password_hash'], role: 'admin', active: true },
      { username: 'Zoë', role: 'viewer', active: false, mustChangePassword: false },
    ]);
  });

  test('of one name in other capitals are told apart, and unknown roles may only look', async () => {
    makeOriginalDatabase(file, {
      users: [
        originalUser('Ann', 'one'),
        originalUser('ann', 'two', { role: 'superuser' }),
        originalUser('ANN', 'three', { password_hash: 'three' }),
        originalUser(' ', 'four'),
      ],
    });
    await using database = await open();
    const users = await new DatabaseUserStore(database).list();
    expect(users.map(({ username, role }) => [username, role])).toEqual([
      ['Ann', 'admin'],
      ['ann-2', 'viewer'],
      ['ANN-3', 'admin'],
    ]);
    expect(users[2]?.passwordHash).not.toContain('three');
    expect(lines[2]).toBe(
      'Took over 3 console users; 1 with a role that is unknown here: they are viewers; ' +
        '2 renamed, since another has the name in other capitals; ' +
        '1 whose password cannot be checked: give them a new one; 1 left out, without a name',
    );
  });
});

describe('logs', () => {
  test('are records that can be listed and opened', async () => {
    const key = originalKey();
    const id = String(key['id']);
    const timestamp = hoursAgo(2);
    makeOriginalDatabase(file, {
      keys: [key],
      logs: [
        originalLog({ id: 'one', timestamp, api_key_id: id }),
        originalLog({
          id: 'two',
          endpoint: '/v1/models/gpt-4o',
          method: 'GET',
          request_body: null,
          model: null,
        }),
      ],
    });
    const bodies: unknown[] = [];
    await using database = await open({
      completeRecord: (record, found) => {
        bodies.push(found);
        const detail = {
          level: 'full' as const,
          requestHeaders: null,
          responseHeaders: null,
          request: 'kept',
          response: null,
          timeline: [],
          truncated: false,
        };
        return { record, detail };
      },
    });
    const store = new RecordStore(database);
    expect((await store.list({}, { limit: 10 })).items).toHaveLength(2);
    expect(await store.get('one')).toMatchObject({
      startedAt: Date.parse(timestamp) - 1500,
      durationMs: 1500,
      endpoint: '/v1/chat/completions',
      method: 'POST',
      status: 200,
      keyId: `key_${id.replaceAll('-', '')}`,
      keyName: 'laptop',
      modelAsked: 'gpt-4o',
      modelUsed: null,
      inputTokens: 12,
      outputTokens: 7,
      client: 'OpenAI/JS 4.20.0',
      address: '::1',
      errorCode: null,
    });
    expect(await store.get('two')).toMatchObject({ endpoint: '/v1/models/*', owner: 'local', keyId: null });
    expect(await store.detail('one')).toMatchObject({ request: 'kept' });
    expect(bodies[0]).toMatchObject({
      request: { model: 'gpt-4o' },
      response: { object: 'chat.completion' },
    });
    expect(await store.storedStatus()).toMatchObject({ storedRows: 2 });
    const stats = await store.stats({
      from: Date.now() - 86_400_000,
      to: Date.now(),
      step: 'hour',
      by: 'total',
    });
    expect(JSON.stringify(stats)).toContain('"requests":2');
  });

  test('that are odd are kept as far as they make sense, and counted', async () => {
    const gone = '01234567-89ab-4cde-8f01-23456789abcd';
    const refused = JSON.stringify({ error: { message: 'No.', type: 'authentication_error' } });
    makeOriginalDatabase(file, {
      logs: [
        originalLog({ id: 'deleted-key', api_key_id: gone }),
        originalLog({ id: 'refused', status_code: 401, response_body: refused, error_message: 'No.' }),
        originalLog({ id: 'broken', request_body: '{"model": "gp', response_body: 'data: [DONE]' }),
        originalLog({ id: 'huge', request_body: originalQuestion('x'.repeat(6_000_000)) }),
        originalLog({ id: 'path', endpoint: '/v1/../etc/passwd', response_time: -4 }),
        originalLog({ id: null, timestamp: '2025-03-01 10:00:00' }),
        originalLog({ timestamp: 'yesterday' }),
        originalLog({ timestamp: '2525-01-01T00:00:00Z' }),
        originalLog({ status_code: 'fine' }),
      ],
    });
    const bodies = new Map<string, unknown>();
    await using database = await open({
      completeRecord: (record, found) => {
        bodies.set(record.id, found);
        return { record };
      },
    });
    const store = new RecordStore(database);
    expect(await store.get('deleted-key')).toMatchObject({
      keyId: `key_${gone.replaceAll('-', '')}`,
      keyName: null,
    });
    expect(await store.get('refused')).toMatchObject({
      errorCode: 'authentication_error',
      errorMessage: 'No.',
    });
    expect(bodies.get('broken')).toEqual({ request: '{"model": "gp', response: 'data: [DONE]' });
    expect(await store.get('broken')).toMatchObject({ inputTokens: 19, outputTokens: 0 });
    expect(await store.get('huge')).not.toBeNull();
    expect(await store.get('path')).toMatchObject({ endpoint: '/v1/{unknown}', durationMs: 0 });
    expect(await store.get('original-6')).toMatchObject({ startedAt: Date.UTC(2025, 2, 1, 10) - 1500 });
    expect(lines[3]).toBe(
      'Took over 6 records of requests; 2 left out, without a time; 1 left out, without a status',
    );
  });
});

test('settings are chosen by what was configured, and by the oldest request', async () => {
  makeOriginalDatabase(file, {
    logs: [originalLog(), originalLog({ timestamp: '2025-03-01T10:00:00.000Z', response_time: 0 })],
    configuration: { requireOpenAiKey: 'true' },
  });
  let found: unknown;
  await using database = await open({
    chooseSettings: (given) => {
      found = given;
      return { settings: { OPENAI_API_KEY_REQUIRED: 'true' }, remarks: ['logLevel was left out'] };
    },
  });
  expect(found).toEqual({
    configuration: new Map([['requireOpenAiKey', 'true']]),
    oldestRequestAt: Date.UTC(2025, 2, 1, 10),
  });
  expect(await new DatabaseSettingsStore(database).list()).toMatchObject([
    { name: 'OPENAI_API_KEY_REQUIRED', value: 'true', changedBy: 'upgrade' },
  ]);
  expect(lines).toContain('Took over 1 settings (OPENAI_API_KEY_REQUIRED=true); logLevel was left out');
});

describe('the file', () => {
  test('has a backup for this user alone, whole and with all rows', async () => {
    makeOriginalDatabase(file, usual);
    chmodSync(file, 0o644);
    const before = contentOf(file);
    await (await open())[Symbol.asyncDispose]();
    const [backup = '', ...others] = backups();
    expect(others).toEqual([]);
    expect(path.basename(backup)).toMatch(/^webui\.sqlite\.before-upgrade-\d{8}T\d{6}Z$/);
    expect(contentOf(backup)).toEqual(before);
    for (const name of [backup, file]) expect(statSync(name).mode & 0o777).toBe(0o600);
    expect(lines.at(-1)).toContain(backup);
    expect(readdirSync(path.dirname(file)).toSorted()).toEqual(['webui.sqlite', path.basename(backup)]);
  });

  test('holds no secret of a key any more, nor of one that was deleted before', async () => {
    makeOriginalDatabase(file, {
      ...usual,
      keys: [originalKey(), originalKey({ key: originalSecret('d') })],
    });
    const original = new SqliteDatabase(file);
    original.pragma('secure_delete = OFF');
    original.prepare('delete from api_keys where key = ?').run(originalSecret('d'));
    original.close();
    expect(readFileSync(file, 'latin1').includes('d'.repeat(64))).toBe(true);
    await (await open())[Symbol.asyncDispose]();
    const bytes = readFileSync(file, 'latin1');
    expect(bytes.includes('a'.repeat(16))).toBe(false);
    expect(bytes.includes('d'.repeat(16))).toBe(false);
  });

  test('is cleaned the next time where the upgrade ended before it was', async () => {
    makeOriginalDatabase(file, usual);
    await (await open())[Symbol.asyncDispose]();
    const left = new SqliteDatabase(file);
    left.exec(`create table scrap (a); insert into scrap values ('${originalSecret('e')}')`);
    left.pragma('secure_delete = OFF');
    left.exec('drop table scrap');
    left.pragma('user_version = 1');
    left.close();
    expect(readFileSync(file, 'latin1').includes('e'.repeat(64))).toBe(true);
    await (await openDatabase(file))[Symbol.asyncDispose]();
    expect(readFileSync(file, 'latin1').includes('e'.repeat(16))).toBe(false);
  });

  test('is upgraded once', async () => {
    makeOriginalDatabase(file, usual);
    await (await open())[Symbol.asyncDispose]();
    lines = [];
    await using database = await open();
    expect(lines).toEqual([]);
    expect(backups()).toHaveLength(1);
    expect(await new DatabaseKeyStore(database).list()).toHaveLength(1);
    const { items } = await new DatabaseAuditStore(database).list({ limit: 10 });
    expect(items).toMatchObject([
      { actor: 'upgrade', action: 'database.upgraded', details: { 'keys taken': 1, 'requests taken': 1 } },
    ]);
  });

  test('is upgraded by one of several servers that start at once', async () => {
    makeOriginalDatabase(file, { ...usual, logs: Array.from({ length: 500 }, () => originalLog()) });
    const opened = await Promise.all(Array.from({ length: 3 }, () => open()));
    try {
      expect(backups()).toHaveLength(1);
      expect(lines.filter((line) => line.startsWith('The upgrade is done'))).toHaveLength(1);
      for (const database of opened)
        expect(await new RecordStore(database).storedStatus()).toMatchObject({ storedRows: 500 });
    } finally {
      for (const database of opened) await database[Symbol.asyncDispose]();
    }
  });

  test('may lack tables that the original had not made yet, and be in the other journal mode', async () => {
    makeOriginalDatabase(file, usual);
    const original = new SqliteDatabase(file);
    original.pragma('journal_mode = WAL');
    original.exec('drop table configuration; drop table analytics');
    original.close();
    await using database = await open();
    expect(await new DatabaseKeyStore(database).list()).toHaveLength(1);
    const [backup = ''] = backups();
    expect(readdirSync(path.dirname(backup)).filter((name) => /before.*-(wal|shm)$/.test(name))).toEqual([]);
  });

  test('is as it was where the upgrade fails, and no backup is left', async () => {
    makeOriginalDatabase(file, usual);
    const before = readFileSync(file);
    const failing = open({
      chooseSettings: () => {
        throw new Error('no further');
      },
    });
    await expect(failing).rejects.toMatchObject({
      code: 'migration_failed',
      message: `The database ${file} of the original project could not be upgraded, and is as it was: no further`,
    });
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(path.dirname(file))).toEqual(['webui.sqlite']);
    await using database = await open();
    expect(await new DatabaseKeyStore(database).list()).toHaveLength(1);
  });
});

describe('a file is refused and left as it was', () => {
  async function refused(opening: ReturnType<typeof openDatabase>): Promise<unknown> {
    const before = readFileSync(file);
    const error = await opening.then(
      (database) => database[Symbol.asyncDispose](),
      (thrown: unknown) => thrown,
    );
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(readdirSync(path.dirname(file))).toEqual(['webui.sqlite']);
    return error;
  }

  test('where it belongs to another program', async () => {
    makeOriginalDatabase(file, {});
    const other = new SqliteDatabase(file);
    other.exec('drop table request_logs; create table notes (id integer primary key)');
    other.close();
    expect(await refused(open())).toMatchObject({
      code: 'foreign_database',
      message:
        `The SQLite file ${file} belongs to another program (its tables: analytics, api_keys, configuration, notes, ` +
        'webui_users). It was left as it is; name another by DATABASE_URL.',
    });
  });

  test('where it is the original’s and nothing is given to upgrade it with', async () => {
    makeOriginalDatabase(file, usual);
    expect(await refused(openDatabase(file))).toMatchObject({
      code: 'original_database',
      message: expect.stringContaining('1 API keys, 1 console users and 1 records of requests'),
    });
  });

  test('where it is damaged', async () => {
    makeOriginalDatabase(file, { ...usual, logs: Array.from({ length: 300 }, () => originalLog()) });
    const bytes = readFileSync(file);
    bytes.fill(0x5a, bytes.length - 20_000, bytes.length - 8_000);
    writeFileSync(file, bytes);
    expect(await refused(open())).toMatchObject({
      code: 'damaged_database',
      message: expect.stringContaining(`The SQLite file ${file} is damaged (`),
    });
  });
});
