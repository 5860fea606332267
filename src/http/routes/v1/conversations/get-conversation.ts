import type { FastifyInstance } from 'fastify';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { encodeConversation } from '../../../conversations/encode-conversation.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { conversationNotFound } from '../../../responses/response-errors.ts';

export function registerGetConversation(app: FastifyInstance, deps: ConversationDeps): void {
  app.get<{ Params: { id: string } }>('/v1/conversations/:id', async (request) => {
    const { owner } = await identifyCaller(deps.authenticator, request);
    const { id } = request.params;
    const conversation = await deps.conversations.get(owner, id);
    if (conversation === null) throw conversationNotFound(id);
    return encodeConversation(conversation);
  });
}
