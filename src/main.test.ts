import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { compiledServer } from '../test/support/compiled-server.ts';
import { DatabaseTwoFactorStore, DatabaseUserStore, openDatabase } from './storage/index.ts';

let entry: string;
let directory: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  entry = await compiledServer();
});

beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-'));
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

interface Run {
  readonly child: ChildProcess;
  stdout: string;
  stderr: string;
  readonly code: Promise<number | null>;
}

/** The real process in an empty home without any credential. */
function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: directory,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: directory,
      WARM_SPARES: '0',
      IS_SANDBOX: '1',
      ...variables,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  const code = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  const started: Run = { child, stdout: '', stderr: '', code };
  child.stdout.on('data', (chunk) => {
    started.stdout += String(chunk);
  });
  child.stderr.on('data', (chunk) => {
    started.stderr += String(chunk);
  });
  return started;
}

/** In the database of the directory, as a server does it for a user. */
async function turnOnTwoFactor(name: string): Promise<void> {
  await using database = await openDatabase(path.join(directory, 'data', 'webui.sqlite'));
  const user = await new DatabaseUserStore(database).findByName(name);
  const begun = { secret: 'sealed', since: 1, lastStep: 1, recoveryHashes: [] };
  expect(await new DatabaseTwoFactorStore(database).turnOn(user?.id ?? '', begun)).toBe(true);
}

/** Waits for the line that tells clients where to go. */
function baseUrl(server: Run): Promise<string> {
  return vi.waitFor(
    () => {
      const found = /base URL for OpenAI clients is (http:\/\/127\.0\.0\.1:\d+\/v1)/.exec(server.stdout)?.[1];
      expect(found, server.stdout + server.stderr).toBeDefined();
      return found ?? '';
    },
    { timeout: 40_000 },
  );
}

