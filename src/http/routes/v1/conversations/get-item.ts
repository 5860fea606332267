import type { FastifyInstance } from 'fastify';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { conversationNotFound, itemNotFound } from '../../../responses/response-errors.ts';

export function registerGetConversationItem(app: FastifyInstance, deps: ConversationDeps): void {
  app.get<{ Params: { id: string; itemId: string } }>(
    '/v1/conversations/:id/items/:itemId',
    async (request) => {
      const { owner } = await identifyCaller(deps.authenticator, request);
      const { id, itemId } = request.params;
      const item = await deps.conversations.getItem(owner, id, itemId);
      if (item !== null) return item.body;
      throw (await deps.conversations.get(owner, id)) === null
        ? conversationNotFound(id)
        : itemNotFound(itemId);
    },
  );
}
