import { createHash, randomBytes } from 'node:crypto';
import type { Role, TwoFactorRequirement } from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import { cleanText } from '../audit/clean-text.ts';
import { newId } from '../new-id.ts';
import type { SessionStore, StoredSession, StoredUser, UserStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';
import { requiresTwoFactor } from '../two-factor/requires-two-factor.ts';

/** Who is signed in, by which session. Times are in milliseconds since 1970. */
export interface SignedInUser {
  readonly sessionId: string;
  readonly userId: string;
  readonly username: string;
  readonly role: Role;
  readonly mustChangePassword: boolean;
  /** Two-factor sign-in is required and not yet on. */
  readonly mustSetUpTwoFactor: boolean;
  readonly csrfSecret: string;
  readonly idleExpiresAt: number;
  readonly expiresAt: number;
}

export interface SessionVisitor {
  readonly address: string;
  /** The browser's name for itself. */
  readonly client: string;
}

export interface BegunSession {
  /** For the cookie; kept nowhere. */
  readonly token: string;
  readonly session: SignedInUser;
}

export interface SessionsOptions {
  readonly sessions: SessionStore;
  readonly users: Pick<UserStore, 'get'>;
  /** A session ends when it has not been used for so long. */
  readonly idleMs: number;
  readonly twoFactorRequired: () => TwoFactorRequirement;
  readonly onProblem: ReportProblem;
  readonly now: () => number;
}

const lifeMs = 7 * 24 * 60 * 60 * 1000;
/** How far the time of last use may lag, so that most requests write nothing. */
const touchMs = 60_000;

/** Sessions are kept here and named by a secret token, so that they can be ended at any time. */
export class Sessions {
  readonly #options: SessionsOptions;

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  /** Always a new token: one that was known before the sign-in is worth nothing after it. */
  async begin(user: StoredUser, visitor: SessionVisitor): Promise<BegunSession> {
    const now = this.#options.now();
    const token = randomBytes(32).toString('base64url');
    const stored: StoredSession = {
      id: newId('session_'),
      tokenHash: hashOf(token),
      userId: user.id,
      csrfSecret: randomBytes(32).toString('base64url'),
      createdAt: now,
      lastSeenAt: now,
      expiresAt: now + lifeMs,
      address: visitor.address,
      client: cleanText(visitor.client, 200),
    };
    await this.#options.sessions.create(stored);
    return { token, session: this.#show(stored, user) };
  }

  /** `recheck`: it does not count as use. Throws `no_session`. */
  async resume(token: string | undefined, { recheck = false } = {}): Promise<SignedInUser> {
    const { sessions, users, now, idleMs, onProblem } = this.#options;
    const stored = token === undefined ? null : await sessions.findByToken(hashOf(token));
    if (stored === null || !this.isOpen(stored)) throw noSession();
    const user = await users.get(stored.userId);
    if (user === null || !user.active) throw noSession();
    const at = now();
    if (recheck || at - stored.lastSeenAt < Math.min(touchMs, idleMs / 4)) return this.#show(stored, user);
    try {
      await sessions.touch(stored.id, at);
    } catch (error) {
      onProblem('the time of last use of a session could not be written', error);
    }
    return this.#show({ ...stored, lastSeenAt: at }, user);
  }

  isOpen({ expiresAt, lastSeenAt }: StoredSession): boolean {
    const now = this.#options.now();
    return now < expiresAt && now < lastSeenAt + this.#options.idleMs;
  }

  #show(stored: StoredSession, user: StoredUser): SignedInUser {
    const { id: userId, username, role, mustChangePassword } = user;
    const { id: sessionId, csrfSecret, expiresAt } = stored;
    const idleExpiresAt = Math.min(expiresAt, stored.lastSeenAt + this.#options.idleMs);
    return {
      sessionId,
      userId,
      username,
      role,
      mustChangePassword,
      mustSetUpTwoFactor:
        user.twoFactorSince === null && requiresTwoFactor(user, this.#options.twoFactorRequired()),
      csrfSecret,
      idleExpiresAt,
      expiresAt,
    };
  }
}

export function noSession(): AccessError {
  return new AccessError('no_session', 'You are not signed in, or your session has ended.');
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
