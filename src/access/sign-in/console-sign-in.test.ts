import { beforeEach, describe, expect, test } from 'vitest';
import type { StoredUser } from '../ports.ts';
import { createAccessParts } from '../testing/access-parts.ts';
import { ConsoleSignIn } from './console-sign-in.ts';
import type { BegunSession } from './sessions.ts';

const hour = 60 * 60 * 1000;
const visitor = { address: '192.0.2.1', client: 'Firefox' };

let parts: ReturnType<typeof createAccessParts>;
let console: ConsoleSignIn;
beforeEach(async () => {
  parts = createAccessParts();
  console = new ConsoleSignIn({ ...parts, idleMs: hour });
  await addUser('ada', { role: 'admin' });
  await addUser('vera');
});

async function addUser(name: string, fields: Partial<StoredUser> = {}): Promise<void> {
  await parts.users.create({
    id: `user_${name}`,
    username: name,
    passwordHash: `today:secret of ${name}`,
    role: 'viewer',
    active: true,
    mustChangePassword: false,
    createdAt: 1,
    lastSignInAt: null,
    twoFactorSince: null,
    ...fields,
  });
}

async function signIn(name: string, password = `secret of ${name}`, from = visitor): Promise<BegunSession> {
  const admitted = await console.signIn({ username: name, password }, from);
  if ('challenge' in admitted) throw new Error('A code is needed.');
  return admitted;
}
const actions = () => parts.entries.entries.map(({ actor, action, target }) => [actor, action, target]);

describe('signing in', () => {
  test('begins a session and tells who it is', async () => {
    const { token, session } = await signIn('ada');
    expect(session).toMatchObject({ username: 'ada', role: 'admin', mustChangePassword: false });
    expect(session.expiresAt).toBe(parts.now() + 7 * 24 * hour);
    expect(await console.resume(token)).toEqual(session);
    expect((await parts.users.get('user_ada'))?.lastSignInAt).toBe(parts.now());
    expect(actions()).toEqual([['ada', 'user.signed_in', 'ada']]);
  });

  test('keeps the hash of the token alone', async () => {
    const { token } = await signIn('ada');
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    const kept = await parts.sessions.list(parts.now());
    expect(kept).toHaveLength(1);
    expect(JSON.stringify([kept, parts.entries.entries])).not.toContain(token);
  });

  test('gives a new token, session and secret each time', async () => {
    const [one, other] = [await signIn('ada'), await signIn('ada')];
    expect(one.token).not.toBe(other.token);
    expect(one.session.sessionId).not.toBe(other.session.sessionId);
    expect(one.session.csrfSecret).not.toBe(other.session.csrfSecret);
  });

  test('takes the name in any capitals, with space around it and in either form of its accents', async () => {
    await addUser('Zo\u00eb');
    expect((await signIn(' ZOE\u0308 ', 'secret of Zo\u00eb')).session.username).toBe('Zo\u00eb');
  });

  test('tells wrong name, wrong password and disabled user apart neither by words nor by work', async () => {
    await addUser('dora', { active: false });
    const tries: [string, string][] = [
      ['nobody', 'x'],
      ['ada', 'x'],
      ['dora', 'secret of dora'],
      ['dora', 'x'],
    ];
    for (const [name, password] of tries) {
      parts.hasher.verified.length = 0;
      await expect(signIn(name, password)).rejects.toMatchObject({
        code: 'invalid_credentials',
        message: 'The user name or the password is wrong.',
      });
      expect(parts.hasher.verified).toEqual(['today']);
    }
    expect(await parts.sessions.list(parts.now())).toEqual([]);
  });

  test('does the same work while some users have hashes of an older kind', async () => {
    await addUser('olga', { passwordHash: 'old:secret of olga' });
    for (const name of ['nobody', 'ada', 'olga']) {
      parts.hasher.verified.length = 0;
      await expect(signIn(name, 'x')).rejects.toMatchObject({ code: 'invalid_credentials' });
      expect(parts.hasher.verified).toEqual(['old', 'today']);
    }
  });

  test('is limited, and then does no work', async () => {
    for (let made = 0; made < 5; made += 1) {
      await expect(signIn('ada', 'x')).rejects.toMatchObject({ code: 'invalid_credentials' });
    }
    parts.hasher.verified.length = 0;
    await expect(signIn('ada')).rejects.toMatchObject({ code: 'too_many_attempts', retryAfterSeconds: 60 });
    expect(parts.hasher.verified).toEqual([]);
    expect((await signIn('ada', undefined, { address: '203.0.113.1', client: '' })).token).toBeTruthy();
  });

  test('that fails is audited under the name that was given, cut and without control characters', async () => {
    await expect(signIn(`ad\u0000a\r\n\u202e${'x'.repeat(100)}`, 'my password')).rejects.toThrow();
    const [entry] = parts.entries.entries;
    expect(entry).toMatchObject({
      actor: 'not signed in',
      address: '192.0.2.1',
      action: 'user.sign_in_failed',
      target: `ada${'x'.repeat(61)}`,
    });
    expect(JSON.stringify(entry)).not.toContain('my password');
  });
});

