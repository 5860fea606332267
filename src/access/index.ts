export * from './access-error.ts';
export { BudgetAlerts } from './alerts/budget-alerts.ts';
export { PendingApprovals } from './approvals/pending-approvals.ts';
export { AuditLog } from './audit/audit-log.ts';
export { type Caller, localOwner, ownerOf } from './govern/caller.ts';
export { type Admission, Governor } from './govern/governor.ts';
export {
  mayUseModel,
  mayUseProfile,
  mayUseWorkspace,
  narrowProfile,
  permitModel,
  permitRuns,
  permitTurn,
} from './govern/permit-turn.ts';
export type { Rate } from './govern/spending-limits.ts';
export { ApiKeys } from './keys/api-keys.ts';
export { createKeyHash } from './keys/secrets.ts';
export { createPasswordHasher } from './passwords/password-hasher.ts';
export type * from './ports.ts';
export { Profiles } from './profiles/profiles.ts';
export type { ReportProblem } from './report-problem.ts';
export { ShareLinks } from './shares/share-links.ts';
export { AttemptLimits } from './sign-in/attempt-limits.ts';
export { ConsoleSignIn } from './sign-in/console-sign-in.ts';
export { CodeCheck } from './two-factor/code-check.ts';
export { createRecoveryHash } from './two-factor/recovery-codes.ts';
export { TwoFactor } from './two-factor/two-factor.ts';
export { Users } from './users/users.ts';
export { SavedViews, type ViewCaller } from './views/saved-views.ts';
