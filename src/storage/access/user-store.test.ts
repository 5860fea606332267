import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { newSession, newUser } from '../testing/access-rows.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseSessionStore } from './session-store.ts';
import { DatabaseUserStore } from './user-store.ts';

describe.each(testDatabases)('the user store on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const users = () => new DatabaseUserStore(test.database);
  const elsewhere = () => new DatabaseUserStore(test.elsewhere.database);
  const admin = { role: 'admin' } as const;

  it('gives a user back as it was created', async () => {
    const full = newUser('u', {
      ...admin,
      active: false,
      mustChangePassword: true,
      createdAt: 4e12,
      lastSignInAt: 5e12,
    });
    expect(await users().create(full)).toBe(true);
    expect(await users().create(newUser('plain'))).toBe(true);
    expect(await elsewhere().get('u')).toEqual(full);
    expect(await users().get('plain')).toEqual(newUser('plain'));
    expect(await users().get('missing')).toBeNull();
  });

  it('finds a user by name in any capitals, and has each name once', async () => {
    expect(await users().create(newUser('1', { username: 'Ärne' }))).toBe(true);
    expect(await users().create(newUser('2', { username: 'äRNE' }))).toBe(false);
    expect((await users().findByName('ÄRNE'))?.username).toBe('Ärne');
    expect(await users().findByName('arne')).toBeNull();
    expect(await users().findByName('\u0000')).toBeNull();
    expect(await users().findByName("' or 1=1 --")).toBeNull();
    expect(await users().list()).toHaveLength(1);
  });

  it('gives a name that many ask for at once to one', async () => {
    const created = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? users() : elsewhere()).create(newUser(`${index}`, { username: 'same' })),
      ),
    );
    expect(created.filter(Boolean)).toHaveLength(1);
  });

  it('lists by name', async () => {
    for (const username of ['bob', 'Ann', 'Cid']) await users().create(newUser(username, { username }));
    expect((await users().list()).map(({ username }) => username)).toEqual(['Ann', 'bob', 'Cid']);
  });

  it('changes what is named and leaves the rest', async () => {
    await users().create(newUser('u', { mustChangePassword: true }));
    const change = { passwordHash: 'other', mustChangePassword: false, lastSignInAt: 9 };
    expect(await users().update('u', change)).toEqual({ ...newUser('u'), ...change });
    expect(await elsewhere().get('u')).toEqual({ ...newUser('u'), ...change });
    expect(await users().update('missing', change)).toBeNull();
  });

  it('finds a user by a new name, and no longer by the old', async () => {
    await users().create(newUser('u', { username: 'old' }));
    await users().update('u', { username: 'NEW' });
    expect((await users().findByName('new'))?.id).toBe('u');
    expect(await users().findByName('old')).toBeNull();
  });

  it('keeps the last active admin', async () => {
    await users().create(newUser('a', admin));
    await users().create(newUser('off', { ...admin, active: false }));
    await users().create(newUser('v'));
    expect(await users().update('a', { active: false })).toBe('last_admin');
    expect(await users().update('a', { role: 'viewer', passwordHash: 'x' })).toBe('last_admin');
    expect(await users().remove('a')).toBe('last_admin');
    expect(await users().get('a')).toEqual(newUser('a', admin));
    expect(await users().update('a', { passwordHash: 'x' })).toMatchObject({ passwordHash: 'x' });
    expect(await users().update('off', { role: 'viewer' })).toMatchObject({ role: 'viewer' });
    expect(await users().update('v', { role: 'admin' })).toMatchObject({ role: 'admin' });
    expect(await users().update('a', { active: false })).toMatchObject({ active: false });
    expect(await users().remove('v')).toBe('last_admin');
    expect(await users().remove('a')).toBe(true);
    expect(await users().remove('a')).toBe(false);
  });

  it('keeps one admin where all are disabled, demoted and removed at once on two servers', async () => {
    const ids = ['1', '2', '3', '4', '5', '6'];
    for (const id of ids) await users().create(newUser(id, admin));
    const results = await Promise.all(
      ids.map((id, index) => {
        const store = index % 2 === 0 ? users() : elsewhere();
        if (index < 2) return store.remove(id);
        return store.update(id, index < 4 ? { active: false } : { role: 'viewer' });
      }),
    );
    expect(results.filter((result) => result === 'last_admin')).toHaveLength(1);
    const left = (await users().list()).filter(({ role, active }) => role === 'admin' && active);
    expect(left).toHaveLength(1);
  });

  it('removes a user with the sessions, and only those', async () => {
    const sessions = new DatabaseSessionStore(test.database);
    for (const id of ['u', 'other']) {
      await users().create(newUser(id));
      await sessions.create(newSession(`of ${id}`, { userId: id }));
    }
    await users().remove('u');
    expect((await sessions.list(0)).map(({ id }) => id)).toEqual(['of other']);
  });
});