describe('a hash of an older kind', () => {
  test('is renewed at sign-in', async () => {
    await addUser('olga', { passwordHash: 'old:secret of olga' });
    await signIn('olga');
    expect((await parts.users.get('user_olga'))?.passwordHash).toBe('today:secret of olga');
    await signIn('olga');
  });

  test('is kept where the sign-in fails', async () => {
    await addUser('olga', { passwordHash: 'old:secret of olga' });
    await expect(signIn('olga', 'x')).rejects.toThrow();
    expect((await parts.users.get('user_olga'))?.passwordHash).toBe('old:secret of olga');
  });

  test('that ignores the end of a long password does not make a mistyped end the right one', async () => {
    await addUser('olga', { passwordHash: 'short:twelve chars' });
    const { session } = await signIn('olga', 'twelve chars and a typing misteak');
    expect(session.mustChangePassword).toBe(true);
    expect((await parts.users.get('user_olga'))?.passwordHash).toBe('short:twelve chars');
    await signIn('olga', 'twelve chars and what was meant');
  });
});

describe('a session', () => {
  test.each([undefined, '', 'no token'])('is not resumed by %j', async (token) => {
    await signIn('ada');
    await expect(console.resume(token)).rejects.toMatchObject({ code: 'no_session' });
  });

  test('is not resumed by what the database holds of it', async () => {
    await signIn('ada');
    const [stored] = await parts.sessions.list(parts.now());
    for (const known of [stored?.id, stored?.tokenHash, stored?.csrfSecret]) {
      await expect(console.resume(known)).rejects.toMatchObject({ code: 'no_session' });
    }
  });

  test('ends when it is not used for long', async () => {
    const { token } = await signIn('ada');
    parts.clock.advance(hour - 1);
    expect((await console.resume(token)).idleExpiresAt).toBe(parts.now() + hour);
    parts.clock.advance(hour);
    await expect(console.resume(token)).rejects.toMatchObject({ code: 'no_session' });
  });

  test('ends after seven days, however much it is used', async () => {
    const { token } = await signIn('ada');
    for (let passed = 0; passed < 7 * 48 - 1; passed += 1) {
      parts.clock.advance(hour / 2);
      await console.resume(token);
    }
    parts.clock.advance(hour / 2);
    await expect(console.resume(token)).rejects.toMatchObject({ code: 'no_session' });
  });

  test('writes down its use once a minute at most', async () => {
    const { token } = await signIn('ada');
    const touched: number[] = [];
    const touch = parts.sessions.touch.bind(parts.sessions);
    parts.sessions.touch = async (id, at) => {
      touched.push(at);
      await touch(id, at);
    };
    for (let second = 0; second < 150; second += 1) {
      parts.clock.advance(1000);
      await console.resume(token);
    }
    expect(touched).toHaveLength(2);
  });

  test('is resumed even if its use cannot be written down', async () => {
    const { token } = await signIn('ada');
    parts.clock.advance(hour / 2);
    parts.sessions.touch = async () => {
      throw new Error('read-only');
    };
    expect((await console.resume(token)).username).toBe('ada');
    expect(parts.problems).toHaveLength(1);
  });

  test('ends with the sign-out, and no other one does', async () => {
    const [one, other] = [await signIn('ada'), await signIn('ada')];
    await console.signOut(one.session, visitor);
    await expect(console.resume(one.token)).rejects.toMatchObject({ code: 'no_session' });
    await console.resume(other.token);
    expect(actions().at(-1)).toEqual(['ada', 'user.signed_out', 'ada']);
  });

  test('has the role that the user has now, and none when the user is disabled', async () => {
    const { token } = await signIn('vera');
    await parts.users.update('user_vera', { role: 'admin' });
    expect((await console.resume(token)).role).toBe('admin');
    await parts.users.update('user_vera', { active: false });
    await expect(console.resume(token)).rejects.toMatchObject({ code: 'no_session' });
  });

  test('that has ended by itself is deleted', async () => {
    await signIn('ada');
    parts.clock.advance(hour / 2);
    const { token } = await signIn('vera');
    parts.clock.advance(hour / 2);
    expect(await console.removeExpired()).toBe(1);
    await console.resume(token);
  });
});

