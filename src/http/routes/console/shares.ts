import type { shareEndpoints } from '../../../contract/index.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';
import type { ShareAdministration } from '../../console/share-services.ts';

export function shareHandlers(shares: ShareAdministration): HandlersOf<typeof shareEndpoints> {
  return {
    listShareLinks: () => shares.list(),
    listRecordShareLinks: ({ params }) => shares.listOf(params.id),
    createShareLink: ({ params, body, actor }) => shares.create(params.id, body.life, actor),
    revokeShareLink: ({ params, actor }) => shares.revoke(params.id, actor),
    async openShareLink({ params, visitor, reply }) {
      // Whoever was given it, no search engine was.
      reply.header('x-robots-tag', 'noindex, nofollow');
      return shares.open(params.token, visitor.address);
    },
  };
}
