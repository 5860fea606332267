import type { ApiKey, AuditEntry, ProfileSpec, Role } from '../contract/index.ts';

/** Who administers: a console user, or the command line. */
export interface Actor {
  readonly name: string;
  readonly address: string | null;
}

export interface StoredKey extends Omit<ApiKey, 'state'> {
  /** Keyed hashes, hexadecimal. */
  readonly secretHash: string;
  readonly previousHash: string | null;
}

export interface KeyStore {
  create(key: StoredKey): Promise<void>;
  /** Newest first. */
  list(): Promise<readonly StoredKey[]>;
  get(id: string): Promise<StoredKey | null>;
  /** By the hash of its secret, or of the one before. */
  findByHash(hash: string): Promise<StoredKey | null>;
  /** Null where there is no such key. */
  update(id: string, change: Partial<Omit<StoredKey, 'id'>>): Promise<StoredKey | null>;
  remove(id: string): Promise<boolean>;
  /** Milliseconds since 1970 by key id; earlier than what is stored changes nothing. */
  markUsed(times: ReadonlyMap<string, number>): Promise<void>;
}

export interface Spending {
  readonly requests: number;
  readonly tokens: number;
  readonly costUsd: number;
}

/** Of the UTC day and month that a time lies in. */
export interface KeySpending {
  readonly day: Spending;
  readonly month: Spending;
}

export interface SpendingStore {
  read(keyId: string, at: number): Promise<KeySpending>;
  readAll(at: number): Promise<ReadonlyMap<string, KeySpending>>;
  /** Adds, in one step that no other server comes between, and returns the sums. */
  add(keyId: string, at: number, spent: Spending): Promise<KeySpending>;
  /**
   * From then on nothing of what was spent in the day and month of the time counts, but for the number of requests. Returns
   * what it was; null where there is no such key.
   */
  reset(keyId: string, at: number): Promise<KeySpending | null>;
}

/** A share of a budget in US dollars. */
export interface BudgetMark {
  readonly period: 'day' | 'month';
  readonly kind: 'hard' | 'soft';
  readonly percent: number;
  /** The whole budget. */
  readonly budgetUsd: number;
  /** What it is of the budget: whoever has spent so much has passed the mark. */
  readonly fromUsd: number;
}

export interface BudgetAlertStore {
  /**
   * Of the marks those that the key has passed in the day or month of the time, and that no server had claimed before. Budgets
   * that are begun anew make theirs free.
   */
  claim<Mark extends BudgetMark>(keyId: string, at: number, marks: readonly Mark[]): Promise<Mark[]>;
}

/** Runs at once, over all servers. A lease that is not renewed ends by itself. */
export interface RunLeaseStore {
  /** False where the key has `limit` runs already. */
  acquire(lease: {
    readonly runId: string;
    readonly keyId: string;
    readonly limit: number;
    readonly now: number;
    readonly expiresAt: number;
  }): Promise<boolean>;
  renew(runIds: readonly string[], expiresAt: number): Promise<void>;
  release(runId: string): Promise<void>;
}

export interface StoredUser {
  readonly id: string;
  /** As it is shown; no two differ in capitals alone. */
  readonly username: string;
  /** In PHC form (`$argon2id$…`), or bcrypt's (`$2b$…`). */
  readonly passwordHash: string;
  readonly role: Role;
  readonly active: boolean;
  readonly mustChangePassword: boolean;
  readonly createdAt: number;
  readonly lastSignInAt: number | null;
  /** When two-factor sign-in was turned on, through its own store; null: it is off. */
  readonly twoFactorSince: number | null;
}

export interface UserStore {
  /** False where the name is taken. */
  create(user: StoredUser): Promise<boolean>;
  list(): Promise<readonly StoredUser[]>;
  get(id: string): Promise<StoredUser | null>;
  findByName(username: string): Promise<StoredUser | null>;
  /** Null where there is no such user; `last_admin` where none active would be left, and then nothing changes. */
  update(
    id: string,
    change: Partial<Omit<StoredUser, 'id' | 'createdAt' | 'twoFactorSince'>>,
  ): Promise<StoredUser | 'last_admin' | null>;
  remove(id: string): Promise<boolean | 'last_admin'>;
}

