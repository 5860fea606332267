import type { AuditEntry, CodeChallenge, SessionEntry, TwoFactorRequirement } from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { cleanText } from '../audit/clean-text.ts';
import { PasswordCheck } from '../passwords/password-check.ts';
import type { PasswordHasher } from '../passwords/password-hasher.ts';
import type { RateLimiter, Seal, SessionStore, StoredSession, StoredUser, UserStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';
import type { CodeCheck, TakenCode } from '../two-factor/code-check.ts';
import type { AttemptLimits } from './attempt-limits.ts';
import { checkOwnPassword } from './own-password.ts';
import {
  type BegunSession,
  noSession,
  Sessions,
  type SessionVisitor,
  type SignedInUser,
} from './sessions.ts';
import { SignInChallenges } from './sign-in-challenges.ts';

export interface ConsoleSignInOptions {
  readonly users: UserStore;
  readonly sessions: SessionStore;
  readonly audit: AuditLog;
  readonly limiter: RateLimiter;
  readonly limits: AttemptLimits;
  readonly hasher: PasswordHasher;
  readonly codes: CodeCheck;
  /** Of what a browser holds between the password and the code. */
  readonly tokenSeal: Seal;
  readonly twoFactorRequired: () => TwoFactorRequirement;
  /** A session ends when it has not been used for so long; at the latest after 7 days. */
  readonly idleMs: number;
  readonly onProblem: ReportProblem;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

/** Signing in to the console, and what comes of it. */
export class ConsoleSignIn {
  readonly #options: ConsoleSignInOptions;
  readonly #now: () => number;
  readonly #sessions: Sessions;
  readonly #passwords: PasswordCheck;
  readonly #challenges: SignInChallenges;

  constructor(options: ConsoleSignInOptions) {
    const { users, sessions, idleMs, onProblem, now = Date.now, tokenSeal, limiter } = options;
    const { twoFactorRequired } = options;
    this.#options = options;
    this.#now = now;
    this.#sessions = new Sessions({ users, sessions, idleMs, twoFactorRequired, onProblem, now });
    this.#passwords = new PasswordCheck(options.hasher);
    this.#challenges = new SignInChallenges({ seal: tokenSeal, limiter, now });
  }

  /**
   * With two-factor sign-in no session begins yet: the challenge goes with a code to `confirm`.
   * @throws AccessError `invalid_credentials` or `too_many_attempts`.
   */
  async signIn(
    credentials: { readonly username: string; readonly password: string },
    visitor: SessionVisitor,
  ): Promise<BegunSession | CodeChallenge> {
    const username = credentials.username.trim().normalize('NFC');
    const { limits, users } = this.#options;
    const who = { username, address: visitor.address };
    const attempt = async (): Promise<BegunSession | CodeChallenge | undefined> => {
      const user = await users.findByName(username);
      const fits = await this.#fits(credentials.password, user);
      return fits && user?.active ? this.#admit(user, credentials.password, visitor) : undefined;
    };
    const admitted = await limits.run(who, attempt);
    if (admitted === undefined) {
      await this.#recordFailure(credentials.username, visitor);
      throw new AccessError('invalid_credentials', 'The user name or the password is wrong.');
    }
    if ('session' in admitted) await this.#recordSignIn(admitted, visitor);
    return admitted;
  }

  /**
   * Completes a sign-in with a code of the app, or with a recovery code.
   * @throws AccessError `sign_in_expired` where it has to begin with the password again, `invalid_credentials` for a
   * wrong or used code, `too_many_attempts`.
   */
  async confirm(
    { challenge, code }: { readonly challenge: string; readonly code: string },
    visitor: SessionVisitor,
  ): Promise<BegunSession & TakenCode> {
    const { users, codes } = this.#options;
    const asked = this.#challenges.open(challenge);
    const user = asked && (await users.get(asked.userId));
    if (!asked || !user?.active || !this.#challenges.fits(asked, user)) throw signInExpired();
    const begun = await codes.take({ user, address: visitor.address }, code, async (taken) => {
      if (!(await this.#challenges.spend(asked))) throw signInExpired();
      const updated = await users.update(user.id, { lastSignInAt: this.#now() });
      if (updated === null || updated === 'last_admin' || !isStill(user, updated)) throw signInExpired();
      const session = await this.#begin(updated, visitor);
      if (session === undefined) throw signInExpired();
      return { ...session, ...taken };
    });
    if (begun === undefined) {
      await this.#recordFailure(user.username, visitor, { step: 'code' });
      throw new AccessError('invalid_credentials', 'The code is wrong, or was used before.', {
        param: 'code',
      });
    }
    await this.#recordSignIn(begun, visitor);
    const { recoveryCodesLeft: left } = begun;
    if (left !== null)
      await this.#record(begun.session, visitor, 'user.recovery_code_used', user.username, { left });
    return begun;
  }

  /** `recheck`: it does not count as use. Throws `no_session`. */
  resume(token: string | undefined, options?: { readonly recheck?: boolean }): Promise<SignedInUser> {
    return this.#sessions.resume(token, options);
  }

  async signOut(session: SignedInUser, visitor: SessionVisitor): Promise<void> {
    await this.#options.sessions.remove(session.sessionId);
    await this.#record(session, visitor, 'user.signed_out', session.username);
  }

  /**
   * Ends all sessions of the user and begins a new one.
   * @throws AccessError `invalid` for a wrong current password, or for a new one that is the same;
   * `too_many_attempts`.
   */
  async changePassword(
    session: SignedInUser,
    passwords: { readonly currentPassword: string; readonly newPassword: string },
    visitor: SessionVisitor,
  ): Promise<BegunSession> {
    const { users, sessions, hasher } = this.#options;
    const { currentPassword, newPassword } = passwords;
    const { address } = visitor;
    const user = await checkOwnPassword(this.#options, session, { password: currentPassword, address });
    if (user === undefined) {
      throw new AccessError('invalid', 'The current password is wrong.', { param: 'currentPassword' });
    }
    if (newPassword === currentPassword) {
      throw new AccessError('invalid', 'The new password is the current one.', { param: 'newPassword' });
    }
    const passwordHash = await hasher.hash(newPassword);
    // An admin who disabled the user or set another password in the meantime has the last word.
    if (!isStill(user, await users.get(user.id))) throw noSession();
    const changed = await users.update(user.id, { passwordHash, mustChangePassword: false });
    if (changed === null || changed === 'last_admin') throw noSession();
    await sessions.removeOfUser(user.id);
    await this.#record(session, visitor, 'user.password_changed', user.username);
    const begun = await this.#begin(changed, visitor);
    if (begun === undefined) throw noSession();
    return begun;
  }

  /** Of the user, for an admin of everybody; last used first. */
  async list(session: SignedInUser): Promise<SessionEntry[]> {
    const { users, sessions } = this.#options;
    const [stored, everybody] = await Promise.all([sessions.list(this.#now()), users.list()]);
    const names = new Map(everybody.map(({ id, username }) => [id, username]));
    return stored
      .filter((one) => isAllowed(session, one) && this.#sessions.isOpen(one))
      .sort((one, other) => other.lastSeenAt - one.lastSeenAt)
      .flatMap(({ id, userId, createdAt, lastSeenAt, expiresAt, address, client }) => {
        const username = names.get(userId);
        const current = id === session.sessionId;
        return username === undefined
          ? []
          : [{ id, username, createdAt, lastSeenAt, expiresAt, address, client, current }];
      });
  }

  /** Throws `not_found`, also for a session that is none of the user's business. */
  async revoke(session: SignedInUser, id: string, visitor: SessionVisitor): Promise<void> {
    const { users, sessions } = this.#options;
    const stored = await sessions.get(id);
    if (stored === null || !isAllowed(session, stored) || !(await sessions.remove(id))) {
      throw new AccessError('not_found', 'There is no such session.');
    }
    const username = (await users.get(stored.userId))?.username ?? null;
    await this.#record(session, visitor, 'session.revoked', username, { session: id });
  }

  /** Deletes what has ended by itself; to be called now and then. Resolves to how many sessions that were. */
  removeExpired(): Promise<number> {
    const now = this.#now();
    return this.#options.sessions.removeExpired(now, now - this.#options.idleMs);
  }

  async #fits(password: string, user: StoredUser | null): Promise<boolean> {
    const everybody = await this.#options.users.list();
    const hashes = everybody.map(({ passwordHash }) => passwordHash);
    return this.#passwords.fits(password, user?.passwordHash, hashes);
  }

  /** Undefined where the user was disabled, or got another password, in the meantime. */
  async #admit(
    user: StoredUser,
    password: string,
    visitor: SessionVisitor,
  ): Promise<BegunSession | CodeChallenge | undefined> {
    const { users } = this.#options;
    const renewed = await this.#renewHash(user, password);
    const needsCode = user.twoFactorSince !== null;
    if (!isStill(user, await users.get(user.id))) return undefined;
    const change = needsCode ? renewed : { lastSignInAt: this.#now(), ...renewed };
    const updated = await users.update(user.id, change);
    if (updated === null || updated === 'last_admin') return undefined;
    return needsCode ? this.#challenges.issue(updated) : this.#begin(updated, visitor);
  }

  /** As `#admit`. */
  async #begin(user: StoredUser, visitor: SessionVisitor): Promise<BegunSession | undefined> {
    const { users, sessions } = this.#options;
    const begun = await this.#sessions.begin(user, visitor);
    // Who disables a user does so first and ends the sessions then: one of the two sees the other.
    if (isStill(user, await users.get(user.id))) return begun;
    await sessions.remove(begun.session.sessionId);
    return undefined;
  }

  /** What becomes of a hash that is weaker than those of today. */
  async #renewHash(
    { passwordHash }: StoredUser,
    password: string,
  ): Promise<Partial<Pick<StoredUser, 'passwordHash' | 'mustChangePassword'>>> {
    const { hasher } = this.#options;
    if (hasher.isStrongEnough(passwordHash)) return {};
    // The end of this password was never looked at. It may be mistyped, so it must not become the one that counts.
    if (!hasher.tellsApart(password, passwordHash)) return { mustChangePassword: true };
    return { passwordHash: await hasher.hash(password) };
  }

  #recordSignIn({ session }: BegunSession, visitor: SessionVisitor): Promise<void> {
    return this.#record(session, visitor, 'user.signed_in', session.username);
  }

  /** The name comes from a stranger. */
  #recordFailure(
    name: string,
    { address }: SessionVisitor,
    details: AuditEntry['details'] = {},
  ): Promise<void> {
    const nobody = { name: 'not signed in', address };
    return this.#options.audit.record(nobody, 'user.sign_in_failed', cleanText(name, 64), details);
  }

  #record(
    { username }: SignedInUser,
    { address }: SessionVisitor,
    action: string,
    target: string | null,
    details: AuditEntry['details'] = {},
  ): Promise<void> {
    return this.#options.audit.record({ name: username, address }, action, target, details);
  }
}

function isAllowed(session: SignedInUser, stored: StoredSession): boolean {
  return session.role === 'admin' || session.userId === stored.userId;
}

function isStill(before: StoredUser, now: StoredUser | null): boolean {
  return (
    now?.active === true &&
    now.passwordHash === before.passwordHash &&
    now.twoFactorSince === before.twoFactorSince
  );
}

function signInExpired(): AccessError {
  return new AccessError('sign_in_expired', 'The sign-in took too long. Begin again with your password.');
}
