import type { FastifyInstance } from 'fastify';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { encodeConversation } from '../../../conversations/encode-conversation.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { conversationNotFound, itemNotFound } from '../../../responses/response-errors.ts';

/** Takes an item out of the conversation, and tells the conversation. */
export function registerDeleteConversationItem(app: FastifyInstance, deps: ConversationDeps): void {
  app.delete<{ Params: { id: string; itemId: string } }>(
    '/v1/conversations/:id/items/:itemId',
    async (request) => {
      const { owner } = await identifyCaller(deps.authenticator, request);
      const { id, itemId } = request.params;
      const deleted = await deps.conversations.deleteItem(owner, id, itemId);
      const conversation = await deps.conversations.get(owner, id);
      if (conversation === null) throw conversationNotFound(id);
      if (!deleted) throw itemNotFound(itemId);
      return encodeConversation(conversation);
    },
  );
}
