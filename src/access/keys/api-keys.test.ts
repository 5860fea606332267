import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { newKey } from '../../contract/index.ts';
import { admin, createAccessParts } from '../testing/access-parts.ts';
import { ApiKeys, type KeyEvent } from './api-keys.ts';
import { createKeyHash } from './secrets.ts';

const day = 24 * 60 * 60 * 1000;

let parts: ReturnType<typeof createAccessParts>;
let apiKeys: ApiKeys;
beforeEach(() => {
  parts = createAccessParts();
  apiKeys = new ApiKeys({ ...parts, hash: createKeyHash('the secret of the server') });
});
afterEach(() => apiKeys[Symbol.asyncDispose]());

const make = (fields: object = {}) => apiKeys.create(newKey.parse({ name: 'ci', ...fields }), admin);

describe('making a key', () => {
  test('returns the secret once and stores only its hash', async () => {
    const { key, secret } = await make({ owner: 'team' });
    expect(key).toMatchObject({ name: 'ci', owner: 'team', state: 'active', createdBy: 'ada' });
    expect(key.prefix).toBe(secret.slice(0, 10));
    const kept = JSON.stringify([await parts.keys.list(), await apiKeys.list(), parts.entries.entries]);
    expect(kept).not.toContain(secret.slice(0, 12));
    expect(Object.keys(await apiKeys.get(key.id))).not.toContain('secretHash');
  });

  test('fills what is not said: no limits, all permissions', async () => {
    const { key } = await make({ limits: { tokensPerDay: 10 }, permissions: { models: ['claude-*'] } });
    expect(key.limits).toMatchObject({ tokensPerDay: 10, tokensPerMonth: null, requestsPerMinute: null });
    expect(key.permissions).toMatchObject({ models: ['claude-*'], profiles: null, workspace: 'own' });
  });

  test('refuses one that would have expired already', async () => {
    await expect(make({ expiresAt: parts.now() })).rejects.toMatchObject({
      code: 'invalid',
      param: 'expiresAt',
    });
    expect(await apiKeys.list()).toEqual([]);
    expect(parts.entries.entries).toEqual([]);
  });

  test('keeps its tags, each once and without the space around it', async () => {
    const { key } = await make({ tags: [' prod ', 'web', 'prod'] });
    expect(key.tags).toEqual(['prod', 'web']);
    const changed = await apiKeys.update(key.id, { tags: ['web'] }, admin);
    expect(changed.tags).toEqual(['web']);
    expect(parts.entries.entries.at(-1)?.details).toEqual({
      tags: { before: ['prod', 'web'], after: ['web'] },
    });
    const tooMany = Array.from({ length: 21 }, (_, index) => `t${index}`);
    for (const tags of [[''], ['a\nb'], ['x'.repeat(51)], tooMany]) {
      expect(newKey.safeParse({ name: 'ci', tags }).success).toBe(false);
    }
  });

  test('refuses a soft budget above the hard one, now and later', async () => {
    const { key } = await make({ limits: { softBudgetUsdPerDay: 5, budgetUsdPerDay: 5 } });
    const wrong = { code: 'invalid', param: 'limits.softBudgetUsdPerDay' };
    await expect(apiKeys.update(key.id, { limits: { budgetUsdPerDay: 4 } }, admin)).rejects.toMatchObject({
      ...wrong,
      message: 'The soft budget of $5 a day is above the budget of $4, so it would never be reached.',
    });
    await expect(make({ limits: { softBudgetUsdPerMonth: 2, budgetUsdPerMonth: 1 } })).rejects.toMatchObject({
      code: 'invalid',
      param: 'limits.softBudgetUsdPerMonth',
    });
    await apiKeys.update(key.id, { limits: { budgetUsdPerDay: null } }, admin);
  });

  test('refuses a default profile that the key may not use', async () => {
    const wrong = { permissions: { profiles: ['model'], defaultProfile: 'agent' } };
    await expect(make(wrong)).rejects.toMatchObject({ code: 'invalid', param: 'permissions.defaultProfile' });
    const { key } = await make({ permissions: { profiles: ['model'], defaultProfile: 'model' } });
    await expect(
      apiKeys.update(key.id, { permissions: { profiles: ['agent'] } }, admin),
    ).rejects.toMatchObject({ code: 'invalid' });
    expect((await apiKeys.get(key.id)).permissions.profiles).toEqual(['model']);
  });
});

