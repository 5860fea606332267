import type { FastifyInstance } from 'fastify';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { conversationNotFound } from '../../../responses/response-errors.ts';

/** Responses that were made in it stay, and keep their items. */
export function registerDeleteConversation(app: FastifyInstance, deps: ConversationDeps): void {
  app.delete<{ Params: { id: string } }>('/v1/conversations/:id', async (request) => {
    const { owner } = await identifyCaller(deps.authenticator, request);
    const { id } = request.params;
    if (!(await deps.conversations.delete(owner, id))) throw conversationNotFound(id);
    return { id, object: 'conversation.deleted', deleted: true };
  });
}
