import { beforeEach, describe, expect, test } from 'vitest';
import { createTwoFactorConsole, minute, visitor } from '../testing/two-factor-user.ts';
import { ConsoleSignIn } from './console-sign-in.ts';

let world: Awaited<ReturnType<typeof createTwoFactorConsole>>;
let secret: string;
let recoveryCodes: string[];
beforeEach(async () => {
  world = await createTwoFactorConsole();
  ({ secret, recoveryCodes } = await world.turnOn('vera'));
});

const confirm = (challenge: string, code: string, from = visitor) =>
  world.console.confirm({ challenge, code }, from);
const enter = async (code: string, from = visitor) =>
  confirm(await world.challengeOf('vera', from), code, from);
const wrongCode = () => world.codeOf(secret, 100);
const elsewhere = (number: number) => ({ address: `203.0.113.${number}`, client: '' });

test('the right password begins no session yet, and is told as a challenge; a wrong one tells nothing', async () => {
  const before = await world.parts.sessions.list(world.parts.now());
  const admitted = await world.enterPassword('vera');
  expect(admitted).toEqual({ challenge: expect.any(String), expiresAt: world.parts.now() + 5 * minute });
  expect(await world.parts.sessions.list(world.parts.now())).toEqual(before);
  const lastSignIn = async () => (await world.parts.users.get('user_vera'))?.lastSignInAt;
  expect(await lastSignIn()).toBeLessThan(world.parts.now());
  await expect(world.console.signIn({ username: 'vera', password: 'x' }, visitor)).rejects.toMatchObject({
    code: 'invalid_credentials',
    message: 'The user name or the password is wrong.',
  });
});

test('a code completes it', async () => {
  const { token, session, recoveryCodesLeft } = await enter(world.codeOf(secret));
  expect(session).toMatchObject({ username: 'vera', mustSetUpTwoFactor: false });
  expect(recoveryCodesLeft).toBeNull();
  expect((await world.console.resume(token)).sessionId).toBe(session.sessionId);
  expect((await world.parts.users.get('user_vera'))?.lastSignInAt).toBe(world.parts.now());
  const last = world.parts.entries.entries.at(-1);
  expect(last).toMatchObject({ actor: 'vera', action: 'user.signed_in', address: visitor.address });
});

