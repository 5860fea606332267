import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { newKey, newUser } from '../testing/access-rows.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseKeyStore } from './key-store.ts';
import { DatabaseRunLeaseStore } from './run-lease-store.ts';
import { DatabaseSpendingStore } from './spending-store.ts';
import { DatabaseUserStore } from './user-store.ts';

describe.each(testDatabases)('the key store on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const keys = () => new DatabaseKeyStore(test.database);
  const keysElsewhere = () => new DatabaseKeyStore(test.elsewhere.database);

  it('gives a key back as it was created', async () => {
    const full = newKey('k', {
      previousHash: 'before',
      previousValidUntil: 5e12,
      description: 'Grüße 世界',
      owner: 'team',
      tags: ['prod', 'für Ann, "neu"'],
      spendingResetAt: 9,
      active: false,
      createdAt: 4e12,
      expiresAt: 6e12,
      lastUsedAt: 7,
      rotatedAt: 8,
      limits: { ...newKey('').limits, requestsPerMinute: 3, budgetUsdPerDay: 0.25 },
      permissions: { ...newKey('').permissions, models: ['a*'], workspace: 'none' },
    });
    await keys().create(full);
    await keys().create(newKey('plain'));
    expect(await keysElsewhere().get('k')).toEqual(full);
    expect(await keys().get('plain')).toEqual(newKey('plain'));
    expect(await keys().get('missing')).toBeNull();
  });

  it('refuses a second key with the same secret', async () => {
    await keys().create(newKey('k'));
    await expect(keys().create(newKey('other', { secretHash: 'hash of k' }))).rejects.toThrow();
  });

  it('lists the newest first', async () => {
    for (const [id, createdAt] of [
      ['b', 2],
      ['a', 1],
      ['d', 3],
      ['c', 3],
    ] as const) {
      await keys().create(newKey(id, { createdAt }));
    }
    expect((await keys().list()).map(({ id }) => id)).toEqual(['d', 'c', 'b', 'a']);
  });

  it('finds a key by the hash of its secret and of the one before', async () => {
    await keys().create(newKey('k', { secretHash: 'new', previousHash: 'old' }));
    await keys().create(newKey('other'));
    expect((await keys().findByHash('new'))?.id).toBe('k');
    expect((await keys().findByHash('old'))?.id).toBe('k');
    expect((await keys().findByHash('hash of other'))?.id).toBe('other');
    expect(await keys().findByHash('none')).toBeNull();
  });

  it('changes what is named and leaves the rest', async () => {
    const key = newKey('k', { expiresAt: 5, lastUsedAt: 3 });
    await keys().create(key);
    const change = { active: false, expiresAt: null, limits: { ...key.limits, concurrentRuns: 2 } };
    expect(await keys().update('k', change)).toEqual({ ...key, ...change });
    expect(await keys().update('k', {})).toEqual({ ...key, ...change });
    expect(await keysElsewhere().get('k')).toEqual({ ...key, ...change });
    expect(await keys().update('missing', change)).toBeNull();
  });

  it('loses no change where two servers change the same key', async () => {
    await keys().create(newKey('k'));
    await Promise.all([
      keys().update('k', { name: 'new name' }),
      keysElsewhere().update('k', { description: 'new text' }),
      keys().update('k', { owner: 'new owner' }),
      keysElsewhere().markUsed(new Map([['k', 9]])),
    ]);
    expect(await keys().get('k')).toMatchObject({
      name: 'new name',
      description: 'new text',
      owner: 'new owner',
      lastUsedAt: 9,
    });
  });

  it('keeps the latest use of each key', async () => {
    for (const id of ['a', 'b', 'c']) await keys().create(newKey(id));
    await keys().markUsed(
      new Map([
        ['a', 5],
        ['b', 7],
        ['gone', 1],
      ]),
    );
    await keysElsewhere().markUsed(
      new Map([
        ['b', 6],
        ['a', 8],
      ]),
    );
    await keys().markUsed(new Map());
    expect((await keys().list()).map(({ id, lastUsedAt }) => [id, lastUsedAt])).toEqual([
      ['c', null],
      ['b', 7],
      ['a', 8],
    ]);
  });

  it('lets two servers mark many keys at once, whatever their order', async () => {
    const ids = Array.from({ length: 20 }, (_, index) => `k${index}`);
    for (const id of ids) await keys().create(newKey(id));
    const marks = (time: number) => ids.map((id) => [id, time] as const);
    await Promise.all([
      keys().markUsed(new Map(marks(1))),
      keysElsewhere().markUsed(new Map(marks(2).toReversed())),
      keys().markUsed(new Map(marks(3).toReversed())),
      keysElsewhere().markUsed(new Map(marks(4))),
    ]);
    expect(new Set((await keys().list()).map(({ lastUsedAt }) => lastUsedAt))).toEqual(new Set([4]));
  });

  it('removes a key with what it spent and its leases, and nothing else', async () => {
    for (const id of ['k', 'stays']) {
      await keys().create(newKey(id));
      await new DatabaseSpendingStore(test.database).add(id, 0, { requests: 1, tokens: 1, costUsd: 1 });
      await new DatabaseRunLeaseStore(test.database).acquire({
        runId: `run of ${id}`,
        keyId: id,
        limit: 1,
        now: 0,
        expiresAt: 9,
      });
    }
    await new DatabaseUserStore(test.database).create(newUser('u'));
    await test.completed('r');
    expect(await keys().remove('k')).toBe(true);
    expect(await keys().remove('k')).toBe(false);
    expect((await keys().list()).map(({ id }) => id)).toEqual(['stays']);
    expect(await test.count('key_spending')).toBe(2);
    expect(await test.count('run_leases')).toBe(1);
    expect(await test.count('webui_users')).toBe(1);
    expect(await test.count('responses')).toBe(1);
  });

  it('takes texts that a database cannot hold', async () => {
    await keys().create(newKey('k', { name: 'a\u0000b', description: '\ud800' }));
    expect(await keys().get('k')).toMatchObject({ name: 'a\uFFFDb', description: '\uFFFD' });
  });
});
