import { AccessError, type Actor } from '../../access/index.ts';
import type { ShareLink } from '../../contract/index.ts';
import type { ShareAdministration } from '../console/share-services.ts';

/** One link, `share_1`, to the record `req_1`; its token is `token_1`. */
export function createFakeShares(note: (what: string, actor: Actor) => void): ShareAdministration {
  const find = (known: boolean): void => {
    if (!known) throw new AccessError('not_found', 'This link does not exist or has ended.');
  };
  return {
    list: async () => ({ enabled: true, items: [link] }),
    async listOf(requestId) {
      find(requestId === 'req_1');
      return { enabled: true, reason: null, items: [link] };
    },
    async create(requestId, life, actor) {
      find(requestId === 'req_1');
      note(`share ${requestId} for ${life}`, actor);
      return { link, token: 'token_1' };
    },
    async revoke(id, actor) {
      find(id === 'share_1');
      note(`revoke ${id}`, actor);
    },
    async open(token) {
      find(token === 'token_1');
      return {
        ...{ startedAt: 1, durationMs: 12, model: 'claude-sonnet-5', succeeded: true },
        ...{ inputTokens: 10, outputTokens: 3, messages: [], timeline: [], truncated: false, expiresAt: 2 },
      };
    },
  };
}

const link: ShareLink = {
  id: 'share_1',
  requestId: 'req_1',
  createdAt: 1,
  createdBy: 'admin',
  expiresAt: 2,
  lastOpenedAt: null,
  opened: 0,
};
