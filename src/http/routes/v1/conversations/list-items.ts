import type { FastifyInstance } from 'fastify';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { encodeItemList } from '../../../item-list.ts';
import { readPage } from '../../../read-query.ts';
import { conversationNotFound } from '../../../responses/response-errors.ts';

export function registerListConversationItems(app: FastifyInstance, deps: ConversationDeps): void {
  app.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>(
    '/v1/conversations/:id/items',
    async (request) => {
      const { owner } = await identifyCaller(deps.authenticator, request);
      const { id } = request.params;
      const items = await deps.conversations.items(owner, id, readPage(request.query));
      if (items === null) throw conversationNotFound(id);
      return encodeItemList(items);
    },
  );
}
