import type { ApiKey, ApiKeyWithUsage, KeyChange, NewKey } from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { describeChanges } from '../audit/describe-changes.ts';
import { Listeners } from '../listeners.ts';
import { newId } from '../new-id.ts';
import type { Actor, KeyStore, SpendingStore, StoredKey } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';
import { changedTerms, flattenTerms, termsOfNewKey } from './key-terms.ts';
import { LastUses } from './last-uses.ts';
import { type KeyHash, maskApiKey, newApiKey } from './secrets.ts';
import { showKey, showKeyWithUsage } from './show-key.ts';

export interface ApiKeysOptions {
  readonly keys: KeyStore;
  readonly spending: Pick<SpendingStore, 'read' | 'readAll' | 'reset'>;
  readonly audit: AuditLog;
  /** By `createKeyHash`. */
  readonly hash: KeyHash;
  readonly onProblem: ReportProblem;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

export interface KeyEvent {
  readonly type: 'created' | 'updated' | 'deleted';
  readonly key: ApiKey;
}

interface IssuedKey {
  readonly key: ApiKeyWithUsage;
  /** Kept nowhere. */
  readonly secret: string;
}

/** The API keys of the server. Disposing of it writes down the last uses. */
export class ApiKeys implements AsyncDisposable {
  readonly #options: ApiKeysOptions;
  readonly #now: () => number;
  readonly #lastUses: LastUses;
  readonly #listeners: Listeners<KeyEvent>;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#lastUses = new LastUses(options.keys, options.onProblem);
    this.#listeners = new Listeners(options.onProblem);
  }

  /**
   * The key that a secret belongs to, active at this moment. Every call asks the database, so that a revocation by
   * whichever server holds from the next request on.
   * @throws AccessError `invalid_key`; who holds the secret is told what became of it.
   */
  async authenticate(secret: string): Promise<{ readonly key: ApiKey }> {
    const now = this.#now();
    const hash = this.#options.hash(secret);
    const stored = await this.#options.keys.findByHash(hash);
    if (stored === null) {
      throw new AccessError('invalid_key', `Incorrect API key provided: ${maskApiKey(secret)}.`);
    }
    const key = showKey(stored, now);
    const problem = problemOf(key, stored.secretHash === hash, now);
    if (problem !== undefined) throw new AccessError('invalid_key', problem);
    this.#lastUses.note(key.id, now);
    return { key };
  }

  /** Newest first. */
  async list(): Promise<ApiKeyWithUsage[]> {
    const now = this.#now();
    const [keys, spending] = await Promise.all([
      this.#options.keys.list(),
      this.#options.spending.readAll(now),
    ]);
    return keys.map((key) => showKeyWithUsage(key, spending.get(key.id), now));
  }

  async get(id: string): Promise<ApiKeyWithUsage> {
    return this.#withUsage(await this.#find(id));
  }

  async create(asked: NewKey, actor: Actor): Promise<IssuedKey> {
    const now = this.#now();
    const terms = termsOfNewKey(asked, now);
    const { secret, prefix } = newApiKey();
    const stored: StoredKey = {
      ...terms,
      id: newId('key_'),
      prefix,
      createdAt: now,
      createdBy: actor.name,
      lastUsedAt: null,
      rotatedAt: null,
      previousValidUntil: null,
      spendingResetAt: null,
      secretHash: this.#options.hash(secret),
      previousHash: null,
    };
    await this.#options.keys.create(stored);
    await this.#options.audit.record(actor, 'key.created', stored.id, { prefix, ...flattenTerms(terms) });
    this.#tell('created', stored);
    return { key: showKeyWithUsage(stored, undefined, now), secret };
  }

  async update(id: string, change: KeyChange, actor: Actor): Promise<ApiKeyWithUsage> {
    const before = await this.#find(id);
    const after = existing(await this.#options.keys.update(id, changedTerms(before, change)));
    const changes = describeChanges(flattenTerms(before), flattenTerms(after));
    await this.#options.audit.record(actor, 'key.updated', id, changes);
    this.#tell('updated', after);
    return this.#withUsage(after);
  }

  /**
   * A new secret. The old one works for `graceSeconds` more; one from a rotation before it stops at once.
   */
  async rotate(id: string, graceSeconds: number, actor: Actor): Promise<IssuedKey> {
    const now = this.#now();
    const before = await this.#find(id);
    const { secret, prefix } = newApiKey();
    const previous =
      graceSeconds > 0
        ? { previousHash: before.secretHash, previousValidUntil: now + graceSeconds * 1000 }
        : { previousHash: null, previousValidUntil: null };
    const after = existing(
      await this.#options.keys.update(id, {
        prefix,
        secretHash: this.#options.hash(secret),
        rotatedAt: now,
        ...previous,
      }),
    );
    await this.#options.audit.record(actor, 'key.rotated', id, { name: after.name, prefix, graceSeconds });
    this.#tell('updated', after);
    return { key: await this.#withUsage(after), secret };
  }

  /**
   * Begins the budgets of the current UTC day and month anew. Runs that are under way count from here on as well; those that
   * were refused or stopped are not taken up again.
   */
  async resetSpending(id: string, actor: Actor): Promise<ApiKeyWithUsage> {
    const before = await this.#options.spending.reset(id, this.#now());
    if (before === null) throw notFound();
    const key = await this.#find(id);
    await this.#options.audit.record(actor, 'key.spending_reset', id, {
      name: key.name,
      costUsdToday: before.day.costUsd,
      costUsdThisMonth: before.month.costUsd,
      tokensToday: before.day.tokens,
      tokensThisMonth: before.month.tokens,
    });
    this.#tell('updated', key);
    return this.#withUsage(key);
  }

  async remove(id: string, actor: Actor): Promise<void> {
    const key = await this.#find(id);
    if (!(await this.#options.keys.remove(id))) throw notFound();
    const { name, prefix, owner } = key;
    await this.#options.audit.record(actor, 'key.deleted', id, { name, prefix, owner });
    this.#tell('deleted', key);
  }

  /** Told of what this server changes, after it is stored. Returns what ends it. */
  onChange(listener: (event: KeyEvent) => void): () => void {
    return this.#listeners.add(listener);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lastUses[Symbol.asyncDispose]();
  }

  async #find(id: string): Promise<StoredKey> {
    return existing(await this.#options.keys.get(id));
  }

  async #withUsage(stored: StoredKey): Promise<ApiKeyWithUsage> {
    const now = this.#now();
    return showKeyWithUsage(stored, await this.#options.spending.read(stored.id, now), now);
  }

  #tell(type: KeyEvent['type'], stored: StoredKey): void {
    this.#listeners.tell({ type, key: showKey(stored, this.#now()) });
  }
}

function problemOf(key: ApiKey, isCurrentSecret: boolean, now: number): string | undefined {
  switch (key.state) {
    case 'inactive':
      return 'This API key is inactive.';
    case 'expired':
      return `This API key expired at ${new Date(key.expiresAt ?? now).toISOString()}.`;
    case 'active':
      return isCurrentSecret || now < (key.previousValidUntil ?? 0)
        ? undefined
        : 'This API key was replaced by a new one, and does not work any more.';
  }
}

function existing(stored: StoredKey | null): StoredKey {
  if (stored === null) throw notFound();
  return stored;
}

function notFound(): AccessError {
  return new AccessError('not_found', 'There is no such API key.');
}