describe('a code works once', () => {
  test('not again, nor one that is older than the last', async () => {
    const older = world.codeOf(secret);
    const newer = world.codeOf(secret, 1);
    await enter(newer);
    await expect(enter(newer)).rejects.toMatchObject({ code: 'invalid_credentials', param: 'code' });
    await expect(enter(older)).rejects.toMatchObject({ code: 'invalid_credentials' });
    world.parts.clock.advance(minute);
    await enter(world.codeOf(secret));
  });

  test('not the one that it was turned on with', async () => {
    await expect(enter(world.codeOf(secret, -1))).rejects.toMatchObject({ code: 'invalid_credentials' });
  });

  test('on two servers at once', async () => {
    const other = new ConsoleSignIn({ ...world.parts, idleMs: minute });
    const code = world.codeOf(secret);
    const challenges = [await world.challengeOf('vera'), await world.challengeOf('vera')] as const;
    const both = await Promise.allSettled([
      world.console.confirm({ challenge: challenges[0], code }, visitor),
      other.confirm({ challenge: challenges[1], code }, elsewhere(1)),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

test('a recovery code works instead, once, in any writing, and it is told how many are left', async () => {
  const [first = '', second = ''] = recoveryCodes;
  expect((await enter(first)).recoveryCodesLeft).toBe(9);
  expect(world.parts.entries.entries.at(-1)).toMatchObject({
    action: 'user.recovery_code_used',
    target: 'vera',
    details: { left: 9 },
  });
  await expect(enter(first)).rejects.toMatchObject({ code: 'invalid_credentials' });
  expect((await enter(` ${second.toUpperCase().replaceAll('-', ' ')}`)).recoveryCodesLeft).toBe(8);
});

describe('a challenge', () => {
  const expired = { code: 'sign_in_expired' };

  test('holds for five minutes, for wrong codes before the right one, and for one sign-in', async () => {
    const challenge = await world.challengeOf('vera');
    await expect(confirm(challenge, wrongCode())).rejects.toMatchObject({ code: 'invalid_credentials' });
    world.parts.clock.advance(5 * minute - 1);
    await confirm(challenge, world.codeOf(secret));
    await expect(confirm(challenge, recoveryCodes[0] ?? '')).rejects.toMatchObject(expired);
    const late = await world.challengeOf('vera');
    world.parts.clock.advance(5 * minute);
    await expect(confirm(late, world.codeOf(secret))).rejects.toMatchObject(expired);
  });

  test('is none where it is made up, or sealed for something else', async () => {
    for (const text of ['', 'x', world.parts.seal.seal('user_vera x')]) {
      await expect(confirm(text, world.codeOf(secret))).rejects.toMatchObject(expired);
    }
  });

  test.each([
    ['the password', () => world.parts.users.update('user_vera', { passwordHash: 'today:another' })],
    ['the user', () => world.parts.users.update('user_vera', { active: false })],
    ['two-factor sign-in', () => world.parts.twoFactor.turnOff('user_vera')],
  ])('is over when %s changes', async (_, change) => {
    const challenge = await world.challengeOf('vera');
    await change();
    await expect(confirm(challenge, world.codeOf(secret))).rejects.toMatchObject(expired);
  });

  test('leads to no session where an admin disables the user at the same time', async () => {
    const challenge = await world.challengeOf('vera');
    const before = (await world.parts.sessions.list(world.parts.now())).length;
    const create = world.parts.sessions.create.bind(world.parts.sessions);
    world.parts.sessions.create = async (session) => {
      await world.parts.users.update('user_vera', { active: false });
      await create(session);
    };
    await expect(confirm(challenge, world.codeOf(secret))).rejects.toMatchObject(expired);
    expect(await world.parts.sessions.list(world.parts.now())).toHaveLength(before);
  });
});

describe('wrong codes', () => {
  const tooMany = { code: 'too_many_attempts' };

  test('are audited as failed sign-ins, without the code', async () => {
    await expect(enter('000 000')).rejects.toThrow();
    expect(world.parts.entries.entries.at(-1)).toMatchObject({
      actor: 'not signed in',
      action: 'user.sign_in_failed',
      target: 'vera',
      details: { step: 'code' },
    });
  });

  test('are few from one place, also of several challenges and after right passwords', async () => {
    for (let made = 0; made < 5; made += 1) await expect(enter(wrongCode())).rejects.toThrow('wrong');
    await expect(enter(world.codeOf(secret))).rejects.toMatchObject(tooMany);
    world.parts.clock.advance(15 * minute);
    await enter(world.codeOf(secret));
  });

  test('from everywhere shut out new places, not where a code was right before, and no recovery code', async () => {
    await enter(world.codeOf(secret));
    for (let network = 1; network <= 25; network += 1) {
      for (let made = 0; made < 2; made += 1) {
        await expect(enter(wrongCode(), elsewhere(network))).rejects.toThrow('wrong');
      }
    }
    world.parts.clock.advance(minute);
    await expect(enter(world.codeOf(secret), elsewhere(100))).rejects.toMatchObject(tooMany);
    await enter(recoveryCodes[0] ?? '', elsewhere(101));
    await enter(world.codeOf(secret));
    world.parts.clock.advance(24 * 60 * minute);
    await enter(world.codeOf(secret), elsewhere(102));
  });
});

test('a password alone does not make a place known, so guesses of codes count there as anywhere', async () => {
  for (let network = 1; network <= 50; network += 1) {
    await expect(enter(wrongCode(), elsewhere(network))).rejects.toThrow('wrong');
  }
  await world.challengeOf('vera', elsewhere(60));
  await expect(enter(world.codeOf(secret), elsewhere(60))).rejects.toMatchObject({
    code: 'too_many_attempts',
  });
});

test('sign-in without a code, begun before it was turned on, ends in no session', async () => {
  const { parts, twoFactor, signIn, codeOf, enterPassword } = world;
  const { session } = await signIn('ada');
  const { setup, secret: of } = await twoFactor.begin(session, 'secret of ada', visitor);
  const create = parts.sessions.create.bind(parts.sessions);
  parts.sessions.create = async (one) => {
    await twoFactor.turnOn(session, { setup, code: codeOf(of) }, visitor);
    await create(one);
  };
  await expect(enterPassword('ada')).rejects.toMatchObject({ code: 'invalid_credentials' });
  expect((await parts.sessions.list(parts.now())).filter(({ userId }) => userId === 'user_ada')).toHaveLength(
    1,
  );
});
