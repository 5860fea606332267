import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLogger, type LoggerOptions } from './logger.ts';
import { openLogFile } from './open-log-files.ts';
import { outsideRequests, withRequestId } from './request-context.ts';

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

const readLog = (name: 'combined' | 'error' = 'combined') =>
  readFileSync(join(directory, 'logs', `${name}.log`), 'utf8');

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

describe('the level', () => {
  it('changes while the logger is in use', async () => {
    await using log = await open({ level: 'warn' });
    log.logger.debug('unheard');
    log.setLevel('debug');
    log.logger.debug('heard');
    log.setLevel('silent');
    log.logger.fatal('unheard');
    expect(output.lines).toMatchObject([{ msg: 'heard' }]);
  });
});

describe('a line of a request', () => {
  it('has its id by itself, whatever goes on beside it', async () => {
    await using log = await open();
    const work = async (): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      log.logger.info({ turn: 7 }, 'inside');
      outsideRequests(() => log.logger.info('loop'));
      log.logger.info({ requestId: 'req_told' }, 'told');
    };
    await Promise.all([withRequestId('req_1', work), withRequestId('req_2', work)]);
    log.logger.info('outside');
    expect(output.lines.map(({ msg, requestId }) => [msg, requestId])).toEqual([
      ['inside', 'req_1'],
      ['loop', undefined],
      ['told', 'req_told'],
      ['inside', 'req_2'],
      ['loop', undefined],
      ['told', 'req_told'],
      ['outside', undefined],
    ]);
  });
});

describe('what clients say', () => {
  const hostile =
    '\u001b[2J\u001b]0;title\u0007\u009b31m\u202egnp\r\n[12:00:00.000] INFO: a forged line\n{"level":30,"msg":"forged"}';

  it('makes no line of its own, and nothing that a terminal obeys', async () => {
    await using log = await open({ environment: 'production' });
    log.logger.info({ path: hostile, [hostile]: 1, err: new Error(hostile) }, hostile);
    await log.flush();
    expect(output.lines).toHaveLength(1);
    expect(output.lines[0]).toMatchObject({ msg: hostile, path: hostile });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(output.text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202e]/);
    expect(readLog()).toBe(output.text);
  });

  it('does not steer the terminal of a developer', async () => {
    output = new Output(true);
    await using log = await open({ environment: 'development' });
    log.logger.info(
      { path: hostile, deep: [{ [hostile]: hostile }], [hostile]: 1, err: new Error(hostile) },
      hostile,
    );
    // Colours are the printer's own; nothing else is.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    const plain = output.text.replace(/\u001b\[(?:3[0-9]|9[0-7]|4[0-9])m/g, '');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    expect(plain).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    const lines = plain.split('\n').filter((line) => line !== '');
    expect(lines[0]).toContain('INFO');
    expect(lines.slice(1).filter((line) => !line.startsWith('    '))).toEqual([]);
  });
});

describe('the logger in production', () => {
  const names = () => readdirSync(join(directory, 'logs')).sort();

  it('writes the same lines to the output and to a file of the day, which has a plain name, too', async () => {
    await using log = await open({ environment: 'production' });
    for (let index = 0; index < 1000; index++) log.logger.info({ index }, 'line');
    await log.flush();
    expect(output.lines).toHaveLength(1000);
    expect(readLog()).toBe(output.text);
    expect(names()).toEqual([
      expect.stringMatching(/^combined\.\d{4}-\d{2}-\d{2}\.1\.log$/),
      'combined.log',
      expect.stringMatching(/^error\.\d{4}-\d{2}-\d{2}\.1\.log$/),
      'error.log',
    ]);
    expect(readlinkSync(join(directory, 'logs', 'combined.log'))).toBe(names()[0]);
    expect(statSync(join(directory, 'logs', 'combined.log')).mode & 0o777).toBe(0o600);
  });

  it('has errors in a file of their own as well', async () => {
    await using log = await open({ environment: 'production', level: 'debug' });
    log.logger.debug('detail');
    log.logger.error('trouble');
    log.logger.warn('hint');
    log.logger.child({ part: 'x' }).fatal('end');
    log.logger.info('on');
    await log.flush();
    const told = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).msg);
    expect(told(readLog('error'))).toEqual(['trouble', 'end']);
    expect(told(readLog())).toEqual(['detail', 'trouble', 'hint', 'end', 'on']);
  });

  it('has written everything when it is closed, and goes on with the output alone', async () => {
    const log = await open({ environment: 'production' });
    for (let index = 0; index < 1000; index++) log.logger.info({ index }, 'line');
    await log[Symbol.asyncDispose]();
    const file = readLog();
    expect(file).toBe(output.text);
    log.logger.error('straggler');
    await log.flush();
    await log[Symbol.asyncDispose]();
    expect(output.text).toContain('straggler');
    expect(readLog()).toBe(file);
    expect(readLog('error')).toBe('');
  });

  it('goes on with the file of the day after a restart, and keeps a real file that has the name', async () => {
    const first = await open({ environment: 'production' });
    first.logger.info('one');
    await first[Symbol.asyncDispose]();
    rmSync(join(directory, 'logs', 'error.log'));
    writeFileSync(join(directory, 'logs', 'error.log'), 'of an older server');
    const second = await open({ environment: 'production' });
    second.logger.info('two');
    await second[Symbol.asyncDispose]();
    expect(readLog()).toBe(output.text);
    expect(readFileSync(join(directory, 'logs', 'error.log.old'), 'utf8')).toBe('of an older server');
    expect(lstatSync(join(directory, 'logs', 'error.log')).isSymbolicLink()).toBe(true);
  });

  it('does not start where the directory cannot be made', async () => {
    writeFileSync(join(directory, 'logs'), 'in the way');
    await expect(open({ environment: 'production' })).rejects.toThrow(/EEXIST/);
  });

  it('begins a new file where one is full, keeps a few, and the plain name follows', async () => {
    const file = await openLogFile(join(directory, 'logs'), 'combined', { size: '1k', count: 3 });
    const line = `${'x'.repeat(1100)}\n`;
    for (let number = 2; number <= 9; number++) {
      file.write(line);
      await vi.waitFor(() =>
        expect(readlinkSync(join(directory, 'logs', 'combined.log'))).toMatch(
          new RegExp(`\\.${number}\\.log$`),
        ),
      );
    }
    await vi.waitFor(() => expect(names().length).toBeLessThanOrEqual(4));
    expect(names()).toContain('combined.log');
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
    [{ deep: { deeper: { deepest: [{ currentPassword: 'hush "quoted\\" hush' }] } } }],
    [{ body: '{"user":"a","newPassword": "hush-hush"}' }],
    [{ text: 'The key:\nsk-ant-hush-hush\tBearer hush-hush-hush' }],
    [{ headers: { 'x-csrf-token': 'hush-hush' } }],
  ])('do not get out: %j', async (fields) => {
    await using log = await open({ environment: 'production' });
    log.logger.info(fields, 'with sk-hush-hush in the text');
    await log.flush();
    expect(output.lines).toHaveLength(1);
    expect(output.text).not.toContain('hush');
    expect(output.text).toContain('[redacted]');
    expect(readLog()).toBe(output.text);
    expect(JSON.stringify(log.tail())).not.toContain('hush');
  });

  it('are not seen in ordinary texts', async () => {
    await using log = await open();
    const text = 'task-management at http://localhost:3000/a@b, bearer of news, 12:30@noon';
    log.logger.info({ text }, text);
    expect(output.lines).toMatchObject([{ text, msg: text }]);
  });
});
