import { Secret, TOTP } from 'otpauth';
import { ConsoleSignIn } from '../sign-in/console-sign-in.ts';
import type { BegunSession } from '../sign-in/sessions.ts';
import { TwoFactor } from '../two-factor/two-factor.ts';
import { createAccessParts } from './access-parts.ts';

export const visitor = { address: '192.0.2.1', client: 'Firefox' };
export const minute = 60_000;

/** A console with the user ada (an admin) and vera, and what they do to sign in with codes. */
export async function createTwoFactorConsole() {
  const parts = createAccessParts();
  const console = new ConsoleSignIn({ ...parts, idleMs: 60 * minute });
  const twoFactor = new TwoFactor(parts);
  for (const [name, role] of [
    ['ada', 'admin'],
    ['vera', 'viewer'],
  ] as const) {
    await parts.users.create({
      id: `user_${name}`,
      username: name,
      passwordHash: `today:secret of ${name}`,
      role,
      active: true,
      mustChangePassword: false,
      createdAt: 1,
      lastSignInAt: null,
      twoFactorSince: null,
    });
  }
  const passwordOf = (name: string): string => `secret of ${name}`;
  /** The code of the app now, or some steps later. */
  const codeOf = (secret: string, steps = 0): string =>
    TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: parts.now() + steps * 30_000 });
  const enterPassword = (name: string, from = visitor) =>
    console.signIn({ username: name, password: passwordOf(name) }, from);
  /** A session without a code. */
  const signIn = async (name: string): Promise<BegunSession> => {
    const admitted = await enterPassword(name);
    if ('challenge' in admitted) throw new Error('A code is needed.');
    return admitted;
  };
  /** A challenge, after the right password. */
  const challengeOf = async (name: string, from = visitor): Promise<string> => {
    const admitted = await enterPassword(name, from);
    if (!('challenge' in admitted)) throw new Error('No code is needed.');
    return admitted.challenge;
  };
  const turnOn = async (name: string) => {
    const begun = await signIn(name);
    const { setup, secret } = await twoFactor.begin(begun.session, passwordOf(name), visitor);
    const recoveryCodes = await twoFactor.turnOn(begun.session, { setup, code: codeOf(secret) }, visitor);
    // Its code is used up now.
    parts.clock.advance(30_000);
    return { begun, secret, recoveryCodes };
  };
  return { parts, console, twoFactor, passwordOf, codeOf, enterPassword, signIn, challengeOf, turnOn };
}
