import type { Actor, AuditQuery } from '../../access/index.ts';
import type {
  ActiveRun,
  ApiKeyWithUsage,
  AuditEntry,
  Check,
  CodeChallenge,
  KeyChange,
  LiveMetrics,
  NewKey,
  ProfileEntry,
  ProfileSpec,
  RecordDetail,
  RecordFilter,
  RequestRecord,
  Role,
  Rollback,
  SessionEntry,
  Setting,
  SettingValue,
  Stats,
  StatsQuery,
  TimelineEntry,
  TwoFactorSetup,
  TwoFactorState,
  User,
} from '../../contract/index.ts';
import type { Json } from '../../turn/index.ts';
import type { ApprovalServices } from '../approvals/approval-services.ts';
import type { ConversationAdministration, WorkspaceAdministration } from './browsing-services.ts';
import type { ShareAdministration } from './share-services.ts';
import type { ViewAdministration } from './view-services.ts';

/** What the routes of the console work with. Refusals are thrown as AccessErrors. */
export interface ConsoleServices {
  readonly sessions: ConsoleSessions;
  readonly twoFactor: OwnTwoFactor;
  readonly users: UserAdministration;
  readonly keys: KeyAdministration;
  readonly profiles: ProfileAdministration;
  readonly settings: SettingsAdministration;
  readonly audit: {
    list(query: AuditQuery): Promise<{ items: AuditEntry[]; nextCursor: string | null }>;
  };
  readonly records: RecordQueries;
  readonly runs: RunDirectory;
  readonly shares: ShareAdministration;
  readonly approvals: ApprovalServices;
  readonly workspaces: WorkspaceAdministration;
  readonly conversations: ConversationAdministration;
  readonly views: ViewAdministration;
  readonly system: SystemFacts;
}

