import { describe, expect, it } from 'vitest';
import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { writeCsv } from '../../format/write-csv.ts';
import { budgetsOf, tightestBudget } from './budgets.ts';
import { describeLimits, describePermissions } from './describe-key.ts';
import { exportKeys } from './export-keys.ts';
import { filterKeys } from './filter-keys.ts';

const key: ApiKeyWithUsage = {
  id: 'key_1',
  name: 'CI runner',
  description: 'on every push',
  owner: 'Platform',
  prefix: 'sk-abc',
  active: true,
  state: 'active',
  createdAt: 0,
  createdBy: 'admin',
  expiresAt: null,
  lastUsedAt: 1000,
  rotatedAt: null,
  previousValidUntil: null,
  limits: {
    requestsPerMinute: 60,
    concurrentRuns: 4,
    tokensPerDay: null,
    tokensPerMonth: 1000,
    budgetUsdPerDay: null,
    budgetUsdPerMonth: 10,
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
  ])('with the filter %j has %j', (filter, ids) => {
    expect(filterKeys([key, other], filter).map(({ id }) => id)).toEqual(ids);
  });

  it('shows the limit that is nearest', () => {
    const budgets = budgetsOf(key.limits, key.usage);
    expect(tightestBudget(budgets, 'month')).toMatchObject({ id: 'tokensPerMonth', used: 900, limit: 1000 });
    expect(tightestBudget(budgets, 'day')).toMatchObject({ id: 'budgetUsdPerDay', used: 0.5, limit: null });
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
      models: 'opus sonnet',
      requests_per_minute: 60,
      cost_usd_this_month: 2,
    });
    expect(Object.values(row ?? {}).every((value) => typeof value !== 'object' || value === null)).toBe(true);
    expect(writeCsv(exportKeys([key])).split('\r\n')[0]).not.toMatch(/secret/);
  });
});
