import { beforeEach, describe, expect, test } from 'vitest';
import { admin, createAccessParts } from '../testing/access-parts.ts';
import { Users } from './users.ts';

let parts: ReturnType<typeof createAccessParts>;
let users: Users;
beforeEach(() => {
  parts = createAccessParts();
  users = new Users(parts);
});

const make = (username: string, role: 'admin' | 'viewer' = 'viewer') =>
  users.create({ username, password: 'first password', role }, admin);

async function openSession(userId: string): Promise<void> {
  await parts.sessions.create({
    id: `session of ${userId}`,
    tokenHash: userId,
    userId,
    csrfSecret: '',
    createdAt: parts.now(),
    lastSeenAt: parts.now(),
    expiresAt: parts.now() + 1,
    address: '',
    client: '',
  });
}
const openSessions = async () => (await parts.sessions.list(parts.now())).length;

describe('the first user', () => {
  test('is the admin, who must change the password', async () => {
    expect(await users.ensureFirstUser({ password: 'admin123' })).toBe(true);
    expect(await users.list()).toMatchObject([
      { username: 'admin', role: 'admin', active: true, mustChangePassword: true },
    ]);
    expect(parts.entries.entries).toMatchObject([{ actor: 'server', action: 'user.created' }]);
  });

  test('is made where there is none only', async () => {
    await make('ada', 'admin');
    expect(await users.ensureFirstUser({ password: 'admin123' })).toBe(false);
    expect(await users.list()).toHaveLength(1);
  });

  test('is made once by servers that start at once', async () => {
    const other = new Users(parts);
    const made = await Promise.all(
      [users, other].map((one) => one.ensureFirstUser({ password: 'admin123' })),
    );
    expect([...made].sort()).toEqual([false, true]);
    expect(await users.list()).toHaveLength(1);
  });
});

describe('a new user', () => {
  test('must change the password, whose hash is never shown', async () => {
    const user = await make('vera');
    expect(user).toMatchObject({ username: 'vera', role: 'viewer', active: true, mustChangePassword: true });
    expect((await parts.users.get(user.id))?.passwordHash).toBe('today:first password');
    expect(JSON.stringify([await users.list(), parts.entries.entries])).not.toContain('first password');
  });

  test('has a name that nobody has, in whatever capitals', async () => {
    await make('Zo\u00eb');
    await expect(make('zOE\u0308')).rejects.toMatchObject({ code: 'conflict', param: 'username' });
    expect(await users.list()).toHaveLength(1);
  });

  test.each([
    ['username', '', 'long enough'],
    ['username', 'a b', 'long enough'],
    ['username', 'x'.repeat(65), 'long enough'],
    ['password', 'vera', 'short'],
  ])('is refused for the %s %j with the password %j', async (param, username, password) => {
    const refused = users.create({ username, password, role: 'viewer' }, admin);
    await expect(refused).rejects.toMatchObject({ code: 'invalid', param });
    expect(await users.list()).toEqual([]);
  });
});

describe('changing a user', () => {
  test('enables, disables and gives roles', async () => {
    await make('ada', 'admin');
    const { id } = await make('vera');
    expect(await users.update(id, { role: 'admin' }, admin)).toMatchObject({ role: 'admin', active: true });
    expect(await users.update(id, { role: 'viewer', active: undefined }, admin)).toMatchObject({
      role: 'viewer',
      active: true,
    });
  });

  test('ends the sessions of one who is disabled, and of no other', async () => {
    const [vera, ada] = [await make('vera'), await make('ada', 'admin')];
    await openSession(vera.id);
    await openSession(ada.id);
    await users.update(vera.id, { role: 'viewer' }, admin);
    expect(await openSessions()).toBe(2);
    await users.update(vera.id, { active: false }, admin);
    expect(await parts.sessions.findByToken(vera.id)).toBeNull();
    expect(await openSessions()).toBe(1);
  });

  test('resets a password: it must be changed, and the sessions end', async () => {
    const { id } = await make('vera');
    await parts.users.update(id, { mustChangePassword: false });
    await openSession(id);
    await users.resetPassword(id, 'second password', admin);
    expect(await parts.users.get(id)).toMatchObject({
      passwordHash: 'today:second password',
      mustChangePassword: true,
    });
    expect(await openSessions()).toBe(0);
    expect(parts.entries.entries.at(-1)).toMatchObject({
      action: 'user.password_reset',
      target: 'vera',
      details: {},
    });
    await expect(users.resetPassword(id, 'short', admin)).rejects.toMatchObject({ code: 'invalid' });
  });

  test('removes a user with the sessions', async () => {
    const { id } = await make('vera');
    await openSession(id);
    await users.remove(id, admin);
    expect(await users.list()).toEqual([]);
    expect(await openSessions()).toBe(0);
  });

  test('leaves the last active admin one', async () => {
    const { id } = await make('ada', 'admin');
    const other = await make('otto', 'admin');
    await users.update(other.id, { active: false }, admin);
    await openSession(id);
    const before = parts.entries.entries.length;
    for (const refused of [
      users.update(id, { active: false }, admin),
      users.update(id, { role: 'viewer' }, admin),
      users.remove(id, admin),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'conflict' });
    }
    expect(await parts.users.get(id)).toMatchObject({ role: 'admin', active: true });
    expect(await openSessions()).toBe(1);
    expect(parts.entries.entries).toHaveLength(before);
    await users.update(other.id, { active: true }, admin);
    await users.remove(id, admin);
  });

  test('finds no user who is not there', async () => {
    for (const refused of [
      users.update('user_0', { active: true }, admin),
      users.resetPassword('user_0', 'long enough', admin),
      users.remove('user_0', admin),
    ]) {
      await expect(refused).rejects.toMatchObject({ code: 'not_found' });
    }
  });
});

describe('resetting two-factor sign-in', () => {
  const turnOn = (id: string) =>
    parts.twoFactor.turnOn(id, { secret: 'x', since: 1, lastStep: 1, recoveryHashes: ['a'] });

  test('takes it off, ends the sessions and is audited', async () => {
    const { id } = await make('vera');
    await turnOn(id);
    await openSession(id);
    expect(await users.list()).toMatchObject([{ username: 'vera', twoFactor: true }]);
    expect(await users.resetTwoFactor(id, admin)).toMatchObject({ username: 'vera', twoFactor: false });
    expect(await parts.twoFactor.find(id)).toBeNull();
    expect(await openSessions()).toBe(0);
    expect(parts.entries.entries.at(-1)).toMatchObject({
      actor: 'ada',
      action: 'user.two_factor_reset',
      target: 'vera',
    });
  });

  test('is not for the own account, nor where it is off, nor for nobody', async () => {
    const { id } = await make('ada', 'admin');
    await turnOn(id);
    await expect(users.resetTwoFactor(id, admin)).rejects.toMatchObject({ code: 'conflict' });
    expect(await parts.twoFactor.find(id)).not.toBeNull();
    const { id: off } = await make('vera');
    await expect(users.resetTwoFactor(off, admin)).rejects.toMatchObject({ code: 'conflict' });
    await expect(users.resetTwoFactor('missing', admin)).rejects.toMatchObject({ code: 'not_found' });
  });
});
