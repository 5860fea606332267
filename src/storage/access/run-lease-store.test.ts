import { describe, expect, it, vi } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { newKey } from '../testing/access-rows.ts';
import { someoneWaits } from '../testing/someone-waits.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseKeyStore } from './key-store.ts';
import { DatabaseRunLeaseStore } from './run-lease-store.ts';

describe.each(testDatabases)('the run lease store on $kind', ({ kind, create }) => {
  const test = new TwoServers(create);
  const leases = () => new DatabaseRunLeaseStore(test.database);
  const elsewhere = () => new DatabaseRunLeaseStore(test.elsewhere.database);
  const withKeys = async (...ids: readonly string[]) => {
    for (const id of ids) await new DatabaseKeyStore(test.database).create(newKey(id));
  };
  const lease = (
    runId: string,
    more: { keyId?: string; limit?: number; now?: number; expiresAt?: number } = {},
  ) => ({
    runId,
    keyId: 'k',
    limit: 2,
    now: 100,
    expiresAt: 200,
    ...more,
  });

  it('lets as many runs of a key go at once as its limit says', async () => {
    await withKeys('k', 'other');
    expect(await leases().acquire(lease('1'))).toBe(true);
    expect(await elsewhere().acquire(lease('2'))).toBe(true);
    expect(await leases().acquire(lease('3'))).toBe(false);
    expect(await leases().acquire(lease('4', { keyId: 'other' }))).toBe(true);
    expect(await leases().acquire(lease('5', { limit: 3 }))).toBe(true);
    await elsewhere().release('1');
    expect(await leases().acquire(lease('6'))).toBe(false);
    await leases().release('2');
    await leases().release('never was');
    expect(await leases().acquire(lease('7'))).toBe(true);
  });

  it('gives no run to a key that is gone', async () => {
    expect(await leases().acquire(lease('1', { keyId: 'gone' }))).toBe(false);
  });

  it('counts no lease that has expired, and removes it', async () => {
    await withKeys('k');
    expect(await leases().acquire(lease('1', { limit: 1 }))).toBe(true);
    expect(await leases().acquire(lease('2', { limit: 1, now: 199 }))).toBe(false);
    expect(await leases().acquire(lease('3', { limit: 1, now: 200, expiresAt: 300 }))).toBe(true);
    expect(await test.count('run_leases')).toBe(1);
  });

  it('counts a lease for as long as it is renewed', async () => {
    await withKeys('k');
    for (const runId of ['1', '2', '3']) await leases().acquire(lease(runId, { limit: 3 }));
    await elsewhere().renew(['1', '3', 'never was'], 500);
    await elsewhere().renew([], 900);
    expect(await leases().acquire(lease('4', { limit: 2, now: 499, expiresAt: 900 }))).toBe(false);
    expect(await leases().acquire(lease('4', { limit: 3, now: 499, expiresAt: 900 }))).toBe(true);
    expect(await leases().acquire(lease('5', { limit: 2, now: 500, expiresAt: 900 }))).toBe(true);
  });

  it('is exact where 50 ask at once on two servers', async () => {
    await withKeys('k');
    await leases().acquire(lease('expired', { now: 0, expiresAt: 50 }));
    const got = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? leases() : elsewhere()).acquire(lease(`${index}`, { limit: 7 })),
      ),
    );
    expect(got.filter(Boolean)).toHaveLength(7);
    expect(await test.count('run_leases')).toBe(7);
  });

  it('counts the run that another server is giving a lease at this moment', async () => {
    await withKeys('k');
    const acquiring = await test.elsewhere.database.kysely.transaction().execute(async (transaction) => {
      const key = transaction.selectFrom('api_keys').selectAll().where('id', '=', 'k');
      await (kind === 'postgres' ? key.forNoKeyUpdate() : key).execute();
      const row = { run_id: 'theirs', key_id: 'k', expires_at: 200 };
      await transaction.insertInto('run_leases').values(row).execute();
      const pending = leases().acquire(lease('ours', { limit: 1 }));
      if (kind === 'postgres') await vi.waitFor(() => someoneWaits(transaction), { interval: 10 });
      return { pending };
    });
    expect(await acquiring.pending).toBe(false);
  });

  it.runIf(kind === 'postgres')('does not wait for a server that renews what has expired', async () => {
    await withKeys('k');
    await leases().acquire(lease('stale', { limit: 1, expiresAt: 110 }));
    await test.elsewhere.database.kysely.transaction().execute(async (transaction) => {
      await transaction.updateTable('run_leases').set({ expires_at: 500 }).execute();
      expect(await leases().acquire(lease('new', { limit: 1, now: 120 }))).toBe(true);
    });
    expect(await test.count('run_leases')).toBe(2);
  });
});
