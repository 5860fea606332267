import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { newUser } from '../testing/access-rows.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseUserStore } from './user-store.ts';
import { DatabaseViewStore, type SeenView, type StoredView } from './view-store.ts';

const newView = (id: string, more: Partial<Omit<StoredView, 'id'>> = {}): StoredView => ({
  id,
  userId: 'ada',
  page: 'records',
  name: `view ${id}`,
  search: 'status=error&range=24h',
  shared: false,
  createdAt: 4e12,
  updatedAt: 4e12,
  ...more,
});
const ids = (views: readonly SeenView[]) => views.map(({ id }) => id).toSorted();

describe.each(testDatabases)('the view store on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const views = () => new DatabaseViewStore(test.database);
  const elsewhere = () => new DatabaseViewStore(test.elsewhere.database);
  const users = () => new DatabaseUserStore(test.database);
  const people = async () => {
    await users().create(newUser('ada', { role: 'admin' }));
    await users().create(newUser('otto', { role: 'admin' }));
    await users().create(newUser('vera'));
  };
  const add = async (...added: readonly StoredView[]) => {
    for (const view of added) expect(await views().create(view, 50)).toBe('created');
  };

  it('keeps what was saved, for its user alone', async () => {
    await people();
    const view = newView('v', { name: 'Fällig \u{1F4B8}\uD800' });
    await add(view);
    const seen = { ...view, name: 'Fällig \u{1F4B8}\uFFFD', owner: 'user-ada', isDefault: false };
    expect(await elsewhere().get('ada', 'v')).toEqual(seen);
    expect(await elsewhere().list('ada')).toEqual([seen]);
    expect(await views().get('otto', 'v')).toBeNull();
    expect(await views().list('otto')).toEqual([]);
    expect(await views().get('ada', 'missing')).toBeNull();
  });

  it('shows everybody what an admin shares, as long as they are one', async () => {
    await people();
    await add(
      newView('own', { userId: 'vera' }),
      newView('shared', { shared: true }),
      newView('private'),
      newView('of otto', { userId: 'otto', shared: true, page: 'keys' }),
    );
    expect(ids(await views().list('vera'))).toEqual(['of otto', 'own', 'shared']);
    expect(ids(await views().list('ada'))).toEqual(['of otto', 'private', 'shared']);
    expect(await views().get('vera', 'shared')).toMatchObject({ owner: 'user-ada', shared: true });
    await users().update('ada', { role: 'viewer' });
    expect(ids(await views().list('vera'))).toEqual(['of otto', 'own']);
    expect(await views().get('vera', 'shared')).toBeNull();
    expect(await views().get('ada', 'shared')).toMatchObject({ shared: false });
  });

  it('has no name twice for a user and a page', async () => {
    await people();
    await add(newView('1', { name: 'Same' }), newView('2'));
    expect(await elsewhere().create(newView('3', { name: 'Same' }), 50)).toBe('name_taken');
    await add(newView('4', { name: 'Same', page: 'keys' }), newView('5', { name: 'Same', userId: 'vera' }));
    const second = { id: '2', userId: 'ada', page: 'records' } as const;
    expect(await views().update(second, { name: 'Same', shared: true })).toBe('name_taken');
    expect(await views().get('ada', '2')).toMatchObject({ name: 'view 2', shared: false });
    expect(await views().update({ ...second, id: '1' }, { name: 'Same' })).toBe('updated');
  });

  it('takes no more than so many for a user and a page, also from two servers at once', async () => {
    await people();
    const made = await Promise.all(
      ['1', '2', '3', '4', '5', '6'].map((id, index) =>
        (index % 2 === 0 ? views() : elsewhere()).create(newView(id), 3),
      ),
    );
    expect(made.toSorted()).toEqual(['created', 'created', 'created', 'too_many', 'too_many', 'too_many']);
    expect(await views().create(newView('another page', { page: 'audit' }), 3)).toBe('created');
    expect(await views().create(newView('another user', { userId: 'vera' }), 3)).toBe('created');
  });

  it('of two servers that give the same name, lets one', async () => {
    await people();
    const made = await Promise.all(
      [views(), elsewhere()].map((store, index) => store.create(newView(`${index}`, { name: 'Same' }), 50)),
    );
    expect(made.toSorted()).toEqual(['created', 'name_taken']);
  });

  it('changes what is named, and nothing of one that is gone', async () => {
    await people();
    const view = newView('v');
    await add(view);
    expect(await views().update(view, { search: 'text=x', updatedAt: 5e12 })).toBe('updated');
    expect(await views().update(view, { shared: true })).toBe('updated');
    expect(await views().update(view, {})).toBe('updated');
    expect(await elsewhere().get('ada', 'v')).toMatchObject({
      name: 'view v',
      search: 'text=x',
      shared: true,
      createdAt: 4e12,
      updatedAt: 5e12,
    });
    expect(await views().remove('v')).toBe(true);
    expect(await views().remove('v')).toBe(false);
    expect(await views().update(view, { name: 'new' })).toBe('gone');
  });

  it('opens a page with one view for each user', async () => {
    await people();
    await add(newView('1', { shared: true }), newView('2'), newView('keys', { page: 'keys' }));
    const defaultsOf = async (userId: string) =>
      ids((await elsewhere().list(userId)).filter(({ isDefault }) => isDefault));
    await views().setDefault('ada', '1', true);
    await views().setDefault('ada', 'keys', true);
    await views().setDefault('vera', '1', true);
    expect(await defaultsOf('ada')).toEqual(['1', 'keys']);
    expect(await defaultsOf('vera')).toEqual(['1']);
    await views().setDefault('ada', '2', true);
    await views().setDefault('ada', '1', false);
    await views().setDefault('ada', 'missing', true);
    expect(await defaultsOf('ada')).toEqual(['2', 'keys']);
    await views().setDefault('ada', '2', false);
    expect(await defaultsOf('ada')).toEqual(['keys']);
    await views().remove('1');
    expect(await defaultsOf('vera')).toEqual([]);
  });

  it('forgets the views of a user who is removed, and what others open pages with', async () => {
    await people();
    await add(newView('v', { shared: true }), newView('w', { userId: 'vera' }));
    await views().setDefault('vera', 'v', true);
    await views().setDefault('ada', 'v', true);
    expect(await users().remove('ada')).toBe(true);
    expect(ids(await views().list('vera'))).toEqual(['w']);
    expect(await test.count('saved_views')).toBe(1);
    expect(await test.count('default_views')).toBe(0);
  });
});
