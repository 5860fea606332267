import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { hashSync } from '@node-rs/bcrypt';
import SqliteDatabase from 'better-sqlite3';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compiledServer } from '../support/compiled-server.ts';
import { ConsoleClient } from '../support/console-client.ts';
import {
  makeOriginalDatabase,
  originalKey,
  originalLog,
  originalQuestion,
  originalSecret,
  originalUser,
} from '../support/original-database.ts';
import { temporaryDirectory, testEnvironment } from '../support/start-app.ts';
import { type ServerProcess, startServer } from '../support/start-server.ts';
import { say, startUpstream, type Upstream } from '../support/upstream.ts';

const keyId = 'c0ffee00-0000-4000-8000-000000000001';
const oldLog = 'c0ffee00-0000-4000-8000-00000000000a';
const requests = 1500;
const env = { RECORD_DETAIL: 'full' };

let upstream: Upstream;
let directory: string;
let data: string;
let file: string;
let server: ServerProcess | undefined;

beforeAll(async () => {
  upstream = await startUpstream();
  directory = await temporaryDirectory();
  data = path.join(directory, 'data');
  file = path.join(data, 'webui.sqlite');
  // As expensive as the original's own; several, so that there is time to be killed in.
  const password_hash = hashSync('correct horse', 12);
  makeOriginalDatabase(file, {
    keys: [
      originalKey({ id: keyId }),
      originalKey({ key: originalSecret('b'), name: 'old phone', is_active: 0 }),
    ],
    users: ['admin', 'ann', 'bob', 'eve'].map((name) => originalUser(name, '', { password_hash })),
    logs: [
      originalLog({
        id: oldLog,
        api_key_id: keyId,
        timestamp: '2025-03-01T10:00:00.000Z',
        request_body: originalQuestion('What was it that I asked long ago?'),
      }),
      ...Array.from({ length: requests - 1 }, () => originalLog({ endpoint: '/v1/models', method: 'GET' })),
    ],
    configuration: { requireOpenAiKey: 'true' },
  });
});
afterAll(async () => {
  await server?.stop('SIGKILL');
  await upstream[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

function backups(): string[] {
  return readdirSync(data).filter((name) => name.includes('before-upgrade'));
}

function inFile<Result>(name: string, work: (database: SqliteDatabase.Database) => Result): Result {
  const database = new SqliteDatabase(name);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

test('a server that is killed while it upgrades the original’s database leaves it as it was', async () => {
  const child = spawn(process.execPath, [await compiledServer()], {
    cwd: directory,
    env: { ...testEnvironment(directory, upstream), ...env },
    stdio: 'ignore',
  });
  const exited = once(child, 'exit');
  await expect.poll(() => backups().length, { timeout: 45_000, interval: 2 }).toBe(1);
  child.kill('SIGKILL');
  await exited;
  expect(backups()).toEqual([expect.stringMatching(/\.unfinished$/)]);
  const keys = inFile(file, (database) => database.prepare('select key from api_keys').pluck().all());
  expect(keys).toEqual([originalSecret('a'), originalSecret('b')]);
});

test('the next one upgrades it: keys work, passwords sign in, logs can be read, and there is a backup', async () => {
  upstream.script(() => say('Still here.'));
  server = await startServer({ upstream, directory, env });
  const { origin, baseUrl } = server;
  expect(server.output()).toContain(`Took over 2 API keys`);
  expect(server.output()).toContain(`Took over ${requests} records of requests`);

  const ask = (apiKey: string) =>
    new OpenAI({ baseURL: baseUrl, apiKey, maxRetries: 0 }).chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Are you there?' }],
    });
  expect((await ask(originalSecret('a'))).choices[0]?.message.content).toBe('Still here.');
  await expect(ask(originalSecret('b'))).rejects.toMatchObject({ status: 401 });
  await expect(ask('sk-anything')).rejects.toMatchObject({ status: 401 });

  await expect(ConsoleClient.signIn(origin, 'incorrect horse')).rejects.toMatchObject({ status: 401 });
  const admin = await ConsoleClient.signIn(origin, 'correct horse');
  const { items: keys } = await admin.call('listKeys');
  expect(keys.map(({ name, state }) => [name, state]).toSorted()).toEqual([
    ['laptop', 'active'],
    ['old phone', 'inactive'],
  ]);

  const key = `key_${keyId.replaceAll('-', '')}`;
  const old = { key, to: Date.UTC(2025, 3) };
  const { items: records } = await admin.call('listRecords', { query: old });
  expect(records).toMatchObject([{ id: oldLog, keyName: 'laptop', status: 200, outputTokens: 7 }]);
  expect(await admin.call('getRecord', { params: { id: oldLog } })).toEqual(records[0]);
  const detail = await admin.call('getRecordDetail', { params: { id: oldLog } });
  expect(JSON.stringify(detail.request)).toContain('What was it that I asked long ago?');
  expect(await admin.call('recordStatus')).toMatchObject({ oldestAt: records[0]?.startedAt });

  const [backup = '', ...others] = backups();
  expect(others).toEqual([]);
  const found = inFile(path.join(data, backup), (database) => [
    database.pragma('integrity_check', { simple: true }),
    database.prepare('select count(*) from request_logs').pluck().get(),
    database.prepare('select count(*) from api_keys').pluck().get(),
  ]);
  expect(found).toEqual(['ok', requests, 2]);
  expect(await server.stop('SIGTERM')).toBe(0);
});
