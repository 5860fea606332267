import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { newKey } from '../testing/access-rows.ts';
import { someoneWaits } from '../testing/someone-waits.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseKeyStore } from './key-store.ts';
import { DatabaseSpendingStore, type Spending } from './spending-store.ts';

const nothing: Spending = { requests: 0, tokens: 0, costUsd: 0 };
const noon = Date.UTC(2026, 2, 7, 12);

describe.each(testDatabases)('the spending store on $kind', ({ kind, create }) => {
  const test = new TwoServers(create);
  const spending = () => new DatabaseSpendingStore(test.database);
  const elsewhere = () => new DatabaseSpendingStore(test.elsewhere.database);
  const withKeys = async (...ids: readonly string[]) => {
    for (const id of ids) await new DatabaseKeyStore(test.database).create(newKey(id));
  };

  it('starts at nothing', async () => {
    await withKeys('k');
    expect(await spending().read('k', noon)).toEqual({ day: nothing, month: nothing });
    expect(await spending().readAll(noon)).toEqual(new Map());
  });

  it('returns the sums of the day and of the month, in UTC', async () => {
    await withKeys('k', 'other');
    const spent = { requests: 1, tokens: 100, costUsd: 0.5 };
    await spending().add('k', Date.UTC(2026, 1, 28, 23, 59, 59, 999), spent);
    expect(await spending().add('k', Date.UTC(2026, 2, 1), spent)).toEqual({ day: spent, month: spent });
    await spending().add('k', Date.UTC(2026, 2, 7), spent);
    await spending().add('k', Date.UTC(2026, 2, 7, 23, 59, 59, 999), spent);
    await spending().add('k', Date.UTC(2026, 2, 8), spent);
    await spending().add('other', noon, spent);
    const day = { requests: 2, tokens: 200, costUsd: 1 };
    const month = { requests: 4, tokens: 400, costUsd: 2 };
    expect(await elsewhere().read('k', noon)).toEqual({ day, month });
    expect(await elsewhere().readAll(noon)).toEqual(
      new Map([
        ['k', { day, month }],
        ['other', { day: spent, month: spent }],
      ]),
    );
    expect(await spending().read('k', Date.UTC(2026, 2, 31))).toEqual({ day: nothing, month });
  });

  it('adds money without an error of rounding', async () => {
    const nanos = fc.array(fc.integer({ min: 0, max: 5e12 }), { minLength: 1, maxLength: 8 });
    let keys = 0;
    await fc.assert(
      fc.asyncProperty(nanos, async (amounts) => {
        const id = `k${keys++}`;
        await withKeys(id);
        let last = { day: nothing, month: nothing };
        for (const amount of amounts) {
          last = await spending().add(id, noon, { requests: 0, tokens: 1, costUsd: amount / 1e9 });
        }
        const costUsd = amounts.reduce((sum, amount) => sum + amount, 0) / 1e9;
        const sums = { requests: 0, tokens: amounts.length, costUsd };
        expect(last).toEqual({ day: sums, month: sums });
      }),
      { numRuns: 15 },
    );
  });

  it('takes counts beyond 32 bits', async () => {
    await withKeys('k');
    const spent = { requests: 1, tokens: 3e12, costUsd: 1_000_000 };
    await spending().add('k', noon, spent);
    expect((await spending().add('k', noon, spent)).month).toEqual({
      requests: 2,
      tokens: 6e12,
      costUsd: 2_000_000,
    });
  });

  it('gives each of those that add at once, from two servers, sums of its own', async () => {
    await withKeys('k');
    const sums = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (index % 2 === 0 ? spending() : elsewhere()).add('k', noon + (index % 3) * 86_400_000, {
          requests: 1,
          tokens: 10,
          costUsd: 0.1,
        }),
      ),
    );
    const months = sums.map(({ month }) => month.requests).toSorted((one, other) => one - other);
    expect(months).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    const { month } = await spending().read('k', noon);
    expect(month).toEqual({ requests: 50, tokens: 500, costUsd: 5 });
  });

  it('begins anew for the day and month, for limits alone, and tells what there was', async () => {
    await withKeys('k', 'other');
    const spent = { requests: 2, tokens: 100, costUsd: 0.5 };
    const dayBefore = noon - 86_400_000;
    for (const id of ['k', 'other']) await spending().add(id, dayBefore, spent);
    await spending().add('k', noon, spent);
    const month = { requests: 4, tokens: 200, costUsd: 1 };
    expect(await elsewhere().reset('k', noon)).toEqual({ day: spent, month });
    const requests = { tokens: 0, costUsd: 0 };
    expect(await spending().read('k', noon)).toEqual({
      day: { requests: 2, ...requests },
      month: { requests: 4, ...requests },
    });
    expect((await spending().read('k', dayBefore)).day).toEqual(spent);
    expect((await spending().read('other', noon)).month).toEqual(spent);
    expect(await new DatabaseKeyStore(test.database).get('k')).toMatchObject({ spendingResetAt: noon });
    expect((await spending().add('k', noon, spent)).month).toMatchObject({ tokens: 100, costUsd: 0.5 });
    expect(await spending().reset('gone', noon)).toBeNull();
  });

  it('loses nothing that is spent while it begins anew, and blocks nobody', async () => {
    await withKeys('k');
    const spent = { requests: 1, tokens: 1, costUsd: 0.1 };
    const work = Array.from({ length: 40 }, (_, index) => {
      const store = index % 2 === 0 ? spending() : elsewhere();
      return index % 8 === 3 ? store.reset('k', noon) : store.add('k', noon, spent).then(() => null);
    });
    const taken = (await Promise.all(work)).reduce((sum, one) => sum + (one?.month.tokens ?? 0), 0);
    const { day, month } = await spending().read('k', noon);
    expect(taken + month.tokens).toBe(35);
    expect(month).toEqual(day);
    expect(month.requests).toBe(35);
  });

  it('keeps nothing of a key that is gone', async () => {
    const spent = { requests: 1, tokens: 1, costUsd: 1 };
    expect(await spending().add('gone', noon, spent)).toEqual({ day: nothing, month: nothing });
    expect(await test.count('key_spending')).toBe(0);
  });

  it('keeps nothing of a key that is removed at the same moment', async () => {
    await withKeys('k');
    const adding = await test.elsewhere.database.kysely.transaction().execute(async (transaction) => {
      await transaction.deleteFrom('api_keys').where('id', '=', 'k').execute();
      const pending = spending().add('k', noon, { requests: 1, tokens: 1, costUsd: 1 });
      if (kind === 'postgres') await vi.waitFor(() => someoneWaits(transaction), { interval: 10 });
      return { pending };
    });
    expect(await adding.pending).toEqual({ day: nothing, month: nothing });
    expect(await test.count('key_spending')).toBe(0);
  });
});
