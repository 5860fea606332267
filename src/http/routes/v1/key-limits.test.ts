import type { InjectOptions } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { noUsage, type TurnEvent } from '../../../turn/index.ts';
import { forever, type Step, says, started, text } from '../../testing/scripted-engine.ts';
import { type IssuedKey, type KeyServer, startKeyServer } from '../../testing/start-key-server.ts';
import { gate, readFrames } from '../../testing/start-test-server.ts';

/** One for all that need nothing of it but its answers; keys have nothing to do with each other. */
let shared: KeyServer;
beforeAll(async () => {
  shared = await startKeyServer(() => summary);
});
afterAll(async () => {
  await shared[Symbol.asyncDispose]();
});

/** Another for those that write their own script. */
let server: KeyServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(...args: Parameters<typeof startKeyServer>): Promise<KeyServer> {
  server = await startKeyServer(...args);
  return server;
}

const summary: Step[] = says('A summary.');
const chat = { model: 'sonnet', messages: [{ role: 'user', content: 'Hi' }] };
const response = { model: 'sonnet', input: 'Hi' };

/** Every request that starts a run. */
const runs: readonly (readonly [string, string, object])[] = [
  ['chat', '/v1/chat/completions', chat],
  ['a chat stream', '/v1/chat/completions', { ...chat, stream: true }],
  ['a completion', '/v1/completions', { model: 'sonnet', prompt: 'Once' }],
  ['a response', '/v1/responses', response],
  ['a response stream', '/v1/responses', { ...response, stream: true }],
  ['a background response', '/v1/responses', { ...response, background: true }],
  ['a compaction', '/v1/responses/compact', { ...response, input: [{ role: 'user', content: 'Hi' }] }],
  ['a count of input tokens', '/v1/responses/input_tokens', response],
];

function post(url: string, payload: object, { headers }: Pick<IssuedKey, 'headers'>): InjectOptions {
  return { method: 'POST', url, payload, headers };
}