describe('without a server', () => {
  test.each([
    [['--help'], 0, /^Usage: claudecode-api .*--port.*--host.*--env-file.*keys.*users.*doctor/s],
    [['keys', 'create', '--help'], 0, /--name.*--rpm.*--budget-per-month.*--models/s],
    [['--version'], 0, /^\d+\.\d+\.\d+\n$/],
  ])('%j prints and ends', async (args, code, expected) => {
    const ended = run(args);
    expect(await ended.code).toBe(code);
    expect(ended.stdout).toMatch(expected);
  });

  test.each([
    [['--nonsense'], /--nonsense/],
    [['start'], /start/],
    [['--port'], /--port/],
  ])('%j is told in plain lines, with exit code 2', async (args, expected) => {
    const ended = run(args);
    expect(await ended.code).toBe(2);
    expect(ended.stderr).toMatch(expected);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  test('all faults of the configuration are told at once', async () => {
    const ended = run(['--port', 'many'], { QUEUE_LIMIT: '-1', LOG_LEVEL: 'loud' });
    expect(await ended.code).toBe(1);
    for (const name of ['PORT', 'QUEUE_LIMIT', 'LOG_LEVEL']) expect(ended.stderr).toContain(name);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  test('a file of variables that is asked for has to be there', async () => {
    const ended = run(['--env-file', 'nowhere.env']);
    // Node 20 takes the flag for its own, wherever it stands, and refuses by itself with exit code 9.
    expect(await ended.code).toBeOneOf([1, 9]);
    expect(ended.stderr).toMatch(/There is no file nowhere\.env\.|nowhere\.env: not found/);
  });

  test('a database that cannot be opened is told in a plain line', async () => {
    const ended = run([], { DATABASE_URL: directory });
    expect(await ended.code).toBe(1);
    expect(ended.stderr).toContain(directory);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
  });

  test('a port in use is told in a plain line', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const ended = run(['--port', String(port)]);
    expect(await ended.code).toBe(1);
    expect(ended.stderr).toContain(`Port ${port} is in use.`);
    expect(ended.stderr).not.toMatch(/\n\s+at /);
    other.close();
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)('serves, says what is missing, and ends at %s', async (signal) => {
  await writeFile(path.join(directory, 'my.env'), 'PORT=0\nHOST=localhost\nDATA_DIR=elsewhere\n');
  const server = run(['--env-file', 'my.env', '--host', '127.0.0.1']);
  const url = await baseUrl(server);
  expect((await fetch(new URL('/health/live', url))).status).toBe(200);
  await vi.waitFor(() => expect(server.stdout).toMatch(/no credentials.*ANTHROPIC_API_KEY/), {
    timeout: 20_000,
  });
  expect((await fetch(new URL('/health/ready', url))).status).toBe(503);
  // Whoever read its output has gone: its lines are lost, and it goes on.
  server.child.stdout?.destroy();
  for (const path of ['/v1/models', '/v1/models', '/health/live'])
    expect((await fetch(new URL(path, url))).status).toBeOneOf([200, 503]);
  server.child.kill(signal);
  expect(await server.code).toBe(0);
  await expect(fetch(new URL('/health/live', url))).rejects.toThrow();
});

test('a second signal stops the requests that the first one lets finish', async () => {
  let asked = 0;
  // Never answers a question.
  const upstream = createHttpServer((request, response) => {
    if (request.method === 'POST' && request.url?.startsWith('/v1/messages')) asked += 1;
    else response.writeHead(404).end();
  }).listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  const { port } = upstream.address() as AddressInfo;
  const server = run(['--port', '0'], {
    ANTHROPIC_BASE_URL: `http://127.0.0.1:${port}`,
    ANTHROPIC_API_KEY: 'any',
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    SHUTDOWN_TIMEOUT_SECONDS: '3600',
  });
  try {
    const url = await baseUrl(server);
    const body = JSON.stringify({ model: 'sonnet', messages: [{ role: 'user', content: 'Hi' }] });
    const answer = fetch(`${url}/chat/completions`, { method: 'POST', body });
    await vi.waitFor(() => expect(asked).toBeGreaterThan(0), { timeout: 20_000 });
    server.child.kill('SIGTERM');
    await vi.waitFor(() => expect(server.stdout).toContain('Shutting down'), { timeout: 10_000 });
    expect(server.child.exitCode).toBeNull();
    server.child.kill('SIGTERM');
    const response = await answer;
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'server_shutting_down' } });
    expect(await server.code).toBe(0);
  } finally {
    upstream.closeAllConnections();
    upstream.close();
  }
});

test('the command line makes keys and users, lists and revokes them, and examines the machine', async () => {
  const command = async (...args: string[]) => {
    const ended = run(args);
    return { code: await ended.code, stdout: ended.stdout, stderr: ended.stderr };
  };
  const tags = ['--tag', 'ci', '--tag', 'night shift', '--soft-budget-per-day', '2.5'];
  const made = await command('keys', 'create', '--name', 'my key', '--rpm', '5', '--expires', '90d', ...tags);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^sk-[\w-]{43}\n$/) });
  const listed = await command('keys', 'list');
  expect(listed.stdout).toContain('my key');
  expect(listed.stdout).toContain('ci, night shift');
  expect(listed.stdout).toContain(`${made.stdout.slice(0, 10)}…`);
  expect(listed.stdout).not.toContain(made.stdout.trim());
  const described = JSON.parse((await command('keys', 'list', '--json')).stdout);
  expect(described).toMatchObject([
    {
      name: 'my key',
      tags: ['ci', 'night shift'],
      limits: { requestsPerMinute: 5, softBudgetUsdPerDay: 2.5 },
    },
  ]);
  expect(await command('keys', 'revoke', 'my key')).toMatchObject({ code: 0 });
  expect((await command('keys', 'list')).stdout).toContain('There are no API keys');
  expect(await command('keys', 'revoke', 'my key')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('There is no API key my key'),
  });
  expect(await command('keys', 'create', '--name', 'x', '--rpm', '-1')).toMatchObject({ code: 2 });

  expect(await command('users', 'add', 'bob', '--role', 'viewer')).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\S{12,}\n$/),
  });
  await turnOnTwoFactor('bob');
  expect((await command('users', 'list')).stdout).toMatch(/bob\s+viewer\s+active\s+on/);
  expect(await command('users', 'reset-password', 'BOB')).toMatchObject({ code: 0 });
  expect(await command('users', 'add', 'no name')).toMatchObject({ code: 2 });
  expect(await command('users', 'reset-two-factor', 'BOB')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('bob signs in with the password alone'),
  });

  const doctor = await command('doctor', '--json');
  const checks: { name: string; status: string }[] = JSON.parse(doctor.stdout);
  const statusOf = (name: string) => checks.find((check) => check.name === name)?.status;
  // An empty home: nobody has logged in.
  expect(statusOf('Claude credentials')).toBe('failed');
  expect(statusOf('Claude Code')).toBe('ok');
  expect(statusOf('Database')).toBe('ok');
  expect(statusOf('Console passwords')).toBe('warning');
  expect(doctor.code).toBe(1);
}, 120_000);