describe('authenticating', () => {
  test('finds the key of a secret', async () => {
    const { key, secret } = await make();
    await make();
    const found = await apiKeys.authenticate(secret);
    expect(found.key.id).toBe(key.id);
    expect(found.key.state).toBe('active');
    expect(found.key).not.toHaveProperty('secretHash');
  });

  test('refuses an unknown secret and does not repeat it', async () => {
    const { secret } = await make();
    const wrong = `${secret.slice(0, -1)}!`;
    await expect(apiKeys.authenticate(wrong)).rejects.toMatchObject({
      code: 'invalid_key',
      message: `Incorrect API key provided: ${secret.slice(0, 7)}***.`,
    });
    await expect(apiKeys.authenticate('')).rejects.toMatchObject({ code: 'invalid_key' });
  });

  test('refuses the hash itself', async () => {
    const { secret } = await make();
    const [stored] = await parts.keys.list();
    await expect(apiKeys.authenticate(stored?.secretHash ?? '')).rejects.toMatchObject({
      code: 'invalid_key',
    });
    await apiKeys.authenticate(secret);
  });

  test('refuses an inactive, an expired and a deleted key from the next request on', async () => {
    const { key, secret } = await make({ expiresAt: parts.now() + day });
    await apiKeys.update(key.id, { active: false }, admin);
    await expect(apiKeys.authenticate(secret)).rejects.toThrow('This API key is inactive.');
    await apiKeys.update(key.id, { active: true }, admin);
    await apiKeys.authenticate(secret);
    parts.clock.advance(day);
    await expect(apiKeys.authenticate(secret)).rejects.toThrow('expired at 2026-01-16T12:00:00.000Z');
    await apiKeys.remove(key.id, admin);
    await expect(apiKeys.authenticate(secret)).rejects.toThrow('Incorrect API key');
  });

  test('refuses all where the secret of the server has changed', async () => {
    const { secret } = await make();
    await using other = new ApiKeys({ ...parts, hash: createKeyHash('another secret of the server') });
    await expect(other.authenticate(secret)).rejects.toMatchObject({ code: 'invalid_key' });
  });
});

describe('rotating', () => {
  test('lets the old secret work until the time of grace is over', async () => {
    const { key, secret: old } = await make();
    const { secret, key: rotated } = await apiKeys.rotate(key.id, 60, admin);
    expect(rotated).toMatchObject({ id: key.id, prefix: secret.slice(0, 10), rotatedAt: parts.now() });
    parts.clock.advance(59_999);
    expect((await apiKeys.authenticate(old)).key.id).toBe(key.id);
    parts.clock.advance(1);
    await expect(apiKeys.authenticate(old)).rejects.toThrow('was replaced by a new one');
    expect((await apiKeys.authenticate(secret)).key.id).toBe(key.id);
  });

  test('without grace ends the old secret at once, also one in its time of grace', async () => {
    const { key, secret: first } = await make();
    const { secret: second } = await apiKeys.rotate(key.id, 3600, admin);
    const { secret: third } = await apiKeys.rotate(key.id, 0, admin);
    for (const ended of [first, second]) {
      await expect(apiKeys.authenticate(ended)).rejects.toMatchObject({ code: 'invalid_key' });
    }
    await apiKeys.authenticate(third);
  });

  test('an inactive key stays inactive', async () => {
    const { key } = await make();
    await apiKeys.update(key.id, { active: false }, admin);
    const { secret } = await apiKeys.rotate(key.id, 60, admin);
    await expect(apiKeys.authenticate(secret)).rejects.toThrow('inactive');
  });
});

