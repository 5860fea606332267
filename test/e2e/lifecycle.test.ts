import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import OpenAI from 'openai';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, temporaryDirectory } from '../support/start-app.ts';
import {
  commandOf,
  killAll,
  parentOf,
  processesWith,
  type ServerProcess,
  startServer,
} from '../support/start-server.ts';
import {
  call,
  lastResults,
  lastUserText,
  say,
  startUpstream,
  text,
  type Upstream,
} from '../support/upstream.ts';

const patience = { timeout: 20_000, interval: 50 };
/** What is stopped there is stopped in the sandbox, where there is one. */
const sandboxed = { SANDBOX: 'auto' };

let upstream: Upstream;
let directory: string;

beforeAll(async () => {
  upstream = await startUpstream();
});
afterAll(() => upstream[Symbol.asyncDispose]());
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(() => rm(directory, { recursive: true, force: true, maxRetries: 5 }));

/** Every process of the server's agents carries its data directory's home in its environment. */
function agents(): number[] {
  return processesWith(`HOME=${directory}\0`).filter((pid) => pid !== server?.child.pid);
}

/** Those that are Claude Code, without the helpers and commands that it started. */
function engines(): number[] {
  return agents().filter((pid) => commandOf(pid).split('\0')[0]?.endsWith('claude'));
}

let server: ServerProcess | undefined;

function client(baseURL: string): OpenAI {
  return new OpenAI({ baseURL, apiKey: 'sk-test', maxRetries: 0 });
}

/** Starts a shell command that runs for ten minutes and makes a file to show that it runs. */
function scriptLongCommand(): string {
  const started = path.join(directory, 'workspace', 'started');
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say('over')
      : {
          blocks: [
            text('Running.'),
            call('Bash', { command: `touch ${started}; sleep 600`, description: 'x' }),
          ],
        },
  );
  return started;
}

describe('a client that disconnects', () => {
  test('stops the run and the shell command that it started', async () => {
    await using app = await startApp({ upstream, directory, env: sandboxed });
    const started = scriptLongCommand();
    const stream = await app.openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'run' }],
      stream: true,
    });
    await expect.poll(() => existsSync(started), patience).toBe(true);
    await expect.poll(sleeping, patience).toHaveLength(1);
    stream.controller.abort();
    await expect.poll(sleeping, patience).toEqual([]);
    await expect.poll(() => app.app.engineStatus().pool.running, patience).toBe(0);
  });
});

