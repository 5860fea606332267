import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  makeOriginalDatabase,
  type OriginalContent,
  originalLog,
  originalUser,
} from '../../test/support/original-database.ts';
import { createPasswordHasher } from '../access/index.ts';
import { readConfig, type StartEnvironment } from '../config/index.ts';
import { DatabaseSettingsStore, DatabaseUserStore, openDatabase } from '../storage/index.ts';
import { checkDatabase } from './doctor/check-database.ts';
import { originalUpgrade } from './upgrade-original.ts';

let directory: string;
let lines: string[];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'claudecode-api-upgrade-'));
  lines = [];
});
afterEach(() => rmSync(directory, { recursive: true }));

async function upgrade(content: OriginalContent, variables: Readonly<Record<string, string>> = {}) {
  const file = path.join(directory, 'webui.sqlite');
  makeOriginalDatabase(file, content);
  const start: StartEnvironment = {
    variables,
    system: { cwd: directory, cores: 2, memoryBytes: 4 * 1024 ** 3 },
  };
  const config = readConfig(start.variables, start.system);
  const tell = (line: string): number => lines.push(line);
  return openDatabase(file, { upgrade: originalUpgrade({ start, config, secret: 'of the server', tell }) });
}

async function settingsOf(database: Awaited<ReturnType<typeof upgrade>>) {
  const settings = await new DatabaseSettingsStore(database).list();
  return Object.fromEntries(settings.map(({ name, value }) => [name, value]));
}

test('who has the published password gets the one that the server was given, and must change it', async () => {
  const users = [originalUser('admin', 'admin123'), originalUser('ann', 'correct horse')];
  await using database = await upgrade({ users }, { WEBUI_DEFAULT_PASSWORD: 'tell nobody' });
  const [admin, ann] = await new DatabaseUserStore(database).list();
  const hasher = createPasswordHasher();
  expect(admin?.mustChangePassword).toBe(true);
  expect(await hasher.verify('admin123', admin?.passwordHash ?? '')).toBe(false);
  expect(await hasher.verify('tell nobody', admin?.passwordHash ?? '')).toBe(true);
  expect(ann).toMatchObject({ mustChangePassword: false, passwordHash: users[1]?.['password_hash'] });
});

test('the configuration becomes settings, where it fits and the environment says nothing else', async () => {
  const configuration = { requireOpenAiKey: 'true', logLevel: 'debug', corsOrigin: 'not an origin' };
  await using database = await upgrade({ configuration }, { LOG_LEVEL: 'warn' });
  expect(await settingsOf(database)).toEqual({ OPENAI_API_KEY_REQUIRED: 'true' });
  expect(lines).toContain(
    'Took over 1 settings (OPENAI_API_KEY_REQUIRED=true); LOG_LEVEL is as the environment has it; ' +
      'corsOrigin does not fit here and was left out',
  );
});

test('records that are older than records are kept for keep them all', async () => {
  const logs = [originalLog({ timestamp: '2025-03-01T10:00:00.000Z' })];
  await using database = await upgrade({ logs });
  expect(await settingsOf(database)).toEqual({ RECORD_RETENTION_DAYS: '0' });
});

test('nothing is set for records that are kept anyway, nor against the environment', async () => {
  {
    await using database = await upgrade({ logs: [originalLog()] });
    expect(await settingsOf(database)).toEqual({});
  }
  rmSync(path.join(directory, 'webui.sqlite'));
  const logs = [originalLog({ timestamp: '2025-03-01T10:00:00.000Z' })];
  await using database = await upgrade({ logs }, { RECORD_RETENTION_DAYS: '7' });
  expect(await settingsOf(database)).toEqual({});
  expect(lines.join()).toContain(
    'records older than RECORD_RETENTION_DAYS of the environment are deleted soon',
  );
});

test('the doctor says what the start will do, and leaves it to that', async () => {
  const file = path.join(directory, 'webui.sqlite');
  makeOriginalDatabase(file, { users: [originalUser('admin', 'correct horse')] });
  const ping = async (): Promise<void> => {
    await (await openDatabase(file))[Symbol.asyncDispose]();
  };
  expect(await checkDatabase({ kind: 'sqlite', location: file }, ping)).toMatchObject({
    status: 'warning',
    message: expect.stringContaining('The next start of the server upgrades it, after a backup beside it.'),
  });
});
