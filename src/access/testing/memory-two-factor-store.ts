import type { StoredTwoFactor, TwoFactorStore } from '../ports.ts';
import type { MemoryUserStore } from './memory-stores.ts';

interface Kept {
  readonly secret: string;
  readonly since: number;
  lastStep: number;
  recoveryHashes: Set<string>;
}

/** Beside the users in memory. */
export class MemoryTwoFactorStore implements TwoFactorStore {
  readonly #users: MemoryUserStore;
  readonly #kept = new Map<string, Kept>();

  constructor(users: MemoryUserStore) {
    this.#users = users;
  }

  async find(userId: string): Promise<StoredTwoFactor | null> {
    const kept = this.#kept.get(userId);
    if (kept === undefined) return null;
    const { secret, since, lastStep, recoveryHashes } = kept;
    return { secret, since, lastStep, recoveryCodesLeft: recoveryHashes.size };
  }

  async turnOn(userId: string, begun: Parameters<TwoFactorStore['turnOn']>[1]): Promise<boolean> {
    if (this.#kept.has(userId)) return false;
    this.#kept.set(userId, { ...begun, recoveryHashes: new Set(begun.recoveryHashes) });
    this.#users.setTwoFactor(userId, begun.since);
    return true;
  }

  async turnOff(userId: string): Promise<boolean> {
    this.#users.setTwoFactor(userId, null);
    return this.#kept.delete(userId);
  }

  async takeStep(userId: string, since: number, step: number): Promise<boolean> {
    const kept = this.#kept.get(userId);
    if (kept === undefined || kept.since !== since || kept.lastStep >= step) return false;
    kept.lastStep = step;
    return true;
  }

  async takeRecoveryCode(userId: string, hash: string): Promise<number | null> {
    const hashes = this.#kept.get(userId)?.recoveryHashes;
    return hashes?.delete(hash) === true ? hashes.size : null;
  }

  async replaceRecoveryCodes(userId: string, since: number, hashes: readonly string[]): Promise<boolean> {
    const kept = this.#kept.get(userId);
    if (kept?.since !== since) return false;
    kept.recoveryHashes = new Set(hashes);
    return true;
  }
}
