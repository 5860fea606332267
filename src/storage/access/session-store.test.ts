import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { newSession, newUser } from '../testing/access-rows.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { DatabaseSessionStore, type StoredSession } from './session-store.ts';
import { DatabaseUserStore } from './user-store.ts';

describe.each(testDatabases)('the session store on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const sessions = () => new DatabaseSessionStore(test.database);
  const elsewhere = () => new DatabaseSessionStore(test.elsewhere.database);
  const users = async (...ids: readonly string[]) => {
    for (const id of ids) await new DatabaseUserStore(test.database).create(newUser(id));
  };
  const ids = (list: readonly StoredSession[]) => list.map(({ id }) => id);

  it('finds a session by its token and by its id', async () => {
    await users('u');
    const session = newSession('s', {
      createdAt: 4e12,
      lastSeenAt: 4e12,
      expiresAt: 5e12,
      client: 'a\u0000b',
    });
    await sessions().create(session);
    const stored = { ...session, client: 'a\uFFFDb' };
    expect(await elsewhere().findByToken('hash of s')).toEqual(stored);
    expect(await elsewhere().get('s')).toEqual(stored);
    expect(await sessions().findByToken('s')).toBeNull();
    expect(await sessions().get('hash of s')).toBeNull();
  });

  it('makes none for a user who is gone', async () => {
    await expect(sessions().create(newSession('s', { userId: 'gone' }))).rejects.toThrow();
  });

  it('lists those that have not expired', async () => {
    await users('u', 'v');
    await sessions().create(newSession('1', { expiresAt: 100 }));
    await sessions().create(newSession('2', { expiresAt: 101, userId: 'v' }));
    await sessions().create(newSession('3', { expiresAt: 200 }));
    expect(ids(await sessions().list(100))).toEqual(['3', '2']);
  });

  it('keeps when a session was last seen', async () => {
    await users('u');
    await sessions().create(newSession('s', { lastSeenAt: 10 }));
    await elsewhere().touch('s', 30);
    await sessions().touch('s', 20);
    await sessions().touch('missing', 20);
    expect((await sessions().get('s'))?.lastSeenAt).toBe(30);
  });

  it('ends one session, or all of a user', async () => {
    await users('u', 'v');
    for (const id of ['1', '2', '3', '5']) await sessions().create(newSession(id));
    await sessions().create(newSession('4', { userId: 'v' }));
    expect(await elsewhere().remove('1')).toBe(true);
    expect(await sessions().remove('1')).toBe(false);
    expect(await sessions().removeOfUser('u', '3')).toBe(2);
    expect((await sessions().get('3'))?.userId).toBe('u');
    expect(await sessions().removeOfUser('u')).toBe(1);
    expect(await sessions().removeOfUser('u')).toBe(0);
    expect(ids(await sessions().list(0))).toEqual(['4']);
  });

  it('removes those that have expired or idled', async () => {
    await users('u');
    await sessions().create(newSession('expired', { expiresAt: 100, lastSeenAt: 90 }));
    await sessions().create(newSession('idle', { expiresAt: 500, lastSeenAt: 49 }));
    await sessions().create(newSession('open', { expiresAt: 101, lastSeenAt: 50 }));
    expect(await sessions().removeExpired(100, 50)).toBe(2);
    expect(ids(await sessions().list(0))).toEqual(['open']);
  });
});