describe.each(runs)('%s', (_, url, payload) => {
  test('tells how it stands with the limits, and is refused over the limit of requests', async () => {
    const { app, issue, turnsOf } = shared;
    const key = await issue({ limits: { requestsPerMinute: 2, tokensPerDay: 1000, tokensPerMonth: 5000 } });
    const first = await app.inject(post(url, payload, key));
    expect(first.statusCode).toBe(200);
    expect(first.headers).toMatchObject({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': '1m0s',
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '1000',
      'x-ratelimit-reset-tokens': expect.stringMatching(/^\d+h\d+m\d+s$|^\d+m\d+s$|^\d+s$/),
    });
    await app.inject(post(url, payload, key));
    await vi.waitFor(() => expect(turnsOf(key)).toHaveLength(2));

    const refused = await app.inject(post(url, payload, key));
    expect(refused.statusCode).toBe(429);
    expect(refused.json().error).toMatchObject({ type: 'rate_limit_error', code: 'rate_limit_exceeded' });
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(refused.headers).toMatchObject({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-limit-tokens': '1000',
    });
    expect(turnsOf(key)).toHaveLength(2);
  });

  test('is refused where the budget is used up', async () => {
    const { app, issue, spending, turnsOf } = shared;
    const key = await issue({ limits: { budgetUsdPerDay: 0.5 } });
    await spending.add(key.key.id, Date.now(), { requests: 1, tokens: 10, costUsd: 0.6 });
    const refused = await app.inject(post(url, payload, key));
    expect(refused.statusCode).toBe(429);
    expect(refused.json().error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
    expect(refused.json().error.message).toContain('$0.5 a day');
    expect(refused.headers['x-should-retry']).toBe('false');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect(turnsOf(key)).toEqual([]);
  });

  test.each([
    ['a model', { models: ['opus'] }, 'sonnet'],
    ['a profile', { profiles: ['gone'] }, /'agent'|'model'/],
  ])('is refused %s that is not allowed', async (_what, permissions, named) => {
    const { app, issue, turnsOf } = shared;
    const key = await issue({ permissions });
    const refused = await app.inject(post(url, payload, key));
    expect(refused.statusCode).toBe(403);
    expect(refused.json().error).toMatchObject({ type: 'permission_error', code: 'not_allowed' });
    expect(refused.json().error.message).toMatch(named);
    expect(turnsOf(key)).toEqual([]);
  });

  test('is held to what the key may do', async () => {
    const { app, issue, turnsOf } = shared;
    const permissions = {
      models: ['claude-sonnet-*'],
      builtInTools: ['Read'],
      permissionMode: 'plan' as const,
      workspace: 'shared' as const,
      defaultProfile: 'agent',
    };
    const key = await issue({ permissions });
    expect((await app.inject(post(url, payload, key))).statusCode).toBe(200);
    await vi.waitFor(() => expect(turnsOf(key)).toHaveLength(1));
    expect(turnsOf(key)[0]?.profile).toMatchObject({
      name: 'agent',
      builtInTools: ['Read'],
      permissionMode: 'plan',
      workspace: 'shared',
    });
  });

  test('needs a key that is right, active and not expired', async () => {
    const { app, issue, keyStore, turnsOf } = shared;
    const key = await issue();
    const wrong = { headers: { authorization: `${key.headers.authorization.slice(0, -1)}_` } };
    const refused = await app.inject(post(url, payload, wrong));
    expect(refused.statusCode).toBe(401);
    expect(refused.json().error).toMatchObject({ type: 'authentication_error', code: 'invalid_api_key' });
    for (const change of [{ active: false }, { active: true, expiresAt: 1 }]) {
      await keyStore.update(key.key.id, change);
      expect((await app.inject(post(url, payload, key))).statusCode).toBe(401);
    }
    expect(turnsOf(key)).toEqual([]);
  });

  test('is charged to the key', async () => {
    const { app, issue, spending } = shared;
    const { key, headers } = await issue({ limits: { tokensPerDay: 1000 } });
    expect((await app.inject(post(url, payload, { headers }))).headers['x-ratelimit-remaining-tokens']).toBe(
      '1000',
    );
    await vi.waitFor(async () =>
      expect((await spending.read(key.id, Date.now())).day).toEqual({
        requests: 1,
        tokens: 13,
        costUsd: 0.001,
      }),
    );
    expect((await app.inject(post(url, payload, { headers }))).headers['x-ratelimit-remaining-tokens']).toBe(
      '987',
    );
  });
});

describe('without a key', () => {
  test('nothing is limited, and no limits are told', async () => {
    const { app, access } = await start(() => summary);
    access.keyRequired = false;
    for (const [, url, payload] of runs) {
      const answer = await app.inject(post(url, payload, { headers: { authorization: 'Bearer anything' } }));
      expect(answer.statusCode).toBe(200);
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
    }
  });

  test('and one is required, nothing is answered', async () => {
    const { app, engine } = await start(() => summary);
    for (const [, url, payload] of runs) {
      const answer = await app.inject({ method: 'POST', url, payload });
      expect(answer.statusCode).toBe(401);
      expect(answer.json().error.message).toContain("You didn't provide an API key");
    }
    expect(engine.runs).toEqual([]);
  });
});

describe('many requests at once', () => {
  test('get in as often as the key allows in a minute: 20 of 50', async () => {
    const { app, issue } = shared;
    const key = await issue({ limits: { requestsPerMinute: 20 } });
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => app.inject(post('/v1/chat/completions', chat, key))),
    );
    expect(answers.filter(({ statusCode }) => statusCode === 200)).toHaveLength(20);
    expect(answers.filter(({ statusCode }) => statusCode === 429)).toHaveLength(30);
  });

  test('run as many at once as the key allows: 3 of 12', async () => {
    const { step, open } = gate();
    let [running, most] = [0, 0];
    const enter = (): void => {
      running += 1;
      most = Math.max(most, running);
    };
    const leave = (): void => {
      running -= 1;
    };
    const { app, issue, engine } = await start(() => [started, enter, step, leave, ...summary.slice(1)]);
    const key = await issue({ limits: { concurrentRuns: 3 } });
    const urls = runs.filter(([name]) => name !== 'a background response').slice(0, 4);
    const asking = Array.from({ length: 3 }, () => urls)
      .flat()
      .map(([, url, payload]) => app.inject(post(url, payload, key)));
    await vi.waitFor(() => expect(engine.runs).toHaveLength(3));
    open();
    const answers = await Promise.all(asking);
    const refused = answers.filter(({ statusCode }) => statusCode === 429);
    expect(refused).toHaveLength(9);
    expect(refused[0]?.json().error.message).toContain('3 runs at once');
    expect(refused[0]?.headers['retry-after']).toBe('1');
    expect(most).toBe(3);
    expect((await app.inject(post('/v1/chat/completions', chat, key))).statusCode).toBe(200);
  });

  test('more choices than the key may have runs are refused for good', async () => {
    const { app, issue } = shared;
    const key = await issue({ limits: { concurrentRuns: 2 } });
    expect((await app.inject(post('/v1/chat/completions', { ...chat, n: 2 }, key))).statusCode).toBe(200);
    expect((await app.inject(post('/v1/chat/completions', { ...chat, n: 3 }, key))).statusCode).toBe(403);
    const prompts = { model: 'sonnet', prompt: ['a', 'b'], n: 2 };
    expect((await app.inject(post('/v1/completions', prompts, key))).statusCode).toBe(403);
  });

  test('of the background wait for their turn', async () => {
    const { step, open } = gate();
    const { app, issue, engine } = await start(() => [started, step, ...summary.slice(1)], {
      backgroundTiming: { retryMs: 5 },
    });
    const key = await issue({ limits: { concurrentRuns: 1 } });
    const ask = async (): Promise<string> =>
      (await app.inject(post('/v1/responses', { ...response, background: true }, key))).json().id;
    const ids = [await ask(), await ask()];
    const status = async (id: string): Promise<unknown> =>
      (await app.inject({ url: `/v1/responses/${id}`, headers: key.headers })).json().status;
    await vi.waitFor(async () =>
      expect(await Promise.all(ids.map(status))).toEqual(['in_progress', 'in_progress']),
    );
    expect(engine.runs).toHaveLength(1);
    open();
    await vi.waitFor(async () =>
      expect(await Promise.all(ids.map(status))).toEqual(['completed', 'completed']),
    );
  });
});

