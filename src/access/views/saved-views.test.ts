import { beforeEach, describe, expect, test } from 'vitest';
import { mostViews, type NewView, type ViewPage } from '../../contract/index.ts';
import { createAccessParts } from '../testing/access-parts.ts';
import { MemoryViewStore } from '../testing/memory-view-store.ts';
import { SavedViews, type ViewCaller } from './saved-views.ts';

const ada: ViewCaller = { userId: 'ada', role: 'admin' };
const vera: ViewCaller = { userId: 'vera', role: 'viewer' };
const actorOf = ({ userId }: ViewCaller) => ({ name: userId, address: '192.0.2.1' });

let parts: ReturnType<typeof createAccessParts>;
let views: SavedViews;
beforeEach(() => {
  parts = createAccessParts();
  const store = new MemoryViewStore({ ada: 'admin', vera: 'viewer' });
  views = new SavedViews({ store, audit: parts.audit, now: parts.now });
});

const save = (name: string, caller: ViewCaller, more: Partial<NewView> = {}) =>
  views.create(
    { page: 'records', name, search: 'status=error', shared: false, isDefault: false, ...more },
    caller,
    actorOf(caller),
  );
const change = (id: string, what: Parameters<SavedViews['update']>[1], caller: ViewCaller) =>
  views.update(id, what, caller, actorOf(caller));
const namesOf = async (caller: ViewCaller, page?: ViewPage) =>
  (await views.list(caller, page)).map(({ name }) => name);
const audited = () =>
  parts.entries.entries.map(({ actor, action, target, details }) => [actor, action, target, details]);

describe('a private view', () => {
  test('is its user’s alone, and nobody writes down what is done with it', async () => {
    const { id } = await save('Failed', vera, { isDefault: true });
    expect(await views.list(vera)).toEqual([
      {
        id,
        page: 'records',
        name: 'Failed',
        search: 'status=error',
        shared: false,
        own: true,
        owner: 'vera',
        isDefault: true,
        createdAt: parts.now(),
        updatedAt: parts.now(),
      },
    ]);
    expect(await views.list(ada)).toEqual([]);
    parts.clock.advance(5);
    expect(await change(id, { name: 'Dear', search: 'minCostUsd=1' }, vera)).toMatchObject({
      name: 'Dear',
      search: 'minCostUsd=1',
      updatedAt: parts.now(),
    });
    for (const attempt of [change(id, { name: 'x' }, ada), change(id, { isDefault: true }, ada)])
      await expect(attempt).rejects.toMatchObject({ code: 'not_found' });
    await expect(views.remove(id, ada, actorOf(ada))).rejects.toMatchObject({ code: 'not_found' });
    await views.remove(id, vera, actorOf(vera));
    expect(await views.list(vera)).toEqual([]);
    expect(audited()).toEqual([]);
  });

  test('opens its page until another does, or none', async () => {
    const first = await save('First', vera, { isDefault: true });
    const second = await save('Second', vera, { isDefault: true });
    const opening = async () => (await views.list(vera)).flatMap((one) => (one.isDefault ? [one.name] : []));
    expect(await opening()).toEqual(['Second']);
    const before = (await views.list(vera))[0]?.updatedAt;
    parts.clock.advance(5);
    expect(await change(first.id, { isDefault: true }, vera)).toMatchObject({ updatedAt: before });
    await change(second.id, { isDefault: false }, vera);
    expect(await opening()).toEqual(['First']);
    await change(first.id, { isDefault: false }, vera);
    expect(await opening()).toEqual([]);
  });
});

describe('a name', () => {
  test('is had once by a user and a page', async () => {
    const taken = { code: 'conflict', param: 'name', message: expect.stringContaining('“Failed”') };
    await save('Failed', vera);
    await save('Failed', vera, { page: 'keys' });
    await save('Failed', ada);
    const { id } = await save('Other', vera);
    await expect(save('Failed', vera)).rejects.toMatchObject(taken);
    await expect(change(id, { name: 'Failed' }, vera)).rejects.toMatchObject(taken);
    expect(await namesOf(vera, 'records')).toEqual(['Failed', 'Other']);
  });

  test('puts views in order, as people count', async () => {
    for (const name of ['Week 10', 'week 9', 'Ärger', 'Zoo']) await save(name, vera);
    expect(await namesOf(vera)).toEqual(['Ärger', 'week 9', 'Week 10', 'Zoo']);
  });
});

