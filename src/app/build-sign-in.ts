import {
  AttemptLimits,
  type AuditLog,
  CodeCheck,
  ConsoleSignIn,
  createPasswordHasher,
  createRecoveryHash,
  type RateLimiter,
  type ReportProblem,
  TwoFactor,
  Users,
} from '../access/index.ts';
import type { TwoFactorRequirement } from '../contract/index.ts';
import { createSeal } from '../http/index.ts';
import {
  type Database,
  DatabaseSessionStore,
  DatabaseTwoFactorStore,
  DatabaseUserStore,
} from '../storage/index.ts';

export interface SignInParts {
  readonly database: Database;
  readonly secret: string;
  readonly audit: AuditLog;
  readonly limiter: RateLimiter;
  readonly sessionIdleMs: number;
  readonly twoFactorRequired: () => TwoFactorRequirement;
  readonly onProblem: ReportProblem;
}

export interface SignInServices {
  readonly users: Users;
  readonly signIn: ConsoleSignIn;
  readonly twoFactor: TwoFactor;
}

/** Who may sign in to the console, and how. */
export function buildSignIn(parts: SignInParts): SignInServices {
  const { database, secret, audit, limiter, sessionIdleMs, twoFactorRequired, onProblem } = parts;
  const users = new DatabaseUserStore(database);
  const sessions = new DatabaseSessionStore(database);
  const twoFactor = new DatabaseTwoFactorStore(database);
  const hasher = createPasswordHasher();
  const limits = new AttemptLimits(limiter);
  const recoveryHash = createRecoveryHash(secret);
  const seal = createSeal(secret, 'two-factor secrets');
  const tokenSeal = createSeal(secret, 'sign-in tokens');
  const codes = new CodeCheck({ twoFactor, seal, recoveryHash, limits, onProblem, now: Date.now });
  const common = { users, sessions, audit, hasher };
  const signingIn = { ...common, limits, codes, tokenSeal, twoFactorRequired };
  return {
    users: new Users({ ...common, twoFactor }),
    signIn: new ConsoleSignIn({ ...signingIn, limiter, idleMs: sessionIdleMs, onProblem }),
    twoFactor: new TwoFactor({ ...signingIn, twoFactor, seal, recoveryHash }),
  };
}
