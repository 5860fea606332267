import { randomBytes } from 'node:crypto';
import type { SharedRun, ShareLife, ShareLink } from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { KeyHash } from '../keys/secrets.ts';
import { newId } from '../new-id.ts';
import type { Actor, RateLimit, RateLimiter } from '../ports.ts';
import { networkOf } from '../sign-in/network-of.ts';
import type { ShareStore, ShareView } from './share-ports.ts';

export interface ShareLinksOptions {
  readonly store: ShareStore;
  readonly audit: Pick<AuditLog, 'record'>;
  readonly limiter: Pick<RateLimiter, 'consume' | 'look'>;
  /** By `createKeyHash`. */
  readonly hash: KeyHash;
  /** Whether public links are allowed at this moment. */
  readonly isOn: () => boolean;
  /** What there is to show of a record; null where there is no such record. */
  readonly view: (requestId: string) => Promise<ShareView | null>;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

const hourMs = 60 * 60 * 1000;
const lifeMs: Readonly<Record<ShareLife, number>> = {
  '1h': hourMs,
  '1d': 24 * hourMs,
  '7d': 7 * 24 * hourMs,
  '30d': 30 * 24 * hourMs,
};

/** Of one record, at a time. */
const mostOfRecord = 20;
/** Of one network: a page that many look at together, and links that lead nowhere. */
const openings: RateLimit = { points: 60, seconds: 60 };
const failures: RateLimit = { points: 20, seconds: 10 * 60 };

const switchedOff = 'Public links are switched off. An admin can allow them by PUBLIC_SHARE_LINKS.';

/** Public links to recorded requests: for somebody without a user of the console, for a time. */
export class ShareLinks {
  readonly #options: ShareLinksOptions;
  readonly #now: () => number;

  constructor(options: ShareLinksOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** All that have not expired, newest first. */
  async list(): Promise<{ enabled: boolean; items: ShareLink[] }> {
    const { store, isOn } = this.#options;
    return { enabled: isOn(), items: [...(await store.list(this.#now()))] };
  }

  /** Those of one record, and why no more can be made of it. @throws AccessError `not_found` */
  async listOf(requestId: string): Promise<{ enabled: boolean; reason: string | null; items: ShareLink[] }> {
    const { store, isOn } = this.#options;
    const view = await this.#viewOf(requestId);
    const items = [...(await store.list(this.#now(), requestId))];
    return { enabled: isOn(), reason: view.shown === undefined ? view.reason : null, items };
  }

  /**
   * Makes a link; its token is kept nowhere.
   * @throws AccessError `not_found`; `conflict` where links are off, there is nothing to show, or there are too many.
   */
  async create(
    requestId: string,
    life: ShareLife,
    actor: Actor,
  ): Promise<{ readonly link: ShareLink; readonly token: string }> {
    const { store, audit, hash, isOn } = this.#options;
    if (!isOn()) throw new AccessError('conflict', switchedOff);
    const view = await this.#viewOf(requestId);
    if (view.shown === undefined) throw new AccessError('conflict', view.reason);
    const now = this.#now();
    if ((await store.list(now, requestId)).length >= mostOfRecord) {
      throw new AccessError(
        'conflict',
        `This request has ${mostOfRecord} public links already; revoke one first.`,
      );
    }
    const token = randomBytes(32).toString('base64url');
    const link: ShareLink = {
      id: newId('share_'),
      requestId,
      createdAt: now,
      createdBy: actor.name,
      expiresAt: now + lifeMs[life],
      lastOpenedAt: null,
      opened: 0,
    };
    if (!(await store.create({ ...link, tokenHash: hash(token) }))) throw noSuchRecord(requestId);
    await audit.record(actor, 'share.created', requestId, { link: link.id, life });
    return { link, token };
  }

  /** @throws AccessError `not_found` */
  async revoke(id: string, actor: Actor): Promise<void> {
    const { store, audit } = this.#options;
    const removed = await store.remove(id);
    if (removed === null) throw new AccessError('not_found', `There is no public link '${id}'.`);
    await audit.record(actor, 'share.revoked', removed.requestId, { link: id, madeBy: removed.createdBy });
  }

  /**
   * What a link shows. The database is asked each time, so that a revocation by whichever server holds at once. Links that
   * lead nowhere are not told apart, whatever became of them.
   * @throws AccessError `not_found`; `too_many_attempts` for an address that tries many.
   */
  async open(token: string, address: string): Promise<SharedRun> {
    const { store, limiter, hash, isOn, view } = this.#options;
    // Addresses are kept for as long as they are counted, and not as they are.
    const network = hash(networkOf(address)).slice(0, 32);
    const failed = `share-failed:${network}`;
    for (const verdict of [
      await limiter.look(failed, failures),
      await limiter.consume(`share:${network}`, openings),
    ])
      if (!verdict.allowed) throw tooMany(verdict.resetMs);
    const now = this.#now();
    const link = isOn() ? await store.findByHash(hash(token)) : null;
    const shown = link === null || link.expiresAt <= now ? undefined : (await view(link.requestId))?.shown;
    if (link === null || shown === undefined) {
      await limiter.consume(failed, failures);
      throw new AccessError('not_found', 'This link does not exist or has ended.');
    }
    await store.markOpened(link.id, now);
    return { ...shown, expiresAt: link.expiresAt };
  }

  /** Resolves to how many there were. */
  removeExpired(): Promise<number> {
    return this.#options.store.removeExpired(this.#now());
  }

  async #viewOf(requestId: string): Promise<ShareView> {
    const view = await this.#options.view(requestId);
    if (view === null) throw noSuchRecord(requestId);
    return view;
  }
}

function noSuchRecord(id: string): AccessError {
  return new AccessError('not_found', `There is no record '${id}'.`, { param: 'id' });
}

function tooMany(waitMs: number): AccessError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new AccessError('too_many_attempts', 'Too many links were tried. Try again later.', {
    retryAfterSeconds,
  });
}
