import { describe, expect, it } from 'vitest';
import type { ApiKey } from '../../../../../src/contract/index.ts';
import {
  checkKeyDraft,
  draftOfKey,
  emptyKeyDraft,
  isKeyChanged,
  keyChangeOf,
  newKeyOf,
} from './key-draft.ts';
import { readAmount } from './read-amount.ts';

const key: ApiKey = {
  id: 'key_1',
  name: 'ci',
  description: '',
  owner: 'Platform',
  tags: ['prod'],
  prefix: 'sk-abc',
  active: true,
  state: 'active',
  createdAt: 1,
  createdBy: 'admin',
  expiresAt: null,
  lastUsedAt: null,
  rotatedAt: null,
  previousValidUntil: null,
  spendingResetAt: null,
  limits: {
    requestsPerMinute: 60,
    concurrentRuns: null,
    tokensPerDay: null,
    tokensPerMonth: 2_000_000,
    budgetUsdPerDay: null,
    budgetUsdPerMonth: 12.5,
    softBudgetUsdPerDay: null,
    softBudgetUsdPerMonth: 10,
  },
  permissions: {
    models: ['opus'],
    profiles: null,
    builtInTools: null,
    permissionMode: null,
    workspace: 'own',
    defaultProfile: null,
  },
};

describe('figures in a form', () => {
  it.each([
    ['', null],
    ['  ', null],
    ['20', 20],
    ['1,000,000', 1_000_000],
    ['1 000', 1000],
    ['2.5M', 2_500_000],
    ['10k', 10_000],
    ['0', undefined],
    ['-1', undefined],
    ['1.5', undefined],
    ['ten', undefined],
    ['9999b', undefined],
  ])('%j is %j', (text, value) => {
    expect(readAmount(text, { whole: true })).toBe(value);
  });

  it.each([
    ['$10.50', 10.5],
    ['.25', 0.25],
    ['1.1k', 1100],
  ])('as money %j is %j', (text, value) => {
    expect(readAmount(text, { whole: false })).toBe(value);
  });
});

describe('a key in a form', () => {
  it('is unchanged as it was read', () => {
    const draft = draftOfKey(key);
    expect(isKeyChanged(key, draft)).toBe(false);
    expect(keyChangeOf(key, draft)).toEqual({});
  });

  it('sends only what differs', () => {
    const before = draftOfKey(key);
    const draft = {
      ...before,
      name: ' ci-runner ',
      tags: ['prod', 'web'],
      limits: { ...before.limits, tokensPerMonth: '', budgetUsdPerDay: '5' },
      permissions: { ...before.permissions, models: null },
    };
    expect(isKeyChanged(key, draft)).toBe(true);
    expect(keyChangeOf(key, draft)).toEqual({
      name: 'ci-runner',
      tags: ['prod', 'web'],
      limits: { tokensPerMonth: null, budgetUsdPerDay: 5 },
      permissions: { models: null },
    });
  });

  it('is told what is wrong, by the names of the server', () => {
    const draft = {
      ...emptyKeyDraft,
      expiresAt: 1000,
      limits: { ...emptyKeyDraft.limits, concurrentRuns: 'many', budgetUsdPerMonth: '-' },
      permissions: { ...emptyKeyDraft.permissions, workspace: 'directory:' as const },
    };
    expect(Object.keys(checkKeyDraft(draft, 2000)).sort()).toEqual([
      'expiresAt',
      'limits.budgetUsdPerMonth',
      'limits.concurrentRuns',
      'name',
      'permissions.workspace',
    ]);
    expect(() => newKeyOf(draft)).toThrow(RangeError);
  });

  it('is told of too many tags, and of soft budgets that would never be reached', () => {
    const before = draftOfKey(key);
    const limits = { ...before.limits, budgetUsdPerMonth: '9.99' };
    expect(checkKeyDraft({ ...before, limits }, 0)).toHaveProperty(['limits.softBudgetUsdPerMonth']);
    expect(checkKeyDraft({ ...before, limits: { ...limits, budgetUsdPerMonth: '10' } }, 0)).toEqual({});
    const tags = Array.from({ length: 21 }, (_, index) => `t${index}`);
    expect(checkKeyDraft({ ...before, tags }, 0)).toHaveProperty('tags');
    expect(checkKeyDraft({ ...before, tags: ['x'.repeat(51)] }, 0)).toHaveProperty('tags');
  });

  it('may be new with nothing but a name', () => {
    const draft = { ...emptyKeyDraft, name: 'ci' };
    expect(checkKeyDraft(draft, 0)).toEqual({});
    expect(newKeyOf(draft)).toMatchObject({ name: 'ci', expiresAt: null, limits: { tokensPerDay: null } });
  });
});