describe('the pool', () => {
  test('turns requests away with 429 and retry-after when its queue is full', async () => {
    await using app = await startApp({
      upstream,
      directory,
      env: { MAX_PROCESSES: '1', WARM_SPARES: '0', QUEUE_LIMIT: '1' },
    });
    let release = (): void => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    upstream.script((request) => ({ ...say(`re: ${lastUserText(request)}`), hold }));
    const ask = (content: string) =>
      app.openai.chat.completions.create({ model: 'model', messages: [{ role: 'user', content }] });
    const first = ask('one');
    await expect.poll(() => app.app.engineStatus().pool.running, patience).toBe(1);
    const second = ask('two');
    await expect.poll(() => app.app.engineStatus().pool.queued, patience).toBe(1);
    const refused = await ask('three').catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
    expect(
      Number((refused as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')),
    ).toBeGreaterThan(0);
    release();
    const answers = await Promise.all([first, second]);
    expect(answers.map((answer) => answer.choices[0]?.message.content)).toEqual(['re: one', 're: two']);
  });

  test('never holds more processes than allowed, and ends idle ones after a while', async () => {
    await using app = await startApp({
      upstream,
      directory,
      env: { MAX_PROCESSES: '2', WARM_SPARES: '0', IDLE_TTL_SECONDS: '1' },
    });
    upstream.script((request) => say(`re: ${lastUserText(request)}`));
    let most = 0;
    const watch = setInterval(() => {
      // Claude Code starts short-lived helpers of its own, which do not count.
      most = Math.max(most, agents().filter((pid) => parentOf(pid) === process.pid).length);
    }, 20);
    await Promise.all(
      Array.from({ length: 6 }, (_, index) =>
        app.openai.chat.completions.create({
          model: 'model',
          messages: [{ role: 'user', content: `conversation ${index}` }],
        }),
      ),
    );
    clearInterval(watch);
    expect(most).toBeLessThanOrEqual(2);
    expect(most).toBeGreaterThan(0);
    await expect.poll(() => agents().length, patience).toBe(0);
  });

  test('notices that a process died and goes on with the conversation in another', async () => {
    await using app = await startApp({ upstream, directory, env: { ...sandboxed, WARM_SPARES: '0' } });
    upstream.script((request) => say(`re: ${lastUserText(request)}`));
    const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [{ role: 'user', content: 'one' }];
    const first = await app.openai.chat.completions.create({ model: 'gpt-4o', messages });
    await expect.poll(() => engines().length, patience).toBe(1);
    killAll(engines());
    await expect.poll(() => app.app.engineStatus().pool.idle, patience).toBe(0);
    await expect.poll(agents, patience).toEqual([]);
    messages.push({ role: 'assistant', content: first.choices[0]?.message.content ?? '' });
    messages.push({ role: 'user', content: 'two' });
    const second = await app.openai.chat.completions.create({ model: 'gpt-4o', messages });
    expect(second.choices[0]?.message.content).toBe('re: two');
  });

  test('tells a client whose process died in the middle of its run', async () => {
    await using app = await startApp({ upstream, directory, env: { WARM_SPARES: '0' } });
    upstream.script(() => ({ ...say('I beg'), hold: new Promise(() => {}) }));
    const stream = await app.openai.chat.completions.create({
      model: 'model',
      messages: [{ role: 'user', content: 'x' }],
      stream: true,
    });
    let seen = '';
    await expect(async () => {
      for await (const chunk of stream) {
        seen += chunk.choices[0]?.delta.content ?? '';
        if (seen === 'I beg') killAll(agents());
      }
    }).rejects.toThrow(OpenAI.APIError);
    expect(seen).toBe('I beg');
  });
});

describe('the server', () => {
  afterEach(async () => {
    await server?.stop('SIGKILL');
    server = undefined;
    killAll(agents());
  });

  test.each(['SIGTERM', 'SIGINT'] as const)('finishes what runs and exits with 0 on %s', async (signal) => {
    server = await startServer({ upstream, directory });
    let release = (): void => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    upstream.script(() => ({ ...say('finished'), hold }));
    const before = upstream.requests.length;
    const running = client(server.baseUrl).chat.completions.create({
      model: 'model',
      messages: [{ role: 'user', content: 'x' }],
    });
    await upstream.received(before + 1);
    const stopped = server.stop(signal);
    setTimeout(release, 300);
    expect((await running).choices[0]?.message.content).toBe('finished');
    expect(await stopped).toBe(0);
    expect(agents()).toEqual([]);
  });

  test('stops what does not finish in time, ends every child process, and exits with 0', async () => {
    server = await startServer({ upstream, directory, env: { ...sandboxed, SHUTDOWN_TIMEOUT_SECONDS: '1' } });
    const started = scriptLongCommand();
    const running = client(server.baseUrl)
      .chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'run' }] })
      .catch((error: unknown) => error);
    await expect.poll(() => existsSync(started), patience).toBe(true);
    expect(await server.stop('SIGTERM')).toBe(0);
    expect(await running).toBeInstanceOf(OpenAI.APIError);
    expect(agents()).toEqual([]);
    expect(sleeping()).toEqual([]);
    expect(temporaryRoots()).toEqual([]);
  });

  test('killed at the worst moment leaves nothing running once it is started again', async () => {
    server = await startServer({ upstream, directory, env: sandboxed });
    const started = scriptLongCommand();
    const running = client(server.baseUrl)
      .chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content: 'run' }] })
      .catch((error: unknown) => error);
    await expect.poll(() => existsSync(started), patience).toBe(true);
    await server.stop('SIGKILL');
    expect(await running).toBeInstanceOf(OpenAI.APIError);
    const orphans = processesWith(`HOME=${directory}\0`);
    server = await startServer({ upstream, directory });
    const left = processesWith(`HOME=${directory}\0`).filter((pid) => orphans.includes(pid));
    expect(left).toEqual([]);
    expect(sleeping()).toEqual([]);
    upstream.script(() => say('back'));
    const answer = await client(server.baseUrl).chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'there?' }],
    });
    expect(answer.choices[0]?.message.content).toBe('back');
    await server.stop('SIGTERM');
    expect(temporaryRoots()).toEqual([]);
  });

  test('killed in the middle of conversations, leaves no copy of them once it is started again', async () => {
    const temporary = path.join(directory, 'tmp');
    mkdirSync(temporary);
    const start = () => startServer({ upstream, directory, env: { TMPDIR: temporary } });
    const ask = (messages: OpenAI.Chat.ChatCompletionMessageParam[]) =>
      client(server?.baseUrl ?? '').chat.completions.create({ model: 'agent', messages });
    server = await start();
    upstream.script(() => say('Agreed.'));
    await ask([{ role: 'user', content: 'The word is Kvikk.' }]);
    await server.stop('SIGKILL');
    expect(copies()).toHaveLength(1);

    server = await start();
    expect(copies()).toEqual([]);
    let release = (): void => {};
    const hold = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked = upstream.requests.length;
    upstream.script(() => ({ ...say('Never heard.'), hold }));
    const unheard = ask([
      { role: 'user', content: 'The word is Kvikk.' },
      { role: 'assistant', content: 'Agreed.' },
      { role: 'user', content: 'Which word?' },
    ]).catch((error: unknown) => error);
    await expect.poll(() => upstream.requests.length, patience).toBeGreaterThan(asked);
    await server.stop('SIGKILL');
    release();
    expect(await unheard).toBeInstanceOf(OpenAI.APIError);
    expect(copies().join()).toContain('claude-resume-');

    server = await start();
    expect(copies()).toEqual([]);
    await server.stop('SIGTERM');
  });

  test('writes no bodies and no keys to its log', async () => {
    server = await startServer({ upstream, directory });
    upstream.script(() => say('a secret answer'));
    await new OpenAI({ baseURL: server.baseUrl, apiKey: 'sk-very-secret' }).chat.completions.create({
      model: 'model',
      messages: [{ role: 'user', content: 'a secret question' }],
    });
    await server.stop('SIGTERM');
    expect(server.output()).toContain('chat/completions');
    for (const secret of ['secret question', 'secret answer', 'sk-very-secret', 'sk-ant-test'])
      expect(server.output()).not.toContain(secret);
  });
});

/** Claude Code's own files of conversations, and the directories that the SDK makes for them. */
function copies(): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.jsonl') || /^tmp\/claude-resume-[^/]*$/.test(name),
  );
}

/** Where the agents of this test's servers have their temporary files. */
function temporaryRoots(): string[] {
  const instance = createHash('sha256').update(path.join(directory, 'data')).digest('hex');
  return readdirSync(tmpdir()).filter((name) => name.startsWith(`cca-${instance.slice(0, 6)}-`));
}

/** The long shell commands of this test's agents. */
function sleeping(): number[] {
  return agents().filter((pid) => commandOf(pid).startsWith('sleep'));
}
