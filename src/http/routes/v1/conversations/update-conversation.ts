import type { FastifyInstance } from 'fastify';
import { decodeMetadata, missingField } from '../../../../openai/index.ts';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { encodeConversation } from '../../../conversations/encode-conversation.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { readOptionalObject } from '../../../read-optional-object.ts';
import { conversationNotFound } from '../../../responses/response-errors.ts';

/** Replaces the metadata; `null` empties it. */
export function registerUpdateConversation(app: FastifyInstance, deps: ConversationDeps): void {
  app.post<{ Params: { id: string } }>('/v1/conversations/:id', async (request) => {
    const { owner } = await identifyCaller(deps.authenticator, request);
    const { id } = request.params;
    const { metadata } = readOptionalObject(request.body);
    if (metadata === undefined) throw missingField('metadata');
    const updated = await deps.conversations.updateMetadata(owner, id, decodeMetadata(metadata));
    if (updated === null) throw conversationNotFound(id);
    return encodeConversation(updated);
  });
}
