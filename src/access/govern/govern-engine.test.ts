import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { agentProfile, type Turn, TurnError, type TurnEvent } from '../../turn/index.ts';
import { MemoryRateLimiter } from '../testing/memory-rate-limiter.ts';
import { MemoryKeyStore, MemoryRunLeaseStore, MemorySpendingStore } from '../testing/memory-stores.ts';
import { type SampleKey, sampleKey } from '../testing/sample-key.ts';
import { type RunnerStep, scriptedRunner, usageOf } from '../testing/scripted-runner.ts';
import type { SpendingListener } from './govern-engine.ts';
import { Governor } from './governor.ts';

const noon = Date.UTC(2026, 4, 20, 12);

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'], now: noon });
});
afterEach(() => {
  vi.useRealTimers();
});

const text: TurnEvent = { type: 'text.delta', text: 'a' };
const usage = (tokens: number, costUsd: number | null): TurnEvent => ({
  type: 'usage',
  usage: usageOf(tokens - 1, 1, costUsd),
});
const done = (tokens: number, costUsd: number | null): TurnEvent => ({
  type: 'done',
  stopReason: 'end',
  usage: usageOf(tokens - 1, 1, costUsd),
});

async function build(script: (turn: Turn) => Iterable<RunnerStep>, key: SampleKey = {}) {
  const keys = new MemoryKeyStore();
  const spending = new MemorySpendingStore();
  const leases = new MemoryRunLeaseStore();
  const problems: string[] = [];
  const told: Parameters<SpendingListener>[] = [];
  const governor = new Governor({
    keys,
    spending,
    leases,
    limiter: new MemoryRateLimiter(Date.now),
    onProblem: (message) => problems.push(message),
    onSpent: (...spent) => told.push(spent),
  });
  const runner = scriptedRunner(script);
  const engine = governor.govern(runner);
  const stored = sampleKey(key);
  await keys.create(stored);
  const run = (options: { signal?: AbortSignal; profile?: Partial<Turn['profile']> } = {}) =>
    engine.runTurn(turnOf(stored.id, options.profile), {
      signal: options.signal ?? new AbortController().signal,
    });
  const spent = async () => (await spending.read(stored.id, Date.now())).day;
  return { governor, runner, engine, keys, spending, leases, problems, told, id: stored.id, run, spent };
}

function turnOf(owner: string, profile: Partial<Turn['profile']> = {}): Turn {
  return {
    id: 'turn_1',
    owner,
    model: 'opus',
    profile: { ...agentProfile, ...profile },
    system: '',
    messages: [],
    tools: { tools: [], choice: { type: 'auto' }, parallel: true },
    output: { stop: [] },
    reasoning: {},
    sampling: {},
  };
}

