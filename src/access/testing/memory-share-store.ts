import type { ShareLink } from '../../contract/index.ts';
import type { ShareStore, StoredShare } from '../shares/share-ports.ts';

/** Public links in memory, to records that are always there. */
export class MemoryShareStore implements ShareStore {
  readonly shares = new Map<string, StoredShare>();

  async create(share: StoredShare): Promise<boolean> {
    this.shares.set(share.id, share);
    return true;
  }

  async findByHash(tokenHash: string): Promise<ShareLink | null> {
    return [...this.shares.values()].find((share) => share.tokenHash === tokenHash) ?? null;
  }

  async list(now: number, requestId?: string): Promise<readonly ShareLink[]> {
    return [...this.shares.values()].filter(
      (share) => share.expiresAt > now && (requestId === undefined || share.requestId === requestId),
    );
  }

  async markOpened(id: string, at: number): Promise<void> {
    const share = this.shares.get(id);
    if (share !== undefined) this.shares.set(id, { ...share, opened: share.opened + 1, lastOpenedAt: at });
  }

  async remove(id: string): Promise<ShareLink | null> {
    const share = this.shares.get(id) ?? null;
    this.shares.delete(id);
    return share;
  }

  async removeExpired(now: number): Promise<number> {
    const ended = [...this.shares.values()].filter(({ expiresAt }) => expiresAt <= now);
    for (const { id } of ended) this.shares.delete(id);
    return ended.length;
  }
}
