import {
  ApiKeys,
  AuditLog,
  BudgetAlerts,
  createKeyHash,
  Governor,
  Profiles,
  type RateLimiter,
  type ReportProblem,
  SavedViews,
} from '../access/index.ts';
import type { TwoFactorRequirement } from '../contract/index.ts';
import { createSeal } from '../http/index.ts';
import {
  DatabaseAuditStore,
  DatabaseBudgetAlertStore,
  DatabaseKeyStore,
  DatabaseProfileStore,
  DatabaseRateLimiter,
  DatabaseRunLeaseStore,
  DatabaseSpendingStore,
  DatabaseViewStore,
  type openDatabase,
} from '../storage/index.ts';
import { buildSignIn, type SignInServices } from './build-sign-in.ts';

export interface AccessParts {
  readonly database: Awaited<ReturnType<typeof openDatabase>>;
  /** The server's secret: what keys are hashed with, and secrets of profiles and users sealed. */
  readonly secret: string;
  readonly sessionIdleMs: number;
  /** Where budget alerts are sent, as it is now, and what they are signed with; absent: nowhere. */
  readonly budgetWebhook?: { readonly url: () => string | undefined; readonly secret?: string };
  readonly twoFactorRequired: () => TwoFactorRequirement;
  readonly onProblem: ReportProblem;
}

/** Who may do what, over one database. Disposing of it writes down what is still to be written. */
export interface Access extends SignInServices, AsyncDisposable {
  readonly keys: ApiKeys;
  readonly profiles: Profiles;
  readonly views: SavedViews;
  readonly governor: Governor;
  readonly budgetAlerts: BudgetAlerts;
  readonly audit: AuditLog;
  readonly limiter: RateLimiter;
}

export function buildAccess(parts: AccessParts): Access {
  const { database, secret, onProblem } = parts;
  const limiter = new DatabaseRateLimiter(database, (error) =>
    onProblem('old windows of rate limits could not be forgotten', error),
  );
  const keyStore = new DatabaseKeyStore(database);
  const spending = new DatabaseSpendingStore(database);
  const audit = new AuditLog({ store: new DatabaseAuditStore(database), onProblem });
  const keys = new ApiKeys({ keys: keyStore, spending, audit, hash: createKeyHash(secret), onProblem });
  const budgetAlerts = new BudgetAlerts({
    store: new DatabaseBudgetAlertStore(database),
    audit,
    ...(parts.budgetWebhook ?? { url: () => undefined }),
    onProblem,
  });
  const governor = new Governor({
    keys: keyStore,
    spending,
    leases: new DatabaseRunLeaseStore(database),
    limiter,
    onProblem,
    onSpent: budgetAlerts.watch,
  });
  return {
    keys,
    ...buildSignIn({ ...parts, audit, limiter }),
    profiles: new Profiles({
      store: new DatabaseProfileStore(database),
      audit,
      seal: createSeal(secret, 'profiles'),
      onProblem,
    }),
    views: new SavedViews({ store: new DatabaseViewStore(database), audit }),
    governor,
    budgetAlerts,
    audit,
    limiter,
    async [Symbol.asyncDispose]() {
      await governor[Symbol.asyncDispose]();
      await budgetAlerts[Symbol.asyncDispose]();
      await keys[Symbol.asyncDispose]();
      await limiter[Symbol.asyncDispose]();
    },
  };
}