describe('changing the password', () => {
  const change = (
    begun: Awaited<ReturnType<typeof signIn>>,
    currentPassword: string,
    newPassword = 'another secret',
    from = visitor,
  ) => console.changePassword(begun.session, { currentPassword, newPassword }, from);

  test.each<[string, Partial<StoredUser>]>([
    ['disabled the user', { active: false }],
    ['set another password', { passwordHash: 'today:of an admin', mustChangePassword: true }],
  ])('changes nothing where an admin %s in the meantime', async (_, byAdmin) => {
    const begun = await signIn('vera');
    parts.hasher.onHash = async () => {
      await parts.users.update('user_vera', byAdmin);
      await parts.sessions.removeOfUser('user_vera');
    };
    await expect(change(begun, 'secret of vera')).rejects.toMatchObject({ code: 'no_session' });
    expect(await parts.users.get('user_vera')).toMatchObject(byAdmin);
    expect(await parts.sessions.list(parts.now())).toEqual([]);
  });

  test('begins no session where an admin disabled the user right after the change', async () => {
    const begun = await signIn('vera');
    const create = parts.sessions.create.bind(parts.sessions);
    parts.sessions.create = async (session) => {
      await parts.users.update('user_vera', { active: false });
      await parts.sessions.removeOfUser('user_vera');
      await create(session);
    };
    await expect(change(begun, 'secret of vera')).rejects.toMatchObject({ code: 'no_session' });
    expect(await parts.sessions.list(parts.now())).toEqual([]);
  });

  test('ends all sessions of the user, begins a new one and needs no further change', async () => {
    await parts.users.update('user_vera', { mustChangePassword: true });
    const [one, other, foreign] = [await signIn('vera'), await signIn('vera'), await signIn('ada')];
    expect(one.session.mustChangePassword).toBe(true);
    const { token, session } = await change(one, 'secret of vera');
    expect(session.mustChangePassword).toBe(false);
    for (const ended of [one, other]) {
      await expect(console.resume(ended.token)).rejects.toMatchObject({ code: 'no_session' });
    }
    expect((await console.resume(token)).sessionId).toBe(session.sessionId);
    await console.resume(foreign.token);
    await expect(signIn('vera')).rejects.toMatchObject({ code: 'invalid_credentials' });
    await signIn('vera', 'another secret');
    expect(actions()).toContainEqual(['vera', 'user.password_changed', 'vera']);
    expect(JSON.stringify(parts.entries.entries)).not.toContain('secret');
  });

  test('needs the current password, and guesses are limited', async () => {
    const begun = await signIn('vera');
    for (let made = 0; made < 10; made += 1) {
      await expect(change(begun, 'x')).rejects.toMatchObject({ code: 'invalid', param: 'currentPassword' });
    }
    await expect(change(begun, 'secret of vera')).rejects.toMatchObject({ code: 'too_many_attempts' });
    expect((await console.resume(begun.token)).username).toBe('vera');
  });

  test('refuses the same password again', async () => {
    const begun = await signIn('vera');
    await expect(change(begun, 'secret of vera', 'secret of vera')).rejects.toMatchObject({
      code: 'invalid',
      param: 'newPassword',
    });
    await console.resume(begun.token);
  });

  test('leaves no session to a sign-in by the old password at the same time', async () => {
    const begun = await signIn('vera');
    const create = parts.sessions.create.bind(parts.sessions);
    parts.sessions.create = async (session) => {
      parts.sessions.create = create;
      await change(begun, 'secret of vera', undefined, { address: '192.0.2.9', client: '' });
      await create(session);
    };
    await expect(signIn('vera')).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(await parts.sessions.list(parts.now())).toHaveLength(1);
  });

  test('is not undone by a renewal of the old hash at the same time', async () => {
    await addUser('olga', { passwordHash: 'old:secret of olga' });
    parts.hasher.onHash = async () => {
      parts.hasher.onHash = async () => {};
      await parts.users.update('user_olga', { passwordHash: 'today:reset by an admin' });
    };
    await expect(signIn('olga')).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect((await parts.users.get('user_olga'))?.passwordHash).toBe('today:reset by an admin');
  });
});

describe('the list of sessions', () => {
  test('has the own ones for a viewer, and those of everybody for an admin', async () => {
    const vera = await signIn('vera', undefined, { address: '192.0.2.9', client: 'Fire\u0007fox' });
    parts.clock.advance(1000);
    const ada = await signIn('ada');
    expect(await console.list(vera.session)).toEqual([
      {
        id: vera.session.sessionId,
        username: 'vera',
        createdAt: parts.now() - 1000,
        lastSeenAt: parts.now() - 1000,
        expiresAt: vera.session.expiresAt,
        address: '192.0.2.9',
        client: 'Firefox',
        current: true,
      },
    ]);
    const all = await console.list(ada.session);
    expect(all.map(({ username, current }) => [username, current])).toEqual([
      ['ada', true],
      ['vera', false],
    ]);
    parts.clock.advance(hour - 1000);
    expect(await console.list(ada.session)).toHaveLength(1);
  });

  test('lets a viewer end own sessions only, and an admin any', async () => {
    const [vera, other, ada] = [await signIn('vera'), await signIn('vera'), await signIn('ada')];
    const revoke = (by: typeof vera, whose: typeof vera) =>
      console.revoke(by.session, whose.session.sessionId, visitor);
    await expect(revoke(vera, ada)).rejects.toMatchObject({ code: 'not_found' });
    await console.resume(ada.token);
    await revoke(vera, other);
    await expect(console.resume(other.token)).rejects.toMatchObject({ code: 'no_session' });
    await revoke(ada, vera);
    await expect(console.resume(vera.token)).rejects.toMatchObject({ code: 'no_session' });
    await expect(revoke(ada, vera)).rejects.toMatchObject({ code: 'not_found' });
    expect(actions().slice(-2)).toEqual([
      ['vera', 'session.revoked', 'vera'],
      ['ada', 'session.revoked', 'vera'],
    ]);
  });
});
