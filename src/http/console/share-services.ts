import type { Actor } from '../../access/index.ts';
import type { SharedRun, ShareLife, ShareLink } from '../../contract/index.ts';

/** Public links to recorded requests. Refusals are thrown as AccessErrors. */
export interface ShareAdministration {
  list(): Promise<{ enabled: boolean; items: ShareLink[] }>;
  listOf(requestId: string): Promise<{ enabled: boolean; reason: string | null; items: ShareLink[] }>;
  create(requestId: string, life: ShareLife, actor: Actor): Promise<{ link: ShareLink; token: string }>;
  revoke(id: string, actor: Actor): Promise<void>;
  /** For whoever has the link. Throws `not_found` or `too_many_attempts`. */
  open(token: string, address: string): Promise<SharedRun>;
}