async function drain(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  const all: TurnEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

function gate(): { readonly step: () => Promise<void>; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { step: () => opened, open };
}

test('a turn without a key passes as it is', async () => {
  const { engine, runner } = await build(() => [text, done(10, 1)]);
  const turn = turnOf('local');
  const { signal } = new AbortController();
  expect(await drain(engine.runTurn(turn, { signal }))).toEqual([text, done(10, 1)]);
  expect(runner.turns[0]).toBe(turn);
});

describe('a turn of a key', () => {
  test.each<[string, Parameters<MemoryKeyStore['update']>[1] | 'removed']>([
    ['was removed', 'removed'],
    ['is inactive', { active: false }],
    ['has expired', { expiresAt: noon }],
  ])('that %s meanwhile does not run', async (_, change) => {
    const { keys, id, run, runner } = await build(() => [done(10, 1)]);
    if (change === 'removed') await keys.remove(id);
    else await keys.update(id, change);
    expect(await drain(run())).toMatchObject([{ type: 'error', error: { code: 'not_allowed' } }]);
    expect(runner.turns).toEqual([]);
  });

  test('is held to what the key may do now', async () => {
    const { run, runner } = await build(() => [done(10, 1)], {
      permissions: { builtInTools: ['Read'], workspace: 'shared', profiles: ['agent'] },
    });
    await drain(run());
    expect(runner.turns[0]?.profile).toMatchObject({ builtInTools: ['Read'], workspace: 'shared' });
    expect(await drain(run({ profile: { name: 'coder' } }))).toMatchObject([
      { error: { code: 'not_allowed' } },
    ]);
    expect(runner.turns).toHaveLength(1);
  });

  test('does not run where the quota is used up since it was asked for', async () => {
    const { spending, id, run, runner } = await build(() => [done(10, 1)], { limits: { tokensPerDay: 5 } });
    await spending.add(id, noon, { requests: 1, tokens: 5, costUsd: 0 });
    expect(await drain(run())).toMatchObject([{ error: { code: 'key_quota_exceeded' } }]);
    expect(runner.turns).toEqual([]);
  });

  test('does not run where the limits cannot be read', async () => {
    const { keys, run, runner } = await build(() => [done(10, 1)]);
    keys.get = async () => {
      throw new Error('The database is away.');
    };
    expect(await drain(run())).toMatchObject([{ type: 'error', error: { code: 'engine_failed' } }]);
    expect(runner.turns).toEqual([]);
  });
});

describe('a turn of a request that was admitted just now', () => {
  const limits = { tokensPerDay: 100 };

  test('needs no second look at the key', async () => {
    const { governor, keys, id, run } = await build(() => [done(10, 1)], { limits });
    await governor.admit(await governor.callerOf(id));
    const look = vi.spyOn(keys, 'get');
    expect(await drain(run())).toEqual([done(10, 1)]);
    expect(look).not.toHaveBeenCalled();
  });

  test('gets one a second later', async () => {
    const { governor, keys, id, run } = await build(() => [done(10, 1)], { limits });
    await governor.admit(await governor.callerOf(id));
    await keys.remove(id);
    vi.setSystemTime(noon + 1_000);
    expect(await drain(run())).toMatchObject([{ error: { code: 'not_allowed' } }]);
  });

  test('gets one where it was refused', async () => {
    const { governor, spending, id, run } = await build(() => [done(10, 1)], { limits });
    await spending.add(id, noon, { requests: 0, tokens: 100, costUsd: 0 });
    await governor.admit(await governor.callerOf(id));
    expect(await drain(run())).toMatchObject([{ error: { code: 'key_quota_exceeded' } }]);
  });

  test('is written down together with what it takes', async () => {
    const { governor, spending, id, run, spent } = await build(() => [done(10, 1)]);
    const add = vi.spyOn(spending, 'add');
    await governor.admit(await governor.callerOf(id));
    await governor.admit(await governor.callerOf(id));
    await drain(run());
    expect(add).toHaveBeenCalledTimes(1);
    expect(await spent()).toEqual({ requests: 2, tokens: 10, costUsd: 1 });
  });
});

describe('what a turn takes', () => {
  test('is charged before the event that tells it goes on, and no more than once', async () => {
    const { run, spent } = await build(() => [text, usage(10, 0.25), text, usage(30, 0.5), done(45, 0.75)]);
    const seen: number[] = [];
    for await (const _ of run()) seen.push((await spent()).tokens);
    expect(seen).toEqual([0, 10, 10, 30, 45]);
    expect(await spent()).toEqual({ requests: 0, tokens: 45, costUsd: 0.75 });
  });

  test('is told of with the sums, once for each amount', async () => {
    const { run, told, id } = await build(() => [usage(10, 1), usage(10, 1), done(15, 1.5)]);
    await drain(run());
    expect(told.map(([key, { costUsd, sums, at }]) => [key.id, costUsd, sums.day.costUsd, at])).toEqual([
      [id, 1, 1, noon],
      [id, 0.5, 1.5, noon],
    ]);
  });

  test('is charged in tokens while its cost is not known, or not told again', async () => {
    const { run, spent } = await build(() => [usage(10, null), usage(20, 0.5), done(30, null)]);
    await drain(run());
    expect(await spent()).toEqual({ requests: 0, tokens: 30, costUsd: 0.5 });
  });

  test('is charged for a turn that fails, and for one that is stopped', async () => {
    const error = new TurnError('overloaded', 'Busy.');
    const failing = await build(() => [usage(10, 0.5), { type: 'error', error, usage: usageOf(11, 1, 0.6) }]);
    await drain(failing.run());
    expect(await failing.spent()).toEqual({ requests: 0, tokens: 12, costUsd: 0.6 });

    const stop = new AbortController();
    const stopped = await build(() => [usage(10, 0.5), () => new Promise(() => {}), done(99, 9)]);
    for await (const event of stopped.run({ signal: stop.signal })) {
      if (event.type === 'usage') stop.abort();
    }
    expect(await stopped.spent()).toEqual({ requests: 0, tokens: 10, costUsd: 0.5 });
  });

  test('is charged for a turn that the reader leaves', async () => {
    const { run, spent, runner } = await build(() => [usage(10, 0.5), text, done(20, 1)]);
    for await (const event of run()) if (event.type === 'text.delta') break;
    expect(runner.running).toBe(0);
    expect(await spent()).toEqual({ requests: 0, tokens: 10, costUsd: 0.5 });
  });

  test('is charged to the day on which it was taken', async () => {
    const { run, spending, id } = await build(() => [usage(10, 0.5), done(30, 1)]);
    for await (const event of run()) if (event.type === 'usage') vi.setSystemTime(noon + 86_400_000);
    expect((await spending.read(id, noon)).day.tokens).toBe(10);
    expect((await spending.read(id, noon + 86_400_000)).day.tokens).toBe(20);
    expect((await spending.read(id, noon)).month.tokens).toBe(30);
  });

  test('stops the turn when it is too much, and only then', async () => {
    const script = () => [usage(10, 0.5), usage(20, 1), () => new Promise(() => {}), done(99, 9)];
    const { run, spent } = await build(script, { limits: { budgetUsdPerDay: 1 } });
    const events = await drain(run());
    expect(events.map(({ type }) => type)).toEqual(['usage', 'usage', 'error']);
    expect(events.at(-1)).toMatchObject({ error: { code: 'key_quota_exceeded' } });
    expect(await spent()).toEqual({ requests: 0, tokens: 20, costUsd: 1 });
  });

  test('by another turn of the key counts as well', async () => {
    const { run, spending, id } = await build(() => [usage(10, 0), () => new Promise(() => {})], {
      limits: { tokensPerMonth: 100 },
    });
    const running = run()[Symbol.asyncIterator]();
    await spending.add(id, noon, { requests: 0, tokens: 90, costUsd: 0 });
    expect((await running.next()).value).toMatchObject({ type: 'usage' });
    expect((await running.next()).value).toMatchObject({ error: { code: 'key_quota_exceeded' } });
  });

  test('ends the turns of the key that wait, and no others', async () => {
    const { step, open } = gate();
    const started: TurnEvent = { type: 'started', model: 'opus', source: 'new' };
    const scripts: RunnerStep[][] = [
      [started, step, done(100, 0)],
      [started, text, step, done(10, 0)],
      [() => new Promise(() => {}), done(10, 0)],
    ];
    const { run, spent, runner } = await build(() => scripts.shift() ?? [], {
      limits: { tokensPerDay: 100 },
    });
    const [first, second, waiting] = [run(), run(), run()].map((events) => events[Symbol.asyncIterator]());
    await first?.next();
    await second?.next();
    const refused = waiting?.next();
    open();
    expect((await first?.next())?.value).toMatchObject({ type: 'done' });
    expect((await refused)?.value).toMatchObject({ error: { code: 'key_quota_exceeded' } });
    expect((await second?.next())?.value).toEqual(text);
    expect((await second?.next())?.value).toMatchObject({ type: 'done' });
    await first?.next();
    await second?.next();
    expect(await spent()).toMatchObject({ tokens: 110 });
    expect(runner.turns).toHaveLength(3);
  });

  test('does not spoil an answer that has come to its end', async () => {
    const { run } = await build(() => [text, done(500, 1)], { limits: { tokensPerDay: 100 } });
    expect(await drain(run())).toEqual([text, done(500, 1)]);
  });

  test('is written down later where the database is away for a moment', async () => {
    const { governor, run, spending, spent, problems } = await build(() => [usage(10, 1), done(20, 2)]);
    const add = spending.add.bind(spending);
    let failures = 1;
    spending.add = async (...charge) => {
      if (failures-- > 0) throw new Error('The database is away.');
      return add(...charge);
    };
    expect((await drain(run())).map(({ type }) => type)).toEqual(['usage', 'done']);
    expect(await spent()).toMatchObject({ tokens: 10 });
    await governor[Symbol.asyncDispose]();
    expect(await spent()).toEqual({ requests: 0, tokens: 20, costUsd: 2 });
    expect(problems).toHaveLength(1);
  });

  test('is reported as lost where it stays away, and the answer goes on', async () => {
    const { governor, run, spending, problems, id } = await build(() => [text, done(20, 2)]);
    spending.add = async () => {
      throw new Error('The database is away.');
    };
    expect(await drain(run())).toEqual([text, done(20, 2)]);
    await governor[Symbol.asyncDispose]();
    expect(problems).toHaveLength(2);
    expect(problems[1]).toContain(`${id} has spent is lost: {"requests":0,"tokens":20,"costUsd":2}`);
  });
});

describe('a turn whose key is revoked', () => {
  const script = () => [usage(10, 0), text, usage(20, 0), () => new Promise(() => {}), done(99, 9)];

  test.each<[string, Parameters<MemoryKeyStore['update']>[1] | 'removed']>([
    ['removed', 'removed'],
    ['made inactive', { active: false }],
    ['expired', { expiresAt: noon }],
  ])('since it is %s, ends with the next upstream call', async (_, change) => {
    const { keys, id, run } = await build(script);
    const events: TurnEvent[] = [];
    for await (const event of run()) {
      events.push(event);
      if (event.type !== 'text.delta') continue;
      if (change === 'removed') await keys.remove(id);
      else await keys.update(id, change);
    }
    expect(events.map(({ type }) => type)).toEqual(['usage', 'text.delta', 'usage', 'error']);
    expect(events.at(-1)).toMatchObject({ error: { code: 'not_allowed' } });
  });

  test('goes on where that cannot be seen', async () => {
    const { keys, run, problems } = await build(() => [text, usage(10, 0), done(20, 0)]);
    for await (const event of run())
      if (event.type === 'text.delta') {
        keys.get = async () => {
          throw new Error('The database is away.');
        };
      } else expect(event.type).not.toBe('error');
    expect(problems).toHaveLength(1);
  });
});

describe('runs at once', () => {
  test('are never more than the key may have; the others are refused, and get in later', async () => {
    const { step, open } = gate();
    const { run, runner } = await build(() => [text, step, done(10, 1)], { limits: { concurrentRuns: 3 } });
    const iterators = Array.from({ length: 10 }, () => run()[Symbol.asyncIterator]());
    const first = await Promise.all(iterators.map((iterator) => iterator.next()));
    const refused = first.filter(({ value }) => value.type === 'error');
    expect(refused).toHaveLength(7);
    expect(refused[0]?.value).toMatchObject({
      error: { code: 'key_rate_limited', retryAfterSeconds: 1 },
    });
    expect(refused[0]?.value.error.message).toContain('3 runs at once');
    open();
    await Promise.all(iterators.map(async (iterator) => drain({ [Symbol.asyncIterator]: () => iterator })));
    expect(runner.mostRunning).toBe(3);
    expect(await drain(run())).toEqual([text, done(10, 1)]);
  });

  test.each<[string, RunnerStep[]]>([
    ['ends', [done(10, 1)]],
    ['fails', [{ type: 'error', error: new TurnError('overloaded', 'Busy.'), usage: usageOf(1, 1, 0) }]],
  ])('make room when one %s', async (_, steps) => {
    const { run, runner } = await build(() => steps, { limits: { concurrentRuns: 1 } });
    await drain(run());
    await drain(run());
    expect(runner.turns).toHaveLength(2);
  });

  test('make room before the end is told', async () => {
    const { run } = await build(() => [done(10, 1)], { limits: { concurrentRuns: 1 } });
    const first = run()[Symbol.asyncIterator]();
    expect((await first.next()).value).toEqual(done(10, 1));
    expect(await drain(run())).toEqual([done(10, 1)]);
    await first.next();
  });

  test('make room when one breaks', async () => {
    const broken = async (): Promise<never> => {
      throw new Error('broken');
    };
    const { run, runner } = await build(() => [broken], { limits: { concurrentRuns: 1 } });
    await expect(drain(run())).rejects.toThrow('broken');
    await expect(drain(run())).rejects.toThrow('broken');
    expect(runner.turns).toHaveLength(2);
  });

  test('keep their places for as long as they last, by one timer for all', async () => {
    const { step, open } = gate();
    const { run, leases } = await build(() => [text, step, done(10, 1)], { limits: { concurrentRuns: 2 } });
    const renew = vi.spyOn(leases, 'renew');
    const iterators = [run(), run()].map((events) => events[Symbol.asyncIterator]());
    for (const iterator of iterators) await iterator.next();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(renew).toHaveBeenCalledTimes(6);
    expect(renew.mock.lastCall).toEqual([[expect.any(String), expect.any(String)], noon + 180_000]);
    expect(await drain(run())).toMatchObject([{ error: { code: 'key_rate_limited' } }]);

    open();
    await Promise.all(iterators.map(async (iterator) => drain({ [Symbol.asyncIterator]: () => iterator })));
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of a server that went away make room after a minute', async () => {
    const { leases, id, run } = await build(() => [done(10, 1)], { limits: { concurrentRuns: 1 } });
    await leases.acquire({ runId: 'lost', keyId: id, limit: 1, now: noon, expiresAt: noon + 60_000 });
    expect(await drain(run())).toMatchObject([{ error: { code: 'key_rate_limited' } }]);
    vi.setSystemTime(noon + 60_001);
    expect(await drain(run())).toEqual([done(10, 1)]);
  });

  test('go on where their places cannot be renewed or given back', async () => {
    const { step, open } = gate();
    const { run, leases, problems } = await build(() => [text, step, done(10, 1)], {
      limits: { concurrentRuns: 1 },
    });
    leases.renew = leases.release = async () => {
      throw new Error('The database is away.');
    };
    const running = run()[Symbol.asyncIterator]();
    await running.next();
    await vi.advanceTimersByTimeAsync(20_000);
    open();
    expect(await drain({ [Symbol.asyncIterator]: () => running })).toEqual([done(10, 1)]);
    expect(problems).toHaveLength(2);
  });
});
