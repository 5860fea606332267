import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { createPostgresDialect } from '../postgres-dialect.ts';
import type { Schema } from '../schema.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseRateLimiter } from './database-rate-limiter.ts';

describe.each(testDatabases)('the rate limiter on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const errors: unknown[] = [];
  let limiter: DatabaseRateLimiter;
  let elsewhere: DatabaseRateLimiter;
  beforeEach(() => {
    errors.length = 0;
    limiter = new DatabaseRateLimiter(test.database, (error) => errors.push(error));
    elsewhere = new DatabaseRateLimiter(test.elsewhere.database, (error) => errors.push(error));
  });
  afterEach(async () => {
    await limiter[Symbol.asyncDispose]();
    await elsewhere[Symbol.asyncDispose]();
    vi.useRealTimers();
    expect(errors).toEqual([]);
  });

  const atTime = (ms: number) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(ms);
  };

  it('allows as many as the limit says until the window ends', async () => {
    const limit = { points: 2, seconds: 60 };
    atTime(1_000_000);
    expect(await limiter.look('k', limit)).toEqual({ allowed: true, remaining: 2, resetMs: 0 });
    expect(await limiter.consume('k', limit)).toEqual({ allowed: true, remaining: 1, resetMs: 60_000 });
    vi.setSystemTime(1_020_000);
    expect(await elsewhere.look('k', limit)).toEqual({ allowed: true, remaining: 1, resetMs: 40_000 });
    expect(await elsewhere.consume('k', limit)).toEqual({ allowed: true, remaining: 0, resetMs: 40_000 });
    expect(await elsewhere.look('k', limit)).toEqual({ allowed: false, remaining: 0, resetMs: 40_000 });
    expect(await limiter.consume('k', limit)).toEqual({ allowed: false, remaining: 0, resetMs: 40_000 });
    vi.setSystemTime(1_059_999);
    expect(await limiter.consume('k', limit)).toEqual({ allowed: false, remaining: 0, resetMs: 1 });
    vi.setSystemTime(1_060_000);
    expect(await limiter.look('k', limit)).toEqual({ allowed: true, remaining: 2, resetMs: 0 });
    expect(await limiter.consume('k', limit)).toEqual({ allowed: true, remaining: 1, resetMs: 60_000 });
  });

  it('counts each key by itself, each against its own limit', async () => {
    expect((await limiter.consume('a', { points: 1, seconds: 10 })).allowed).toBe(true);
    expect((await limiter.consume('b', { points: 1, seconds: 500 })).resetMs).toBeGreaterThan(10_000);
    expect((await limiter.consume('a', { points: 1, seconds: 10 })).allowed).toBe(false);
    expect((await limiter.consume('b', { points: 5, seconds: 500 })).remaining).toBe(3);
    expect((await limiter.consume('none', { points: 0, seconds: 10 })).allowed).toBe(false);
    expect((await limiter.look('other', { points: 0, seconds: 10 })).allowed).toBe(false);
  });

  it('is exact where 50 ask at once on two servers', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? limiter : elsewhere).consume('k', { points: 20, seconds: 60 }),
      ),
    );
    const allowed = verdicts.filter((verdict) => verdict.allowed);
    expect(allowed).toHaveLength(20);
    expect(new Set(allowed.map(({ remaining }) => remaining)).size).toBe(20);
    expect(await test.count('rate_limits')).toBe(1);
  });

  it('forgets a key on every server', async () => {
    const limit = { points: 1, seconds: 60 };
    await limiter.consume('k', limit);
    await limiter.consume('other', limit);
    await elsewhere.forget('k');
    await elsewhere.forget('never was');
    expect((await limiter.consume('k', limit)).allowed).toBe(true);
    expect((await limiter.consume('other', limit)).allowed).toBe(false);
  });

  it('takes keys that a database cannot hold', async () => {
    const limit = { points: 1, seconds: 60 };
    await limiter.consume('a\u0000b', limit);
    expect((await limiter.look('a\u0000b', limit)).allowed).toBe(false);
    await limiter.forget('a\u0000b');
    expect((await limiter.look('a\u0000b', limit)).allowed).toBe(true);
  });

  it('counts though a transaction of the same server, open meanwhile, fails', async () => {
    const limit = { points: 5, seconds: 60 };
    let consuming: Promise<unknown> | undefined;
    const failing = test.database.kysely.transaction().execute(async (transaction) => {
      consuming = limiter.consume('k', limit);
      const profile = { name: 'p', updated_at: 1, updated_by: 'ann', spec: '{}' };
      await transaction.insertInto('profiles').values(profile).execute();
      await transaction.selectFrom('profiles').selectAll().execute();
      throw new Error('rolled back');
    });
    await expect(failing).rejects.toThrow('rolled back');
    await consuming;
    expect((await limiter.look('k', limit)).remaining).toBe(4);
    expect(await test.count('profiles')).toBe(0);
  });

  it('waits while another server writes', async () => {
    const limit = { points: 5, seconds: 60 };
    let settled = false;
    let consuming: Promise<unknown> | undefined;
    await test.elsewhere.database.kysely.transaction().execute(async (transaction) => {
      const row = { key: 'k', points: 1, expire: Date.now() + 60_000 };
      await transaction.insertInto('rate_limits').values(row).execute();
      consuming = limiter.consume('k', limit).then(() => {
        settled = true;
      });
      // Comes after the first attempt, where both have one connection.
      await limiter.look('other', limit);
      expect(settled).toBe(false);
    });
    await consuming;
    expect((await limiter.look('k', limit)).remaining).toBe(3);
  });

  it('deletes windows that have ended, by itself, until it is disposed of', async () => {
    const limit = { points: 5, seconds: 60 };
    vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
    vi.setSystemTime(1_000_000);
    const cleaning = new DatabaseRateLimiter(test.database, (error) => errors.push(error));
    await cleaning.consume('short', limit);
    await cleaning.consume('long', { points: 5, seconds: 3600 });
    vi.advanceTimersByTime(5 * 60_000);
    await cleaning[Symbol.asyncDispose]();
    expect(await test.count('rate_limits')).toBe(1);
    expect(await cleaning.forgetEnded(1_000_000 + 3_600_000)).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells of a failure to delete them', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const told: unknown[] = [];
    const cleaning = new DatabaseRateLimiter(test.database, (error) => told.push(error));
    await sql`drop table rate_limits`.execute(test.database.kysely);
    vi.advanceTimersByTime(5 * 60_000);
    await cleaning[Symbol.asyncDispose]();
    expect(told).toHaveLength(1);
  });
});

it('says so where PostgreSQL is not there', async () => {
  const { dialect, client } = await createPostgresDialect('postgres://api@127.0.0.1:1/api', {
    poolSize: 1,
    connectTimeoutMs: 1000,
    onConnectionLost: () => {},
  });
  const kysely = new Kysely<Schema>({ dialect });
  const limiter = new DatabaseRateLimiter({ kind: 'postgres', kysely, client }, () => {});
  const unreachable = { name: 'StorageError', code: 'unreachable' };
  await expect(limiter.look('k', { points: 1, seconds: 1 })).rejects.toMatchObject(unreachable);
  await expect(limiter.consume('k', { points: 1, seconds: 1 })).rejects.toMatchObject(unreachable);
  await limiter[Symbol.asyncDispose]();
  await kysely.destroy();
});
