import { rm } from 'node:fs/promises';
import path from 'node:path';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type App, createApp } from '../../src/app/index.ts';
import type { KeyLimits } from '../../src/contract/index.ts';
import {
  done,
  forever,
  type ScriptedEngine,
  type Step,
  says,
  scriptedEngine,
  started,
  text,
} from '../../src/http/testing/scripted-engine.ts';
import { noUsage, type TurnEvent } from '../../src/turn/index.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { temporaryDirectory } from '../support/start-app.ts';
import { type TestDatabase, testDatabases } from '../support/test-databases.ts';

interface Server {
  readonly app: App;
  readonly engine: ScriptedEngine;
  readonly origin: string;
}

/** The whole server but for Claude Code, twice, on one database. */
describe.each(testDatabases)('two servers on $kind', ({ create }) => {
  let directory: string;
  let database: TestDatabase;
  let servers: readonly [Server, Server];
  let admin: ConsoleClient;
  let script: () => Iterable<Step>;
  let open = (): void => {};

  async function serve(name: string): Promise<Server> {
    const engine = scriptedEngine(() => script());
    const variables = {
      NODE_ENV: 'test',
      PORT: '0',
      LOG_LEVEL: 'silent',
      HOME: directory,
      DATA_DIR: path.join(directory, name),
      WORKSPACE_ROOT: path.join(directory, `${name}-workspace`),
      DATABASE_URL: database.url,
      SESSION_SECRET: 'a secret that both servers share with each other',
      ANTHROPIC_API_KEY: 'sk-ant-test',
    };
    const app = await createApp({ variables }, { engine });
    return { app, engine, origin: await app.listen() };
  }

  beforeEach(async () => {
    script = () => says('ok');
    directory = await temporaryDirectory();
    database = await create();
    const first = await serve('first');
    servers = [first, await serve('second')];
    admin = await ConsoleClient.signIn(first.origin);
  });

  afterEach(async () => {
    open();
    await Promise.all(servers.map(({ app }) => app.close({ graceMs: 0 })));
    await database[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  });

  /** A key, and a way to ask either server with it. */
  async function makeKey(limits: Partial<KeyLimits> = {}) {
    const { key, secret } = await admin.call('createKey', { body: { name: 'test', limits } });
    const ask = (server: number) => {
      const baseURL = `${servers[server % 2]?.origin}/v1`;
      const client = new OpenAI({ baseURL, apiKey: secret, maxRetries: 0 });
      return client.chat.completions
        .create({ model: 'sonnet', messages: [{ role: 'user', content: 'Hi' }] })
        .then(
          () => 200,
          ({ status, code }: { status: number; code: string }) => `${status} ${code}`,
        );
    };
    return { id: key.id, ask };
  }

  const fifty = <Result>(ask: (index: number) => Result): Result[] =>
    Array.from({ length: 50 }, (_, index) => ask(index));
  const runs = () => servers.flatMap(({ engine }) => engine.runs);
  const running = () => runs().filter(({ ended }) => !ended).length;

  /** Holds runs back until `open`. */
  function gate(): Step {
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    return () => opened;
  }

  test('let in exactly as many of 50 requests as a minute may have', async () => {
    const { ask } = await makeKey({ requestsPerMinute: 20 });
    const answers = await Promise.all(fifty(ask));
    expect(answers.filter((answer) => answer === 200)).toHaveLength(20);
    expect(answers.filter((answer) => answer === '429 rate_limit_exceeded')).toHaveLength(30);
    expect(runs()).toHaveLength(20);
  });

  test('let run exactly as many of 50 requests as may run at once', async () => {
    const held = gate();
    script = () => [started, held, text('ok'), done];
    const { ask } = await makeKey({ concurrentRuns: 7 });
    const answers: unknown[] = [];
    const asked = fifty((index) => ask(index).then((answer) => answers.push(answer)));
    await vi.waitFor(() => expect(answers).toHaveLength(43), { timeout: 15_000 });
    expect(new Set(answers)).toEqual(new Set(['429 rate_limit_exceeded']));
    expect(running()).toBe(7);
    open();
    await Promise.all(asked);
    expect(answers.filter((answer) => answer === 200)).toHaveLength(7);
    expect(await Promise.all([0, 1, 2].map(ask))).toEqual([200, 200, 200]);
  });

  test('let one run of the key spend the last, and end those that wait at the same server', async () => {
    const held = gate();
    // The first has the engine, the others wait for it.
    script = () => (runs().length === 1 ? [started, held, done] : [forever, started, done]);
    const { ask } = await makeKey({ tokensPerDay: 13 });
    const answers = fifty(() => ask(0));
    await vi.waitFor(() => expect(running()).toBe(50), { timeout: 15_000 });
    open();
    const told = await Promise.all(answers);
    expect(told.filter((answer) => answer === 200)).toHaveLength(1);
    expect(told.filter((answer) => answer === '429 insufficient_quota')).toHaveLength(49);
    expect(await ask(1)).toBe('429 insufficient_quota');
  });

  test('end a run when what both have taken is too much, or its key is revoked', async () => {
    const took = (inputTokens: number): TurnEvent => ({
      type: 'usage',
      usage: { ...noUsage, inputTokens, upstreamCalls: 1 },
    });
    const held = gate();
    script = () => [started, took(60), held, took(70), forever];
    const [spent, revoked] = [await makeKey({ tokensPerDay: 130 }), await makeKey()];
    const answers = [spent.ask(0), spent.ask(1), revoked.ask(1)];
    await vi.waitFor(() => expect(runs().map(({ taken }) => taken)).toEqual([2, 2, 2]), { timeout: 15_000 });
    await admin.call('deleteKey', { params: { id: revoked.id } });
    open();
    expect(await Promise.all(answers)).toEqual([
      '429 insufficient_quota',
      '429 insufficient_quota',
      '403 not_allowed',
    ]);
    expect(await revoked.ask(1)).toBe('401 invalid_api_key');
  });
});
