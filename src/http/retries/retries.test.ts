import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { Governor } from '../../access/index.ts';
import { TurnError } from '../../turn/index.ts';
import { failure, forever, type Step, says, started, text } from '../testing/scripted-engine.ts';
import { startKeyServer } from '../testing/start-key-server.ts';
import { gate, type StartedServer, startTestServer } from '../testing/start-test-server.ts';

/** One for all: each test is another caller, and plays its own script. */
let server: StartedServer;
let script: () => Iterable<Step>;
let graceMs = 60_000;
let caller = 0;
beforeAll(async () => {
  server = await startTestServer(() => script(), { retryGraceMs: () => graceMs });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});
afterEach(() => {
  graceMs = 60_000;
});

/** The runs and the lines of the log since then. */
function play(steps: () => Iterable<Step>) {
  const { engine, log, base } = server;
  const begun = engine.runs.length;
  const logged = log.length;
  script = steps;
  caller += 1;
  return { base, runs: () => engine.runs.slice(begun), lines: () => log.slice(logged) };
}

const chat = { model: 'sonnet', messages: [{ role: 'user', content: 'Hi' }] };
/** Every request that runs an agent while its client waits. */
const requests: readonly (readonly [string, string, object])[] = [
  ['chat', '/chat/completions', chat],
  ['a chat stream', '/chat/completions', { ...chat, stream: true }],
  ['a completion', '/completions', { model: 'sonnet', prompt: 'Once' }],
  ['a response', '/responses', { model: 'sonnet', input: 'Hi' }],
  ['a response stream', '/responses', { model: 'sonnet', input: 'Hi', stream: true }],
];

/** As openai-node sends it, with a time-out that is over at once. */
const tried = (times: number, timeoutS = 0) => ({
  'x-stainless-retry-count': String(times),
  'x-stainless-timeout': String(timeoutS),
  'x-stainless-lang': 'js',
});
const keyed = { 'idempotency-key': 'k1' };

function post(url: string, body: object, headers: Record<string, string>, signal?: AbortSignal) {
  const own = { authorization: `Bearer caller-${caller}`, ...headers };
  return fetch(url, { method: 'POST', headers: own, body: JSON.stringify(body), ...(signal && { signal }) });
}

/** Sends a request and leaves once its run has begun. */
async function leave(url: string, body: object, headers: Record<string, string>): Promise<void> {
  const controller = new AbortController();
  const { runs } = server.engine;
  const before = runs.length;
  const answer = post(url, body, headers, controller.signal).then((response) => response.text());
  await vi.waitFor(() => expect(runs).toHaveLength(before + 1));
  controller.abort();
  await expect(answer).rejects.toThrow();
}

describe.each(requests)('%s', (_, path, body) => {
  test('that a time-out repeats is answered by the run that is under way', async () => {
    const { step, open } = gate();
    const { base, runs, lines } = play(() => [step, ...says('Hel', 'lo')]);
    await leave(base + path, body, tried(0));
    const again = post(base + path, body, tried(1));
    await vi.waitFor(() => expect(lines().find(({ joined }) => joined !== undefined)).toBeDefined());
    open();
    const response = await again;
    expect(response.status).toBe(200);
    expect(response.headers.get('x-claudecode-joined')).toMatch(/^req_/);
    expect(await response.text()).toContain('Hel');
    expect(runs()).toHaveLength(1);
    expect(runs()[0]?.signal.aborted).toBe(false);
  });

  test('with one key is run once: who comes at the same time, and who comes later, gets the same', async () => {
    const { step, open } = gate();
    const { base, runs, lines } = play(() => [step, ...says('Hel', 'lo')]);
    const first = post(base + path, body, keyed);
    await vi.waitFor(() => expect(runs()).toHaveLength(1));
    const second = post(base + path, body, keyed);
    await vi.waitFor(() => expect(lines().find(({ joined }) => joined !== undefined)).toBeDefined());
    open();
    const [one, two] = await Promise.all([first, second].map(async (answer) => (await answer).text()));
    const later = await post(base + path, body, keyed);
    expect(two).toBe(one);
    expect(await later.text()).toBe(one);
    expect(later.headers.get('x-claudecode-joined')).toBe((await first).headers.get('x-request-id'));
    expect(later.headers.get('content-type')).toBe((await first).headers.get('content-type'));
    expect(runs()).toHaveLength(1);
    // Neither time nor tokens of the run are told again.
    await vi.waitFor(() => {
      const told = lines().filter(({ msg }) => msg === 'request');
      expect(told.map(({ joined, inputTokens }) => [joined !== undefined, inputTokens])).toEqual(
        expect.arrayContaining([
          [false, 10],
          [true, undefined],
          [true, undefined],
        ]),
      );
    });
  });

  test('that a person stops is stopped at once', async () => {
    const { base, runs } = play(() => [started, forever]);
    await leave(base + path, body, tried(0, 600));
    await vi.waitFor(() => expect(runs()[0]?.signal.aborted).toBe(true));
    await vi.waitFor(() => expect(server.running.count).toBe(0));
    await leave(base + path, body, tried(1, 600));
    expect(runs()).toHaveLength(2);
  });

  test('is run again where nothing is to be joined', async () => {
    graceMs = 0;
    const { base, runs } = play(() => [started, forever]);
    await leave(base + path, body, { ...tried(0), ...keyed });
    await vi.waitFor(() => expect(runs()[0]?.signal.aborted).toBe(true));
    await leave(base + path, body, { ...tried(1), ...keyed });
    expect(runs()).toHaveLength(2);
  });

  test('whose run failed is tried again, unless the agent had acted', async () => {
    let agentActed = false;
    const fails = () => [failure(new TurnError('overloaded', 'Busy.', { agentActed }))];
    const { base, runs } = play(fails);
    for (const round of [1, 2]) {
      const response = await post(base + path, body, keyed);
      expect([response.status, response.headers.get('x-claudecode-joined')]).toEqual([503, null]);
      expect(runs()).toHaveLength(round);
    }
    agentActed = true;
    const acted = await post(base + path, body, keyed);
    const again = await post(base + path, body, keyed);
    expect(again.status).toBe(503);
    expect(again.headers.get('x-should-retry')).toBe('false');
    expect(await again.text()).toBe(await acted.text());
    expect(runs()).toHaveLength(3);
  });
});

