import { describe, expect, test } from 'vitest';
import type { ApiKey } from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import { showKey } from '../keys/show-key.ts';
import { MemoryRateLimiter } from '../testing/memory-rate-limiter.ts';
import { MemoryKeyStore, MemoryRunLeaseStore, MemorySpendingStore } from '../testing/memory-stores.ts';
import { type SampleKey, sampleKey } from '../testing/sample-key.ts';
import { Governor } from './governor.ts';

const noon = Date.UTC(2026, 4, 20, 12);

function build() {
  const clock = { now: noon };
  const now = (): number => clock.now;
  const keys = new MemoryKeyStore();
  const spending = new MemorySpendingStore();
  const problems: string[] = [];
  const governor = new Governor({
    keys,
    spending,
    leases: new MemoryRunLeaseStore(),
    limiter: new MemoryRateLimiter(now),
    onProblem: (message) => problems.push(message),
    now,
  });
  const add = async (key: SampleKey): Promise<ApiKey> => {
    const stored = sampleKey(key);
    await keys.create(stored);
    return showKey(stored, clock.now);
  };
  return { governor, clock, keys, spending, problems, add };
}

describe('a request', () => {
  test('without a key has no limits', async () => {
    const { governor } = build();
    expect(await governor.admit({ key: null })).toEqual({ requests: null, tokens: null, refusal: null });
  });

  test('of a key without limits is counted and nothing more', async () => {
    const { governor, spending, add } = build();
    const key = await add({});
    expect(await governor.admit({ key })).toEqual({ requests: null, tokens: null, refusal: null });
    await governor[Symbol.asyncDispose]();
    expect((await spending.read(key.id, noon)).day).toEqual({ requests: 1, tokens: 0, costUsd: 0 });
  });

  test('is one of so many a minute: of 50 at once exactly as many get in', async () => {
    const { governor, clock, spending, add } = build();
    const key = await add({ limits: { requestsPerMinute: 20 } });
    const other = await add({ limits: { requestsPerMinute: 1 } });
    const admissions = await Promise.all(Array.from({ length: 50 }, () => governor.admit({ key })));
    expect(admissions.filter(({ refusal }) => refusal === null)).toHaveLength(20);
    expect(admissions[0]?.requests).toMatchObject({ limit: 20, remaining: 19, resetMs: 60_000 });

    clock.now += 45_000;
    const { refusal, requests } = await governor.admit({ key });
    expect(requests).toMatchObject({ limit: 20, remaining: 0, resetMs: 15_000 });
    expect(refusal).toMatchObject({ code: 'key_rate_limited', retryAfterSeconds: 15 });
    expect(refusal?.message).toContain('20 requests a minute');
    expect((await governor.admit({ key: other })).refusal).toBeNull();

    clock.now += 15_000;
    expect((await governor.admit({ key })).refusal).toBeNull();
    await governor[Symbol.asyncDispose]();
    expect((await spending.read(key.id, clock.now)).day.requests).toBe(21);
  });

  test('is refused where tokens or budget are used up, until the next day', async () => {
    const { governor, clock, spending, add } = build();
    const key = await add({ limits: { tokensPerDay: 100, budgetUsdPerMonth: 1 } });
    await spending.add(key.id, noon, { requests: 1, tokens: 60, costUsd: 0.1 });
    expect(await governor.admit({ key })).toMatchObject({ tokens: { remaining: 40 }, refusal: null });

    await spending.add(key.id, noon, { requests: 0, tokens: 45, costUsd: 0.1 });
    const refused = await governor.admit({ key });
    expect(refused.tokens).toEqual({ limit: 100, remaining: 0, resetMs: 12 * 3_600_000 });
    expect(refused.refusal).toMatchObject({ code: 'key_quota_exceeded', retryAfterSeconds: 12 * 3600 });

    clock.now += 12 * 3_600_000;
    expect(await governor.admit({ key })).toMatchObject({ tokens: { remaining: 100 }, refusal: null });
    await spending.add(key.id, clock.now, { requests: 0, tokens: 1, costUsd: 0.8 });
    expect((await governor.admit({ key })).refusal?.message).toContain('$1 a month');
  });

  test('gets in although its count could not be stored', async () => {
    const { governor, spending, problems, add } = build();
    const key = await add({});
    spending.add = async () => {
      throw new Error('The database is away.');
    };
    expect((await governor.admit({ key })).refusal).toBeNull();
    await governor[Symbol.asyncDispose]();
    expect(problems).toHaveLength(2);
  });
});

describe('the caller behind an owner', () => {
  test('is as the key is now', async () => {
    const { governor, keys, add } = build();
    const { id } = await add({});
    await keys.update(id, { name: 'renamed' });
    expect(await governor.callerOf(id)).toMatchObject({ owner: id, key: { id, name: 'renamed' } });
    expect(await governor.callerOf(id)).not.toHaveProperty('key.secretHash');
    expect(await governor.callerOf('local')).toEqual({ owner: 'local', key: null });
  });

  test.each<[string, SampleKey]>([
    ['inactive', { active: false }],
    ['expired', { expiresAt: noon }],
  ])('is nobody where the key is %s', async (_, key) => {
    const { governor, add } = build();
    const { id } = await add(key);
    await expect(governor.callerOf(id)).rejects.toThrow(AccessError);
    await expect(governor.callerOf('key_unknown')).rejects.toMatchObject({ code: 'invalid_key' });
  });
});
