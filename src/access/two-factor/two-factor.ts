import { z } from 'zod';
import type { TwoFactorRequirement, TwoFactorSetup, TwoFactorState } from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { Seal, SessionStore, StoredUser, TwoFactorStore, UserStore } from '../ports.ts';
import type { AttemptLimits } from '../sign-in/attempt-limits.ts';
import { checkOwnPassword } from '../sign-in/own-password.ts';
import type { SessionVisitor, SignedInUser } from '../sign-in/sessions.ts';
import { type CodeCheck, sealSecret } from './code-check.ts';
import { readCode } from './read-code.ts';
import { newRecoveryCodes, type RecoveryHash } from './recovery-codes.ts';
import { requiresTwoFactor } from './requires-two-factor.ts';
import { SealedTokens } from './sealed-tokens.ts';
import { newTotpSecret, stepOf, totpUri } from './totp.ts';

export interface TwoFactorOptions {
  readonly twoFactor: TwoFactorStore;
  readonly users: Pick<UserStore, 'get'>;
  readonly sessions: Pick<SessionStore, 'removeOfUser'>;
  readonly codes: CodeCheck;
  readonly limits: AttemptLimits;
  readonly hasher: PasswordHasher;
  readonly audit: AuditLog;
  /** Of the secrets of authenticator apps. */
  readonly seal: Seal;
  /** Of what a browser holds while it sets an app up. */
  readonly tokenSeal: Seal;
  readonly recoveryHash: RecoveryHash;
  readonly twoFactorRequired: () => TwoFactorRequirement;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

interface Proof {
  readonly password: string;
  /** Of the app, or a recovery code. */
  readonly code: string;
}

const setupMs = 15 * 60_000;
const setupSchema = z.object({ userId: z.string(), secret: z.string() });

/** What users do with their own two-factor sign-in. All of it throws AccessErrors. */
export class TwoFactor {
  readonly #options: TwoFactorOptions;
  readonly #now: () => number;
  readonly #setups: SealedTokens<z.output<typeof setupSchema>>;

  constructor(options: TwoFactorOptions) {
    const { now = Date.now, tokenSeal } = options;
    this.#options = options;
    this.#now = now;
    const form = { purpose: 'two-factor set-up', content: setupSchema, lifeMs: setupMs };
    this.#setups = new SealedTokens({ ...form, seal: tokenSeal, now });
  }

  async describe({ userId, role }: SignedInUser): Promise<TwoFactorState> {
    const { twoFactor, twoFactorRequired } = this.#options;
    const known = await twoFactor.find(userId);
    return {
      since: known?.since ?? null,
      recoveryCodesLeft: known?.recoveryCodesLeft ?? 0,
      required: requiresTwoFactor({ role }, twoFactorRequired()),
    };
  }

  /**
   * A secret for an app; nothing of it is kept until a code confirms it.
   * @throws AccessError `invalid` for a wrong password, `conflict` where it is on already, `too_many_attempts`.
   */
  async begin(session: SignedInUser, password: string, visitor: SessionVisitor): Promise<TwoFactorSetup> {
    const user = await this.#checkPassword(session, password, visitor);
    if (user.twoFactorSince !== null) throw alreadyOn();
    const secret = newTotpSecret();
    const { token: setup, expiresAt } = this.#setups.issue({ userId: user.id, secret });
    return { setup, secret, uri: totpUri(secret, user.username), expiresAt };
  }

  /**
   * Ends the user's other sessions. Resolves to the recovery codes, which are kept nowhere.
   * @throws AccessError `invalid` for a wrong code or a set-up that is over, `conflict` where it is on already.
   */
  async turnOn(
    session: SignedInUser,
    { setup, code }: { readonly setup: string; readonly code: string },
    visitor: SessionVisitor,
  ): Promise<string[]> {
    const { twoFactor, sessions, seal, recoveryHash } = this.#options;
    const { userId } = session;
    const begun = this.#setups.open(setup);
    if (begun?.userId !== userId) {
      throw new AccessError('invalid', 'This took too long. Begin again.', { param: 'setup' });
    }
    // Whoever sets it up knows the secret: there is nothing to guess.
    const lastStep = stepOf(readCode(code).code, begun.secret, this.#now());
    if (lastStep === undefined) throw wrongCode('The code is wrong. Is the clock of your device right?');
    const recoveryCodes = newRecoveryCodes();
    const turnedOn = await twoFactor.turnOn(userId, {
      secret: sealSecret(seal, begun.secret, userId),
      since: this.#now(),
      lastStep,
      recoveryHashes: hashesOf(recoveryCodes, userId, recoveryHash),
    });
    if (!turnedOn) throw alreadyOn();
    await sessions.removeOfUser(userId, session.sessionId);
    await this.#record(session, visitor, 'user.two_factor_on');
    return recoveryCodes;
  }

  /**
   * Ends the user's other sessions.
   * @throws AccessError `invalid` for a wrong password or code, `conflict` where it is off, `too_many_attempts`.
   */
  async turnOff(session: SignedInUser, proof: Proof, visitor: SessionVisitor): Promise<void> {
    const { twoFactor, sessions } = this.#options;
    await this.#prove(session, proof, visitor);
    if (!(await twoFactor.turnOff(session.userId))) throw isOff();
    await sessions.removeOfUser(session.userId, session.sessionId);
    await this.#record(session, visitor, 'user.two_factor_off');
  }

  /** As `turnOff`, but the sessions stay. Resolves to the new codes; the old ones work no more. */
  async renewRecoveryCodes(session: SignedInUser, proof: Proof, visitor: SessionVisitor): Promise<string[]> {
    const { twoFactor, recoveryHash } = this.#options;
    const { id, since } = await this.#prove(session, proof, visitor);
    const recoveryCodes = newRecoveryCodes();
    const hashes = hashesOf(recoveryCodes, id, recoveryHash);
    if (!(await twoFactor.replaceRecoveryCodes(id, since, hashes))) throw isOff();
    await this.#record(session, visitor, 'user.recovery_codes_renewed');
    return recoveryCodes;
  }

  async #prove(
    session: SignedInUser,
    { password, code }: Proof,
    visitor: SessionVisitor,
  ): Promise<{ readonly id: string; readonly since: number }> {
    const user = await this.#checkPassword(session, password, visitor);
    const { id, twoFactorSince: since } = user;
    if (since === null) throw isOff();
    const { address } = visitor;
    const taken = await this.#options.codes.take({ user, address }, code, async (one) => one);
    if (taken === undefined) throw wrongCode('The code is wrong, or was used before.');
    return { id, since };
  }

  async #checkPassword(
    session: SignedInUser,
    password: string,
    { address }: SessionVisitor,
  ): Promise<StoredUser> {
    const user = await checkOwnPassword(this.#options, session, { password, address });
    if (user === undefined) throw new AccessError('invalid', 'The password is wrong.', { param: 'password' });
    return user;
  }

  #record({ username }: SignedInUser, { address }: SessionVisitor, action: string): Promise<void> {
    return this.#options.audit.record({ name: username, address }, action, username);
  }
}

function hashesOf(codes: readonly string[], userId: string, hash: RecoveryHash): string[] {
  return codes.map((code) => hash(userId, readCode(code).code));
}

function wrongCode(message: string): AccessError {
  return new AccessError('invalid', message, { param: 'code' });
}

function alreadyOn(): AccessError {
  return new AccessError('conflict', 'Two-factor sign-in is on already.');
}

function isOff(): AccessError {
  return new AccessError('conflict', 'Two-factor sign-in is off.');
}