test('a run whose client leaves before it has begun is told in that client’s line', async () => {
  const { step, open } = gate();
  const { base, runs, lines } = play(() => [step, ...says('Hello')]);
  let goOn = (): void => {};
  const prepared = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const { governor } = server.services;
  const admit = vi.spyOn(governor, 'admit').mockImplementationOnce(async (...input) => {
    await prepared;
    return Governor.prototype.admit.apply(governor, input);
  });
  const url = `${base}/chat/completions`;
  const controller = new AbortController();
  const first = post(url, chat, tried(0), controller.signal);
  await vi.waitFor(() => expect(admit).toHaveBeenCalled());
  controller.abort();
  await expect(first).rejects.toThrow();
  await vi.waitFor(() => expect(lines().find(({ waitMs }) => waitMs !== undefined)).toBeDefined());
  goOn();
  admit.mockRestore();
  open();
  const again = await post(url, chat, tried(1));
  expect(again.headers.get('x-claudecode-joined')).toMatch(/^req_/);
  expect(runs()).toHaveLength(1);
  await vi.waitFor(() =>
    expect(lines().find(({ status }) => status === 499)).toMatchObject({ inputTokens: 10 }),
  );
});

test('a key that is used for another request is refused', async () => {
  const { base, runs } = play(() => says('Hello'));
  await (await post(`${base}/chat/completions`, chat, keyed)).text();
  const other = await post(`${base}/chat/completions`, { ...chat, temperature: 1 }, keyed);
  expect(other.status).toBe(422);
  expect(await other.json()).toMatchObject({ error: { code: 'idempotency_key_reused' } });
  const elsewhere = await post(`${base}/completions`, { model: 'sonnet', prompt: 'Once' }, keyed);
  expect(elsewhere.status).toBe(200);
  const stranger = await post(`${base}/chat/completions`, chat, { ...keyed, authorization: 'Bearer you' });
  expect(stranger.headers.get('x-claudecode-joined')).toBeNull();
  expect(runs()).toHaveLength(3);
});

test('a stream is joined in its middle by key, and goes on when its first client has left', async () => {
  const { step, open } = gate();
  const { base, runs } = play(() => [started, text('Hel'), step, ...says('lo').slice(2)]);
  const [, , body] = requests[1] ?? [];
  const controller = new AbortController();
  const url = `${base}/chat/completions`;
  const first = await post(url, body ?? {}, keyed, controller.signal);
  const reader = first.body?.getReader();
  await reader?.read();
  controller.abort();
  const second = await post(url, body ?? {}, keyed);
  open();
  const all = await second.text();
  expect(all).toContain('"Hel"');
  expect(all).toContain('"lo"');
  expect(all.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(runs()).toHaveLength(1);
});

test('a run whose second client is stopped by a person ends at once', async () => {
  const { base, runs, lines } = play(() => [started, forever]);
  const url = `${base}/chat/completions`;
  await leave(url, chat, tried(0));
  const controller = new AbortController();
  const again = post(url, chat, tried(1, 600), controller.signal);
  await vi.waitFor(() => expect(lines().find(({ joined }) => joined !== undefined)).toBeDefined());
  expect(runs()[0]?.signal.aborted).toBe(false);
  controller.abort();
  await expect(again).rejects.toThrow();
  await vi.waitFor(() => expect(runs()[0]?.signal.aborted).toBe(true));
});

test.each([false, true])('a background response is begun once by its key (stream: %s)', async (stream) => {
  const { base, runs } = play(() => says('Hello'));
  const body = { model: 'sonnet', input: 'Hi', background: true, stream };
  const first = await (await post(`${base}/responses`, body, keyed)).text();
  const again = await post(`${base}/responses`, body, keyed);
  expect(again.headers.get('x-claudecode-joined')).toMatch(/^req_/);
  expect(await again.text()).toBe(first);
  await vi.waitFor(() => expect(runs()).toHaveLength(1));
});

test('what joins does not count against the limits of its key, and whoever is refused tries anew', async () => {
  await using keys = await startKeyServer(() => says('Hello'), { retryGraceMs: () => graceMs });
  const { headers } = await keys.issue({ limits: { requestsPerMinute: 1 } });
  const url = `${keys.base}/chat/completions`;
  const statuses: number[] = [];
  for (const key of ['a', 'a', 'a', 'b', 'a'])
    statuses.push((await post(url, chat, { ...headers, 'idempotency-key': key })).status);
  expect(statuses).toEqual([200, 200, 200, 429, 200]);
  expect(keys.engine.runs).toHaveLength(1);
});