export interface StoredTwoFactor {
  /** Sealed. */
  readonly secret: string;
  readonly since: number;
  /** Codes of this time step and of earlier ones are used up. */
  readonly lastStep: number;
  readonly recoveryCodesLeft: number;
}

/** What is used up is so for all servers at once. */
export interface TwoFactorStore {
  /** Null where it is off. */
  find(userId: string): Promise<StoredTwoFactor | null>;
  /** False where it is on already, or there is no such user. */
  turnOn(
    userId: string,
    begun: Omit<StoredTwoFactor, 'recoveryCodesLeft'> & { readonly recoveryHashes: readonly string[] },
  ): Promise<boolean>;
  /** Recovery codes go with it. False where it was off. */
  turnOff(userId: string): Promise<boolean>;
  /** Uses a time step up. False where it, or a later one, was used before, or `since` is not that of now. */
  takeStep(userId: string, since: number, step: number): Promise<boolean>;
  /** Uses a recovery code up. Resolves to how many are left; null where there is no such code. */
  takeRecoveryCode(userId: string, hash: string): Promise<number | null>;
  /** False where `since` is not that of now: then nothing changes. */
  replaceRecoveryCodes(userId: string, since: number, hashes: readonly string[]): Promise<boolean>;
}

export interface StoredSession {
  /** Names the session in lists; not what the cookie holds. */
  readonly id: string;
  /** SHA-256 of the cookie's token, hexadecimal. */
  readonly tokenHash: string;
  readonly userId: string;
  readonly csrfSecret: string;
  readonly createdAt: number;
  readonly lastSeenAt: number;
  readonly expiresAt: number;
  readonly address: string;
  readonly client: string;
}

export interface SessionStore {
  create(session: StoredSession): Promise<void>;
  findByToken(tokenHash: string): Promise<StoredSession | null>;
  get(id: string): Promise<StoredSession | null>;
  /** Those not yet expired. */
  list(now: number): Promise<readonly StoredSession[]>;
  touch(id: string, lastSeenAt: number): Promise<void>;
  remove(id: string): Promise<boolean>;
  /** All but the one with the id `except`. */
  removeOfUser(userId: string, except?: string): Promise<number>;
  removeExpired(now: number, idleSince: number): Promise<number>;
}

export interface StoredProfile {
  readonly name: string;
  /** Secret values are sealed. */
  readonly spec: ProfileSpec;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

export interface ProfileStore {
  list(): Promise<readonly StoredProfile[]>;
  put(profile: StoredProfile): Promise<void>;
  remove(name: string): Promise<boolean>;
  /** Goes up with every change, by whichever server. */
  version(): Promise<number>;
}

export interface AuditQuery {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface AuditStore {
  add(entry: Omit<AuditEntry, 'id'>): Promise<void>;
  list(query: AuditQuery): Promise<{ readonly items: AuditEntry[]; readonly nextCursor: string | null }>;
}

/** Hands out texts that only this server, or those that share its secret, can read. */
export interface Seal {
  seal(text: string): string;
  open(sealed: string): string | undefined;
}

export interface RateLimit {
  /** Most in a window. */
  readonly points: number;
  readonly seconds: number;
}

export interface RateVerdict {
  readonly allowed: boolean;
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetMs: number;
}

/** Counts in windows of time, over all servers, exactly. */
export interface RateLimiter {
  /** Counts one more, unless the window is full. */
  consume(key: string, limit: RateLimit): Promise<RateVerdict>;
  /** How it stands, without counting. */
  look(key: string, limit: RateLimit): Promise<RateVerdict>;
  forget(key: string): Promise<void>;
}
