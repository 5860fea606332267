import type { SharedRun, ShareLink } from '../../contract/index.ts';

export interface StoredShare extends ShareLink {
  /** Keyed hash, hexadecimal. */
  readonly tokenHash: string;
}

/** Where public links are kept. They go with their record. */
export interface ShareStore {
  /** False where there is no such record. */
  create(share: StoredShare): Promise<boolean>;
  findByHash(tokenHash: string): Promise<ShareLink | null>;
  /** Those that end after `now`, newest first; all, or those of one record. */
  list(now: number, requestId?: string): Promise<readonly ShareLink[]>;
  /** Counts one more. */
  markOpened(id: string, at: number): Promise<void>;
  /** Resolves to what was removed; null where there was no such link. */
  remove(id: string): Promise<ShareLink | null>;
  /** Those that ended by `now`. Resolves to how many there were. */
  removeExpired(now: number): Promise<number>;
}

/** What a link shows of a record, or why there is nothing to show. */
export type ShareView =
  | { readonly shown: Omit<SharedRun, 'expiresAt'> }
  | { readonly shown: undefined; readonly reason: string };
