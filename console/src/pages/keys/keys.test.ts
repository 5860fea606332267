import { describe, expect, it } from 'vitest';
import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { writeCsv } from '../../format/write-csv.ts';
import { budgetsOf, endOfPeriod, softBudgetsReached, tightestBudget } from './budgets.ts';
import { describeLimits, describePermissions } from './describe-key.ts';
import { exportKeys } from './export-keys.ts';
import { filterKeys } from './filter-keys.ts';
import { knownTags } from './known-tags.ts';

const key: ApiKeyWithUsage = {
  id: 'key_1',
  name: 'CI runner',
  description: 'on every push',
  owner: 'Platform',
  tags: ['prod', 'Web shop'],
  prefix: 'sk-abc',
  active: true,
  state: 'active',
  createdAt: 0,
  createdBy: 'admin',
  expiresAt: null,
  lastUsedAt: 1000,
  rotatedAt: null,
  previousValidUntil: null,
  spendingResetAt: null,
  limits: {
    requestsPerMinute: 60,
    concurrentRuns: 4,
    tokensPerDay: null,
    tokensPerMonth: 1000,
    budgetUsdPerDay: null,
    budgetUsdPerMonth: 10,
    softBudgetUsdPerDay: 0.5,
    softBudgetUsdPerMonth: null,
  },
  permissions: {
    models: ['opus', 'sonnet'],
    profiles: ['agent'],
    builtInTools: [],
    permissionMode: null,
    workspace: 'own',
    defaultProfile: null,
  },
  usage: {
    tokensToday: 5,
    tokensThisMonth: 900,
    costUsdToday: 0.5,
    costUsdThisMonth: 2,
    requestsToday: 1,
    requestsThisMonth: 9,
  },
};
const other: ApiKeyWithUsage = {
  ...key,
  id: 'key_2',
  name: 'anna',
  owner: '',
  tags: [],
  description: '',
  state: 'expired',
};

describe('the list of keys', () => {
  it.each([
    [{}, ['key_1', 'key_2']],
    [{ text: 'PLATFORM push' }, ['key_1']],
    [{ text: 'anna runner' }, []],
    [{ state: 'expired' as const }, ['key_2']],
    [{ text: 'key_2', state: 'active' as const }, []],
    [{ text: 'SHOP' }, ['key_1']],
    [{ tag: 'prod' }, ['key_1']],
    [{ tag: 'Prod' }, []],
  ])('with the filter %j has %j', (filter, ids) => {
    expect(filterKeys([key, other], filter).map(({ id }) => id)).toEqual(ids);
  });

  it('shows the limit that is nearest', () => {
    const budgets = budgetsOf(key.limits, key.usage);
    expect(tightestBudget(budgets, 'month')).toMatchObject({ id: 'tokensPerMonth', used: 900, limit: 1000 });
    expect(tightestBudget(budgets, 'day')).toMatchObject({ id: 'budgetUsdPerDay', used: 0.5, limit: null });
    const tight = budgetsOf({ ...key.limits, tokensPerDay: 8 }, key.usage);
    expect(tightestBudget(tight, 'day')).toMatchObject({ id: 'budgetUsdPerDay', soft: 0.5 });
  });

  it('knows the soft budgets that are reached, and when days and months end', () => {
    expect(softBudgetsReached(key).map(({ id }) => id)).toEqual(['budgetUsdPerDay']);
    expect(softBudgetsReached({ ...key, usage: { ...key.usage, costUsdToday: 0.49 } })).toEqual([]);
    const newYearsEve = Date.UTC(2026, 11, 31, 23, 59);
    expect(endOfPeriod('day', newYearsEve)).toBe(Date.UTC(2027, 0, 1));
    expect(endOfPeriod('month', newYearsEve)).toBe(Date.UTC(2027, 0, 1));
  });

  it('offers every tag once', () => {
    expect(knownTags([key, other, { tags: ['beta', 'prod'] }])).toEqual(['beta', 'prod', 'Web shop']);
  });

  it('says limits and permissions in few words', () => {
    expect(describeLimits(key.limits)).toEqual(['60/min', '4 at once']);
    expect(describePermissions(key.permissions)).toEqual(['2 models', 'agent', 'no tools']);
    expect(
      describePermissions({ ...key.permissions, models: null, profiles: null, builtInTools: null }),
    ).toEqual([]);
  });

  it('is exported flat, without secrets', () => {
    const [row] = exportKeys([key]);
    expect(row).toMatchObject({
      name: 'CI runner',
      tags: 'prod, Web shop',
      soft_budget_usd_per_day: 0.5,
      models: 'opus sonnet',
      requests_per_minute: 60,
      cost_usd_this_month: 2,
    });
    expect(Object.values(row ?? {}).every((value) => typeof value !== 'object' || value === null)).toBe(true);
    expect(writeCsv(exportKeys([key])).split('\r\n')[0]).not.toMatch(/secret/);
  });
});