describe('a budget that is used up in the middle', () => {
  const usage: TurnEvent = {
    type: 'usage',
    usage: { ...noUsage, inputTokens: 90, outputTokens: 10, costUsd: 2 },
  };
  const limits = { budgetUsdPerDay: 1.5 };

  test('ends the run before the head is out with its status', async () => {
    const { app, issue, engine } = await start(() => [usage, forever]);
    const refused = await app.inject(post('/v1/chat/completions', chat, await issue({ limits })));
    expect(refused.statusCode).toBe(429);
    expect(refused.json().error.code).toBe('insufficient_quota');
    expect(engine.runs[0]?.ended).toBe(true);
  });

  test('ends a stream with an error', async () => {
    const { app, issue, spending } = await start(() => [started, text('Hel'), usage, forever]);
    const key = await issue({ limits });
    const answer = await app.inject(post('/v1/chat/completions', { ...chat, stream: true }, key));
    expect(answer.statusCode).toBe(200);
    expect(readFrames(answer.body)).toContainEqual({
      error: expect.objectContaining({ code: 'insufficient_quota', type: 'insufficient_quota' }),
    });
    expect((await spending.read(key.key.id, Date.now())).day).toMatchObject({ tokens: 100, costUsd: 2 });
    expect((await app.inject(post('/v1/chat/completions', chat, key))).statusCode).toBe(429);
  });

  test('ends a response as failed', async () => {
    const { app, issue } = await start(() => [started, text('Hel'), usage, forever]);
    const key = await issue({ limits });
    const answer = await app.inject(post('/v1/responses', { ...response, stream: true }, key));
    expect(readFrames(answer.body)).toContainEqual(
      expect.objectContaining({
        type: 'response.failed',
        response: expect.objectContaining({
          status: 'failed',
          error: expect.objectContaining({ message: expect.stringContaining('$1.5 a day') }),
        }),
      }),
    );
  });
});

describe('a background run', () => {
  test('that begins after its key was revoked does not run', async () => {
    const { step, open } = gate();
    const { app, issue, keyStore, engine } = await start(() => [started, step, ...summary.slice(1)], {
      backgroundWorkers: 1,
    });
    const key = await issue();
    const background = { ...response, background: true };
    await app.inject(post('/v1/responses', background, key));
    await vi.waitFor(() => expect(engine.runs).toHaveLength(1));
    const { id } = (await app.inject(post('/v1/responses', background, key))).json();
    await keyStore.update(key.key.id, { active: false });
    open();
    await vi.waitFor(async () =>
      expect(await server?.services.responses.get(key.key.id, id)).toMatchObject({ status: 'failed' }),
    );
    expect(engine.runs).toHaveLength(1);
  });

  test('is held to the permissions that hold when it begins', async () => {
    const { step, open } = gate();
    const { app, issue, keys, engine } = await start(() => [started, step, ...summary.slice(1)], {
      backgroundWorkers: 1,
    });
    const key = await issue();
    const background = { ...response, background: true };
    await app.inject(post('/v1/responses', background, key));
    await vi.waitFor(() => expect(engine.runs).toHaveLength(1));
    const { id } = (await app.inject(post('/v1/responses', background, key))).json();
    await keys.update(key.key.id, { permissions: { models: ['opus'] } }, { name: 'admin', address: null });
    open();
    const stored = async () =>
      (await app.inject({ url: `/v1/responses/${id}`, headers: key.headers })).json();
    await vi.waitFor(async () =>
      expect(await stored()).toMatchObject({
        status: 'failed',
        error: { message: expect.stringContaining("'sonnet'") },
      }),
    );
    expect(engine.runs).toHaveLength(1);
  });
});