test('there are so many views of a page, and no more', async () => {
  for (let index = 0; index < mostViews; index++) await save(`${index}`, vera);
  const tooMany = { code: 'conflict', param: undefined, message: expect.stringContaining(`${mostViews}`) };
  await expect(save('one more', vera)).rejects.toMatchObject(tooMany);
  await save('one more', vera, { page: 'keys' });
});

describe('a shared view', () => {
  test('is used by everybody and changed by its owner, and each change of what others see is audited', async () => {
    const { id } = await save('Failed', ada);
    expect(await change(id, { shared: true }, ada)).toMatchObject({ shared: true, own: true });
    expect(await views.list(vera)).toMatchObject([{ id, shared: true, own: false, owner: 'ada' }]);
    expect(await change(id, { isDefault: true }, vera)).toMatchObject({ isDefault: true });
    expect(await views.list(ada)).toMatchObject([{ isDefault: false }]);
    const forbidden = { code: 'forbidden', message: expect.stringContaining('somebody else’s') };
    for (const attempt of [
      change(id, { name: 'Mine' }, vera),
      change(id, { shared: false, isDefault: false }, vera),
      views.remove(id, vera, actorOf(vera)),
    ])
      await expect(attempt).rejects.toMatchObject(forbidden);
    expect(await views.list(vera)).toMatchObject([{ name: 'Failed', isDefault: true }]);
    await change(id, { search: 'status=500' }, ada);
    await change(id, { isDefault: true }, ada);
    await change(id, { shared: true }, ada);
    await change(id, { shared: false }, ada);
    expect(await views.list(vera)).toEqual([]);
    const { id: other } = await save('Dear', ada, { shared: true, page: 'keys' });
    await views.remove(other, ada, actorOf(ada));
    expect(audited()).toEqual([
      ['ada', 'view.shared', 'Failed', { page: 'records', search: 'status=error' }],
      ['ada', 'view.shared', 'Failed', { page: 'records', search: 'status=500' }],
      ['ada', 'view.unshared', 'Failed', { page: 'records', search: 'status=500' }],
      ['ada', 'view.shared', 'Dear', { page: 'keys', search: 'status=error' }],
      ['ada', 'view.unshared', 'Dear', { page: 'keys', search: 'status=error' }],
    ]);
  });

  test('is made by an admin', async () => {
    const refused = { code: 'forbidden', param: 'shared' };
    await expect(save('Failed', vera, { shared: true })).rejects.toMatchObject(refused);
    const { id } = await save('Failed', vera);
    await expect(change(id, { shared: true, name: 'New' }, vera)).rejects.toMatchObject(refused);
    expect(await change(id, { shared: false }, vera)).toMatchObject({ name: 'Failed', shared: false });
    expect(audited()).toEqual([]);
  });
});

test('viewers hear nothing of pages that are for admins', async () => {
  const { id } = await save('Sign-ins', ada, { page: 'audit', shared: true });
  await save('Errors', ada, { page: 'logs', shared: true });
  expect(await namesOf(ada)).toEqual(['Errors', 'Sign-ins']);
  expect(await namesOf(ada, 'logs')).toEqual(['Errors']);
  expect(await namesOf(vera)).toEqual([]);
  await expect(change(id, { isDefault: true }, vera)).rejects.toMatchObject({ code: 'not_found' });
  await expect(save('Mine', vera, { page: 'audit' })).rejects.toMatchObject({ code: 'forbidden' });
});

test('what is not there is not found', async () => {
  await expect(change('view_0', { name: 'x' }, ada)).rejects.toMatchObject({ code: 'not_found' });
  await expect(views.remove('view_0', ada, actorOf(ada))).rejects.toMatchObject({ code: 'not_found' });
});
