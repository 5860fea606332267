import type { AuditEntry } from '../../contract/index.ts';
import type {
  AuditQuery,
  AuditStore,
  BudgetAlertStore,
  BudgetMark,
  KeySpending,
  KeyStore,
  ProfileStore,
  RunLeaseStore,
  SessionStore,
  Spending,
  SpendingStore,
  StoredKey,
  StoredProfile,
  StoredSession,
  StoredUser,
  UserStore,
} from '../ports.ts';

export class MemoryKeyStore implements KeyStore {
  readonly #keys = new Map<string, StoredKey>();

  async create(key: StoredKey): Promise<void> {
    this.#keys.set(key.id, key);
  }

  async list(): Promise<readonly StoredKey[]> {
    return [...this.#keys.values()].reverse();
  }

  async get(id: string): Promise<StoredKey | null> {
    return this.#keys.get(id) ?? null;
  }

  async findByHash(hash: string): Promise<StoredKey | null> {
    const keys = [...this.#keys.values()];
    return keys.find((key) => key.secretHash === hash || key.previousHash === hash) ?? null;
  }

  async update(id: string, change: Partial<Omit<StoredKey, 'id'>>): Promise<StoredKey | null> {
    const key = this.#keys.get(id);
    if (key === undefined) return null;
    const changed = { ...key, ...change };
    this.#keys.set(id, changed);
    return changed;
  }

  async remove(id: string): Promise<boolean> {
    return this.#keys.delete(id);
  }

  async markUsed(times: ReadonlyMap<string, number>): Promise<void> {
    for (const [id, lastUsedAt] of times) {
      const key = this.#keys.get(id);
      if (key !== undefined && (key.lastUsedAt ?? 0) < lastUsedAt) this.#keys.set(id, { ...key, lastUsedAt });
    }
  }
}

const nothingSpent: Spending = { requests: 0, tokens: 0, costUsd: 0 };

export class MemorySpendingStore implements SpendingStore {
  /** By key id, then by UTC day (`2026-01-31`) or month (`2026-01`). */
  readonly #sums = new Map<string, Map<string, Spending>>();

  async read(keyId: string, at: number): Promise<KeySpending> {
    const sums = this.#sums.get(keyId);
    const { day, month } = periodsOf(at);
    return { day: sums?.get(day) ?? nothingSpent, month: sums?.get(month) ?? nothingSpent };
  }

  async readAll(at: number): Promise<ReadonlyMap<string, KeySpending>> {
    const all = new Map<string, KeySpending>();
    for (const keyId of this.#sums.keys()) all.set(keyId, await this.read(keyId, at));
    return all;
  }

  async add(keyId: string, at: number, spent: Spending): Promise<KeySpending> {
    const sums = this.#sums.get(keyId) ?? new Map<string, Spending>();
    this.#sums.set(keyId, sums);
    for (const period of Object.values(periodsOf(at))) {
      const before = sums.get(period) ?? nothingSpent;
      sums.set(period, {
        requests: before.requests + spent.requests,
        tokens: before.tokens + spent.tokens,
        costUsd: before.costUsd + spent.costUsd,
      });
    }
    return this.read(keyId, at);
  }

  async reset(keyId: string, at: number): Promise<KeySpending | null> {
    const before = await this.read(keyId, at);
    const sums = this.#sums.get(keyId);
    for (const period of Object.values(periodsOf(at))) {
      const { requests = 0 } = sums?.get(period) ?? {};
      sums?.set(period, { requests, tokens: 0, costUsd: 0 });
    }
    return before;
  }
}

/** Takes it that whoever asks has passed the marks. */
export class MemoryBudgetAlertStore implements BudgetAlertStore {
  readonly claimed = new Set<string>();
  /** How often it was asked. */
  asked = 0;

  async claim<Mark extends BudgetMark>(keyId: string, at: number, marks: readonly Mark[]): Promise<Mark[]> {
    this.asked += 1;
    return marks.filter(({ period, kind, percent }) => {
      const name = [keyId, periodsOf(at)[period], kind, percent].join(' ');
      const isNew = !this.claimed.has(name);
      this.claimed.add(name);
      return isNew;
    });
  }
}

function periodsOf(at: number): { readonly day: string; readonly month: string } {
  const text = new Date(at).toISOString();
  return { day: text.slice(0, 10), month: text.slice(0, 7) };
}

export class MemoryRunLeaseStore implements RunLeaseStore {
  readonly #leases = new Map<string, { readonly keyId: string; readonly expiresAt: number }>();

  async acquire(lease: Parameters<RunLeaseStore['acquire']>[0]): Promise<boolean> {
    const { runId, keyId, limit, now, expiresAt } = lease;
    const running = [...this.#leases.values()].filter((one) => one.keyId === keyId && one.expiresAt > now);
    if (running.length >= limit) return false;
    this.#leases.set(runId, { keyId, expiresAt });
    return true;
  }

  async renew(runIds: readonly string[], expiresAt: number): Promise<void> {
    for (const runId of runIds) {
      const lease = this.#leases.get(runId);
      if (lease !== undefined) this.#leases.set(runId, { ...lease, expiresAt });
    }
  }

  async release(runId: string): Promise<void> {
    this.#leases.delete(runId);
  }
}

export class MemoryUserStore implements UserStore {
  readonly #users = new Map<string, StoredUser>();

  async create(user: StoredUser): Promise<boolean> {
    if (this.#named(user.username) !== undefined) return false;
    this.#users.set(user.id, user);
    return true;
  }

  async list(): Promise<readonly StoredUser[]> {
    return [...this.#users.values()];
  }

  async get(id: string): Promise<StoredUser | null> {
    return this.#users.get(id) ?? null;
  }

  async findByName(username: string): Promise<StoredUser | null> {
    return this.#named(username) ?? null;
  }

  async update(
    id: string,
    change: Partial<Omit<StoredUser, 'id' | 'createdAt' | 'twoFactorSince'>>,
  ): Promise<StoredUser | 'last_admin' | null> {
    const user = this.#users.get(id);
    if (user === undefined) return null;
    const changed = { ...user, ...change };
    if (isActiveAdmin(user) && !isActiveAdmin(changed) && this.#activeAdmins() === 1) return 'last_admin';
    this.#users.set(id, changed);
    return changed;
  }

  async remove(id: string): Promise<boolean | 'last_admin'> {
    const user = this.#users.get(id);
    if (user !== undefined && isActiveAdmin(user) && this.#activeAdmins() === 1) return 'last_admin';
    return this.#users.delete(id);
  }

  /** For the store of two-factor sign-in. */
  setTwoFactor(id: string, twoFactorSince: number | null): void {
    const user = this.#users.get(id);
    if (user !== undefined) this.#users.set(id, { ...user, twoFactorSince });
  }

  #named(username: string): StoredUser | undefined {
    const wanted = username.toLowerCase();
    return [...this.#users.values()].find((user) => user.username.toLowerCase() === wanted);
  }

  #activeAdmins(): number {
    return [...this.#users.values()].filter(isActiveAdmin).length;
  }
}

function isActiveAdmin(user: StoredUser): boolean {
  return user.active && user.role === 'admin';
}

export class MemorySessionStore implements SessionStore {
  readonly #sessions = new Map<string, StoredSession>();

  async create(session: StoredSession): Promise<void> {
    this.#sessions.set(session.id, session);
  }

  async findByToken(tokenHash: string): Promise<StoredSession | null> {
    return [...this.#sessions.values()].find((session) => session.tokenHash === tokenHash) ?? null;
  }

  async get(id: string): Promise<StoredSession | null> {
    return this.#sessions.get(id) ?? null;
  }

  async list(now: number): Promise<readonly StoredSession[]> {
    return [...this.#sessions.values()].filter((session) => session.expiresAt > now);
  }

  async touch(id: string, lastSeenAt: number): Promise<void> {
    const session = this.#sessions.get(id);
    if (session !== undefined) this.#sessions.set(id, { ...session, lastSeenAt });
  }

  async remove(id: string): Promise<boolean> {
    return this.#sessions.delete(id);
  }

  async removeOfUser(userId: string, except?: string): Promise<number> {
    return this.#removeWhere((session) => session.userId === userId && session.id !== except);
  }

  async removeExpired(now: number, idleSince: number): Promise<number> {
    return this.#removeWhere((session) => session.expiresAt <= now || session.lastSeenAt <= idleSince);
  }

  #removeWhere(matches: (session: StoredSession) => boolean): number {
    const found = [...this.#sessions.values()].filter(matches);
    for (const { id } of found) this.#sessions.delete(id);
    return found.length;
  }
}

export class MemoryProfileStore implements ProfileStore {
  readonly #profiles = new Map<string, StoredProfile>();
  #version = 0;

  async list(): Promise<readonly StoredProfile[]> {
    return [...this.#profiles.values()];
  }

  async put(profile: StoredProfile): Promise<void> {
    this.#profiles.set(profile.name, profile);
    this.#version += 1;
  }

  async remove(name: string): Promise<boolean> {
    const removed = this.#profiles.delete(name);
    if (removed) this.#version += 1;
    return removed;
  }

  async version(): Promise<number> {
    return this.#version;
  }
}

export class MemoryAuditStore implements AuditStore {
  readonly entries: AuditEntry[] = [];

  async add(entry: Omit<AuditEntry, 'id'>): Promise<void> {
    this.entries.push({ ...entry, id: this.entries.length + 1 });
  }

  async list(query: AuditQuery): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
    const { action, actor, from = 0, to = Number.POSITIVE_INFINITY, cursor, limit } = query;
    const before = cursor === undefined ? Number.POSITIVE_INFINITY : Number(cursor);
    const found = this.entries
      .filter((entry) => entry.id < before && entry.at >= from && entry.at <= to)
      .filter((entry) => action === undefined || entry.action === action)
      .filter((entry) => actor === undefined || entry.actor === actor)
      .reverse();
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: found.length > limit && last !== undefined ? String(last.id) : null };
  }
}