describe('changing', () => {
  test('keeps the limits and permissions that are not named', async () => {
    const { key } = await make({ limits: { tokensPerDay: 10, requestsPerMinute: 5 } });
    const changed = await apiKeys.update(key.id, { limits: { tokensPerDay: null } }, admin);
    expect(changed.limits).toMatchObject({ tokensPerDay: null, requestsPerMinute: 5 });
  });

  test('does not undo what another admin changes at the same time', async () => {
    const { key } = await make();
    const found = await parts.keys.get(key.id);
    parts.keys.get = async () => {
      await parts.keys.update(key.id, { active: false });
      return found;
    };
    expect(await apiKeys.update(key.id, { name: 'renamed' }, admin)).toMatchObject({
      name: 'renamed',
      state: 'inactive',
    });
  });

  test('a key that is not there is not found', async () => {
    for (const work of [
      () => apiKeys.get('key_0'),
      () => apiKeys.update('key_0', { name: 'x' }, admin),
      () => apiKeys.rotate('key_0', 0, admin),
      () => apiKeys.remove('key_0', admin),
    ]) {
      await expect(work()).rejects.toMatchObject({ code: 'not_found' });
    }
  });

  test('is told to those who listen and to the audit, without secrets', async () => {
    const events: KeyEvent[] = [];
    const stop = apiKeys.onChange((event) => events.push(event));
    const { key, secret } = await make();
    await apiKeys.update(key.id, { name: 'renamed', limits: { tokensPerDay: 5 } }, admin);
    const { secret: second } = await apiKeys.rotate(key.id, 60, admin);
    await apiKeys.remove(key.id, admin);
    stop();
    await make();
    expect(events.map(({ type, key: told }) => [type, told.id])).toEqual([
      ['created', key.id],
      ['updated', key.id],
      ['updated', key.id],
      ['deleted', key.id],
    ]);
    const { entries } = parts.entries;
    expect(entries.slice(0, 4).map(({ action, target }) => [action, target])).toEqual([
      ['key.created', key.id],
      ['key.updated', key.id],
      ['key.rotated', key.id],
      ['key.deleted', key.id],
    ]);
    expect(entries[1]?.details).toEqual({
      name: { before: 'ci', after: 'renamed' },
      'limits.tokensPerDay': { before: null, after: 5 },
    });
    const told = JSON.stringify([events, entries]);
    for (const one of [secret, second]) expect(told).not.toContain(one.slice(0, 12));
    expect(told).not.toMatch(/[0-9a-f]{64}/);
  });

  test('stands even if a listener breaks', async () => {
    apiKeys.onChange(() => {
      throw new Error('broken');
    });
    const { key } = await make();
    expect(await apiKeys.get(key.id)).toMatchObject({ name: 'ci' });
    expect(parts.problems).toEqual(['a listener broke']);
  });
});

test('the list has what each key has used today and this month, newest first', async () => {
  const { key: one } = await make({ name: 'one' });
  const { key: other } = await make({ name: 'other' });
  await parts.spending.add(one.id, parts.now() - day, { requests: 1, tokens: 10, costUsd: 0.5 });
  await parts.spending.add(one.id, parts.now(), { requests: 2, tokens: 5, costUsd: 0.25 });
  const usage = {
    requestsToday: 2,
    requestsThisMonth: 3,
    tokensToday: 5,
    tokensThisMonth: 15,
    costUsdToday: 0.25,
    costUsdThisMonth: 0.75,
  };
  const list = await apiKeys.list();
  expect(list.map(({ id }) => id)).toEqual([other.id, one.id]);
  expect(list[1]?.usage).toEqual(usage);
  expect(list[0]?.usage.requestsThisMonth).toBe(0);
  expect((await apiKeys.get(one.id)).usage).toEqual(usage);
});

test('a budget that is begun anew counts from nothing, and the audit knows what it was', async () => {
  const { key } = await make();
  await parts.spending.add(key.id, parts.now() - day, { requests: 1, tokens: 10, costUsd: 0.5 });
  await parts.spending.add(key.id, parts.now(), { requests: 2, tokens: 5, costUsd: 0.25 });
  const events: KeyEvent[] = [];
  apiKeys.onChange((event) => events.push(event));
  expect((await apiKeys.resetSpending(key.id, admin)).usage).toEqual({
    requestsToday: 2,
    requestsThisMonth: 3,
    tokensToday: 0,
    tokensThisMonth: 0,
    costUsdToday: 0,
    costUsdThisMonth: 0,
  });
  expect(events).toMatchObject([{ type: 'updated', key: { id: key.id } }]);
  expect(parts.entries.entries.at(-1)).toMatchObject({
    actor: 'ada',
    action: 'key.spending_reset',
    target: key.id,
    details: { costUsdToday: 0.25, costUsdThisMonth: 0.75, tokensToday: 5, tokensThisMonth: 15 },
  });
});

test('the last use is written when the server ends, if not before', async () => {
  const { key, secret } = await make();
  await apiKeys.authenticate(secret);
  expect((await apiKeys.get(key.id)).lastUsedAt).toBeNull();
  await apiKeys[Symbol.asyncDispose]();
  expect((await parts.keys.get(key.id))?.lastUsedAt).toBe(parts.now());
});
