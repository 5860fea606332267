import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { newKey } from '../testing/access-rows.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseBudgetAlertStore } from './budget-alert-store.ts';
import { DatabaseKeyStore } from './key-store.ts';
import { DatabaseSpendingStore } from './spending-store.ts';

const noon = Date.UTC(2026, 2, 7, 12);
const dayMs = 86_400_000;
const half = { period: 'day', kind: 'hard', percent: 50, fromUsd: 0.15 } as const;
const most = { period: 'day', kind: 'hard', percent: 80, fromUsd: 0.24 } as const;
const soft = { period: 'month', kind: 'soft', percent: 100, fromUsd: 0.15 } as const;

describe.each(testDatabases)('the store of budget alerts on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const alerts = () => new DatabaseBudgetAlertStore(test.database);
  const elsewhere = () => new DatabaseBudgetAlertStore(test.elsewhere.database);
  const spending = () => new DatabaseSpendingStore(test.database);
  const spend = async (costUsd: number, at = noon) =>
    await spending().add('k', at, { requests: 0, tokens: 1, costUsd });
  const withKey = () => new DatabaseKeyStore(test.database).create(newKey('k'));

  it('gives each mark that is passed to one caller, whichever server asks', async () => {
    await withKey();
    await spend(0.15);
    const claims = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? alerts() : elsewhere()).claim('k', noon, [half, most, soft]),
      ),
    );
    expect(claims.filter((claimed) => claimed.length > 0)).toEqual([[half, soft]]);
    await spend(0.09);
    expect(await elsewhere().claim('k', noon, [half, most, soft])).toEqual([most]);
  });

  it('gives none for a key that is gone', async () => {
    expect(await alerts().claim('gone', noon, [half])).toEqual([]);
  });

  it('begins anew with each day and month, and forgets those of months that are over', async () => {
    await withKey();
    await spend(1);
    expect(await alerts().claim('k', noon, [half, soft])).toEqual([half, soft]);
    await spend(1, noon + dayMs);
    expect(await alerts().claim('k', noon + dayMs, [half, soft])).toEqual([half]);
    expect(await test.count('budget_alerts')).toBe(3);
    const april = noon + 30 * dayMs;
    await spend(1, april);
    expect(await alerts().claim('k', april, [half, soft])).toEqual([half, soft]);
    expect(await test.count('budget_alerts')).toBe(2);
  });

  it('begins anew with the budget', async () => {
    await withKey();
    await spend(1);
    await alerts().claim('k', noon, [half, soft]);
    await spending().reset('k', noon);
    expect(await alerts().claim('k', noon, [half, soft])).toEqual([]);
    await spend(0.2);
    expect(await alerts().claim('k', noon, [half, soft])).toEqual([half, soft]);
  });

  it('goes with its key', async () => {
    await withKey();
    await spend(1);
    await alerts().claim('k', noon, [half]);
    await new DatabaseKeyStore(test.database).remove('k');
    expect(await test.count('budget_alerts')).toBe(0);
  });
});