export interface SignedIn {
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

export interface Visitor {
  readonly address: string;
  /** The browser's name for itself. */
  readonly client: string;
}

/** The token goes into the cookie. */
interface Begun {
  readonly token: string;
  readonly session: SignedIn;
}

export interface ConsoleSessions {
  /** With two-factor sign-in, a challenge for `confirm`. Throws `invalid_credentials` or `too_many_attempts`. */
  signIn(
    credentials: { readonly username: string; readonly password: string },
    visitor: Visitor,
  ): Promise<Begun | CodeChallenge>;
  /** Throws `sign_in_expired` besides. */
  confirm(
    answer: { readonly challenge: string; readonly code: string },
    visitor: Visitor,
  ): Promise<Begun & { readonly recoveryCodesLeft: number | null }>;
  /** `recheck`: it does not count as use. Throws `no_session`. */
  resume(token: string | undefined, options?: { readonly recheck?: boolean }): Promise<SignedIn>;
  signOut(session: SignedIn, visitor: Visitor): Promise<void>;
  /** Ends all sessions of the user and begins a new one. */
  changePassword(
    session: SignedIn,
    passwords: { readonly currentPassword: string; readonly newPassword: string },
    visitor: Visitor,
  ): Promise<Begun>;
  /** Of the user; of everybody for an admin. */
  list(session: SignedIn): Promise<SessionEntry[]>;
  revoke(session: SignedIn, id: string, visitor: Visitor): Promise<void>;
}

/** What users do with their own two-factor sign-in. A code is one of the app, or a recovery code. */
export interface OwnTwoFactor {
  describe(session: SignedIn): Promise<TwoFactorState>;
  begin(session: SignedIn, password: string, visitor: Visitor): Promise<TwoFactorSetup>;
  /** Resolves to the recovery codes. */
  turnOn(
    session: SignedIn,
    confirmation: { readonly setup: string; readonly code: string },
    visitor: Visitor,
  ): Promise<string[]>;
  turnOff(session: SignedIn, proof: TwoFactorProof, visitor: Visitor): Promise<void>;
  /** Resolves to the new codes. */
  renewRecoveryCodes(session: SignedIn, proof: TwoFactorProof, visitor: Visitor): Promise<string[]>;
}

interface TwoFactorProof {
  readonly password: string;
  readonly code: string;
}

export interface UserAdministration {
  list(): Promise<User[]>;
  create(
    user: { readonly username: string; readonly password: string; readonly role: Role },
    actor: Actor,
  ): Promise<User>;
  update(
    id: string,
    change: { readonly role?: Role | undefined; readonly active?: boolean | undefined },
    actor: Actor,
  ): Promise<User>;
  resetPassword(id: string, password: string, actor: Actor): Promise<User>;
  resetTwoFactor(id: string, actor: Actor): Promise<User>;
  remove(id: string, actor: Actor): Promise<void>;
}

export interface KeyAdministration {
  list(): Promise<ApiKeyWithUsage[]>;
  get(id: string): Promise<ApiKeyWithUsage>;
  create(key: NewKey, actor: Actor): Promise<{ key: ApiKeyWithUsage; secret: string }>;
  update(id: string, change: KeyChange, actor: Actor): Promise<ApiKeyWithUsage>;
  rotate(id: string, graceSeconds: number, actor: Actor): Promise<{ key: ApiKeyWithUsage; secret: string }>;
  resetSpending(id: string, actor: Actor): Promise<ApiKeyWithUsage>;
  remove(id: string, actor: Actor): Promise<void>;
}

export interface ProfileAdministration {
  list(): Promise<ProfileEntry[]>;
  get(name: string): Promise<ProfileEntry>;
  put(name: string, spec: ProfileSpec, actor: Actor): Promise<ProfileEntry>;
  remove(name: string, actor: Actor): Promise<void>;
}

export interface SettingsAdministration {
  describe(): { settings: Setting[]; startup: StartupVariable[] };
  /** Throws `invalid`, with the variable as its param, and changes nothing. */
  change(changes: Readonly<Record<string, SettingValue>>, actor: Actor): Promise<Setting[]>;
  history(): Promise<SettingChange[]>;
  /** Throws `conflict` where no webhook is set. */
  testBudgetWebhook(actor: Actor): Promise<{
    delivered: boolean;
    status: number | null;
    problem: string | null;
  }>;
}

export interface StartupVariable {
  name: string;
  value: string | null;
  source: 'default' | 'file' | 'environment';
  secret: boolean;
}

export interface SettingChange {
  id: number;
  name: string;
  before: SettingValue;
  after: SettingValue;
  at: number;
  by: string;
}

export interface RecordQueries {
  list(
    filter: RecordFilter,
    page: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<{ items: RequestRecord[]; nextCursor: string | null; searchedTo: number | null }>;
  /** All that fit, newest first, in pages. */
  all(filter: RecordFilter): AsyncIterable<readonly RequestRecord[]>;
  get(id: string): Promise<RequestRecord | null>;
  detail(id: string): Promise<RecordDetail | null>;
  stats(query: StatsQuery): Promise<Stats>;
  status(): Promise<{
    waiting: number;
    written: number;
    dropped: number;
    droppedDetails: number;
    lastError: string | null;
    storedRows: number;
    storedDetailBytes: number;
    oldestAt: number | null;
  }>;
}

export interface RunDirectory {
  list(): ActiveRun[];
  get(id: string): { run: ActiveRun; timeline: TimelineEntry[]; seq: number } | null;
  /** Null where no such run is under way. */
  stop(id: string, actor: Actor): Promise<ActiveRun | null>;
  /** Puts back what the run's file tools changed, or tells why not. Throws `not_found` where there was no such run. */
  rollBack(id: string, options: { readonly dryRun: boolean }, actor: Actor): Promise<Rollback>;
}

export interface SystemFacts {
  readonly version: string;
  checks(): Promise<Check[]>;
  metrics(): LiveMetrics;
  logTail(): Record<string, Json>[];
}
