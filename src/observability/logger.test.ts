import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger, type LoggerOptions } from './logger.ts';
import { openLogFiles } from './open-log-files.ts';

class Output extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY = false) {
    super();
    this.isTTY = isTTY;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }

  get lines(): Record<string, unknown>[] {
    return this.text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  }
}

let directory: string;
let output: Output;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'claudecode-api-logs-'));
  output = new Output();
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const open = (options: Partial<LoggerOptions> = {}) =>
  createLogger({
    level: 'info',
    environment: 'test',
    logDirectory: join(directory, 'logs'),
    output,
    ...options,
  });

const readLogs = (folder = join(directory, 'logs')) =>
  readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('');

describe('the logger', () => {
  it('writes JSON lines from its level on', async () => {
    await using log = await open({ level: 'warn' });
    log.logger.info('too quiet');
    log.logger.warn({ turn: 7 }, 'slow');
    expect(output.lines).toEqual([
      { level: 40, time: expect.any(Number), pid: process.pid, turn: 7, msg: 'slow' },
    ]);
  });

  it('writes nothing where it is silent', async () => {
    await using log = await open({ level: 'silent' });
    log.logger.fatal('unheard');
    expect(output.text).toBe('');
  });

  it('is readable on a terminal in development', async () => {
    output = new Output(true);
    await using log = await open({ environment: 'development' });
    log.logger.info({ turn: 7 }, 'hello');
    expect(output.text).toMatch(/INFO.*hello/);
    expect(output.text).not.toContain('"msg"');
    expect(output.text).toContain('turn');
  });

  it('writes JSON in development where the output is no terminal', async () => {
    await using log = await open({ environment: 'development' });
    log.logger.info('hello');
    expect(output.lines).toMatchObject([{ msg: 'hello' }]);
  });

  it.each(['development', 'test'] as const)('makes no files in %s', async (environment) => {
    await using log = await open({ environment });
    log.logger.info('hello');
    await log.flush();
    expect(existsSync(join(directory, 'logs'))).toBe(false);
  });
});

describe('the logger in production', () => {
  it('writes the same lines to the output and to a file of the day', async () => {
    await using log = await open({ environment: 'production' });
    for (let index = 0; index < 1000; index++) log.logger.info({ index }, 'line');
    await log.flush();
    expect(output.lines).toHaveLength(1000);
    expect(readLogs()).toBe(output.text);
    const [name] = readdirSync(join(directory, 'logs'));
    expect(name).toMatch(/^server\.\d{4}-\d{2}-\d{2}\.1\.log$/);
    expect(statSync(join(directory, 'logs', name ?? '')).mode & 0o777).toBe(0o600);
  });

  it('has written everything when it is closed, and goes on with the output alone', async () => {
    const log = await open({ environment: 'production' });
    for (let index = 0; index < 1000; index++) log.logger.info({ index }, 'line');
    await log[Symbol.asyncDispose]();
    const file = readLogs();
    expect(file).toBe(output.text);
    log.logger.info('straggler');
    await log.flush();
    await log[Symbol.asyncDispose]();
    expect(output.text).toContain('straggler');
    expect(readLogs()).toBe(file);
  });

  it('does not start where the directory cannot be made', async () => {
    writeFileSync(join(directory, 'logs'), 'in the way');
    await expect(open({ environment: 'production' })).rejects.toThrow(/EEXIST/);
  });

  it('begins a new file where one is full, and keeps a few', async () => {
    const file = await openLogFiles(join(directory, 'logs'), { size: '1k', count: 3 });
    const line = `${'x'.repeat(1100)}\n`;
    for (let index = 0; index < 8; index++) {
      file.write(line);
      await new Promise((resolve) => file.flush(resolve));
      await sleep(30);
    }
    expect(readdirSync(join(directory, 'logs')).length).toBeLessThanOrEqual(3);
    expect(readdirSync(join(directory, 'logs')).join(' ')).toMatch(/\.8\.log|\.9\.log/);
    file.end();
  });
});

describe('secrets', () => {
  it.each([
    [{ authorization: 'hush-hush' }],
    [{ req: { headers: { authorization: 'hush-hush', 'x-api-key': 'hush-hush', cookie: 'hush-hush' } } }],
    [{ res: { headers: { 'set-cookie': 'hush-hush' } } }],
    [{ headers: { 'proxy-authorization': 'hush-hush' } }],
    [{ apiKey: 'hush-hush' }],
    [{ user: { password: 'hush-hush' } }],
    [{ config: { secrets: { databaseUrl: 'hush-hush' } } }],
    [{ url: 'postgres://api:hush-hush@db/api' }],
    [{ err: new Error('401 for Bearer hush-hush-hush') }],
    [{ deep: { deeper: { deepest: ['Authorization: Basic hush-hush'] } } }],
    [{ env: { ANTHROPIC_API_KEY: 'sk-ant-hush-hush' } }],
  ])('do not get out: %j', async (fields) => {
    await using log = await open({ environment: 'production' });
    log.logger.info(fields, 'with sk-hush-hush in the text');
    await log.flush();
    expect(output.lines).toHaveLength(1);
    expect(output.text).not.toContain('hush');
    expect(output.text).toContain('[redacted]');
    expect(readLogs()).toBe(output.text);
  });

  it('are not seen in ordinary texts', async () => {
    await using log = await open();
    const text = 'task-management at http://localhost:3000/a@b, bearer of news, 12:30@noon';
    log.logger.info({ text }, text);
    expect(output.lines).toMatchObject([{ text, msg: text }]);
  });
});
