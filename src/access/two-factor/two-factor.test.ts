import { beforeEach, describe, expect, test } from 'vitest';
import { createTwoFactorConsole, minute, visitor } from '../testing/two-factor-user.ts';

let world: Awaited<ReturnType<typeof createTwoFactorConsole>>;
beforeEach(async () => {
  world = await createTwoFactorConsole();
});

const actions = () => world.parts.entries.entries.map(({ action, target }) => [action, target]);
const isOpen = (token: string) =>
  world.console.resume(token).then(
    () => true,
    () => false,
  );

describe('turning it on', () => {
  test('takes the password and a first code, tells ten recovery codes and ends the other sessions', async () => {
    const { twoFactor, signIn, codeOf, passwordOf } = world;
    const [begun, other, foreign] = [await signIn('vera'), await signIn('vera'), await signIn('ada')];
    const setup = await twoFactor.begin(begun.session, passwordOf('vera'), visitor);
    expect(setup.uri).toContain(setup.secret);
    expect(setup.expiresAt).toBe(world.parts.now() + 15 * minute);
    expect(await twoFactor.describe(begun.session)).toEqual({
      since: null,
      recoveryCodesLeft: 0,
      required: false,
    });
    const wrong = { setup: setup.setup, code: codeOf(setup.secret, 5) };
    await expect(twoFactor.turnOn(begun.session, wrong, visitor)).rejects.toMatchObject({ param: 'code' });
    const right = { setup: setup.setup, code: ` ${codeOf(setup.secret).replace(/^.../, '$& ')} ` };
    expect(await twoFactor.turnOn(begun.session, right, visitor)).toHaveLength(10);
    expect(await twoFactor.describe(begun.session)).toEqual({
      since: world.parts.now(),
      recoveryCodesLeft: 10,
      required: false,
    });
    expect([await isOpen(begun.token), await isOpen(other.token), await isOpen(foreign.token)]).toEqual([
      true,
      false,
      true,
    ]);
    expect(actions().at(-1)).toEqual(['user.two_factor_on', 'vera']);
  });

  test('keeps secret and recovery codes where nobody can read them', async () => {
    const { secret, recoveryCodes } = await world.turnOn('vera');
    const stored = await world.parts.twoFactor.find('user_vera');
    expect(stored?.secret).toBe(`sealed by a: user_vera ${secret}`);
    const told = JSON.stringify([world.parts.entries.entries, world.parts.problems]);
    for (const one of [secret, ...recoveryCodes]) expect(told).not.toContain(one);
  });

  test('needs the right password, and guesses are limited', async () => {
    const { twoFactor, signIn } = world;
    const { session } = await signIn('vera');
    for (let made = 0; made < 10; made += 1) {
      await expect(twoFactor.begin(session, 'x', visitor)).rejects.toMatchObject({ param: 'password' });
    }
    await expect(twoFactor.begin(session, 'secret of vera', visitor)).rejects.toMatchObject({
      code: 'too_many_attempts',
    });
  });

  test('does not go on with a set-up of another user, one that took too long, or when it is on', async () => {
    const { twoFactor, signIn, codeOf, passwordOf, parts } = world;
    const [vera, ada] = [await signIn('vera'), await signIn('ada')];
    const first = await twoFactor.begin(vera.session, passwordOf('vera'), visitor);
    const answer = () => ({ setup: first.setup, code: codeOf(first.secret) });
    await expect(twoFactor.turnOn(ada.session, answer(), visitor)).rejects.toMatchObject({ param: 'setup' });
    parts.clock.advance(15 * minute);
    await expect(twoFactor.turnOn(vera.session, answer(), visitor)).rejects.toMatchObject({ param: 'setup' });
    const second = await twoFactor.begin(vera.session, passwordOf('vera'), visitor);
    const confirm = { setup: second.setup, code: codeOf(second.secret) };
    await twoFactor.turnOn(vera.session, confirm, visitor);
    await expect(twoFactor.turnOn(vera.session, confirm, visitor)).rejects.toMatchObject({
      code: 'conflict',
    });
    await expect(twoFactor.begin(vera.session, passwordOf('vera'), visitor)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});

describe('turning it off', () => {
  test('takes password and code, and ends the other sessions', async () => {
    const { twoFactor, turnOn, codeOf, console, challengeOf, signIn } = world;
    const { begun, secret } = await turnOn('vera');
    const other = await console.confirm(
      { challenge: await challengeOf('vera'), code: codeOf(secret) },
      visitor,
    );
    world.parts.clock.advance(30_000);
    const off = (password: string, code: string) =>
      twoFactor.turnOff(begun.session, { password, code }, visitor);
    await expect(off('x', codeOf(secret))).rejects.toMatchObject({ param: 'password' });
    await expect(off('secret of vera', codeOf(secret, 9))).rejects.toMatchObject({ param: 'code' });
    await off('secret of vera', codeOf(secret));
    expect([await isOpen(begun.token), await isOpen(other.token)]).toEqual([true, false]);
    expect(actions().at(-1)).toEqual(['user.two_factor_off', 'vera']);
    await signIn('vera');
    await expect(off('secret of vera', codeOf(secret, 1))).rejects.toMatchObject({ code: 'conflict' });
  });

  test('takes a recovery code, too', async () => {
    const { begun, recoveryCodes } = await world.turnOn('vera');
    const proof = { password: 'secret of vera', code: recoveryCodes[0] ?? '' };
    await world.twoFactor.turnOff(begun.session, proof, visitor);
    expect((await world.twoFactor.describe(begun.session)).since).toBeNull();
  });
});

test('new recovery codes take the place of the old ones', async () => {
  const { twoFactor, turnOn, codeOf, console, challengeOf } = world;
  const { begun, secret, recoveryCodes: old } = await turnOn('vera');
  const proof = { password: 'secret of vera', code: codeOf(secret) };
  const renewed = await twoFactor.renewRecoveryCodes(begun.session, proof, visitor);
  expect(renewed).toHaveLength(10);
  expect(actions().at(-1)).toEqual(['user.recovery_codes_renewed', 'vera']);
  await expect(twoFactor.renewRecoveryCodes(begun.session, proof, visitor)).rejects.toMatchObject({
    param: 'code',
  });
  const challenge = await challengeOf('vera');
  await expect(console.confirm({ challenge, code: old[0] ?? '' }, visitor)).rejects.toThrow();
  const { recoveryCodesLeft } = await console.confirm({ challenge, code: renewed[0] ?? '' }, visitor);
  expect(recoveryCodesLeft).toBe(9);
});

test.each([
  ['off', false, false],
  ['admins', true, false],
  ['everybody', true, true],
] as const)('required of %s', async (value, ofAdmin, ofViewer) => {
  const { parts, signIn, turnOn, twoFactor, console } = world;
  parts.requirement.value = value;
  const [ada, vera] = [await signIn('ada'), await signIn('vera')];
  expect([ada.session.mustSetUpTwoFactor, vera.session.mustSetUpTwoFactor]).toEqual([ofAdmin, ofViewer]);
  expect((await twoFactor.describe(ada.session)).required).toBe(ofAdmin);
  const { begun } = await turnOn('ada');
  expect((await console.resume(begun.token)).mustSetUpTwoFactor).toBe(false);
});

test('a secret that was sealed with another one of the server is reported, and a recovery code still works', async () => {
  const { parts, turnOn, console, challengeOf, codeOf } = world;
  const { secret, recoveryCodes } = await turnOn('vera');
  parts.seal.open = () => undefined;
  const challenge = await challengeOf('vera');
  await expect(console.confirm({ challenge, code: codeOf(secret) }, visitor)).rejects.toThrow('wrong');
  expect(parts.problems).toEqual([expect.stringContaining('SESSION_SECRET')]);
  await console.confirm({ challenge, code: recoveryCodes[3] ?? '' }, visitor);
});
