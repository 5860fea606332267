import type { FastifyInstance } from 'fastify';
import { decodeMetadata } from '../../../../openai/index.ts';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { decodeItems } from '../../../conversations/decode-items.ts';
import { encodeConversation } from '../../../conversations/encode-conversation.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { newId } from '../../../new-id.ts';
import { readOptionalObject } from '../../../read-optional-object.ts';
import { toStorage } from '../../../responses/item-bodies.ts';

export function registerCreateConversation(app: FastifyInstance, deps: ConversationDeps): void {
  app.post('/v1/conversations', async (request) => {
    const { owner } = await identifyCaller(deps.authenticator, request);
    const body = readOptionalObject(request.body);
    const metadata = decodeMetadata(body['metadata']);
    const items = await decodeItems(body['items'], owner, deps);
    const conversation = { id: newId('conv_'), metadata, createdAt: Date.now() };
    await deps.conversations.create(owner, conversation, toStorage(items));
    return encodeConversation(conversation);
  });
}
