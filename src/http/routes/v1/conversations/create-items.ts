import type { FastifyInstance } from 'fastify';
import { missingField } from '../../../../openai/index.ts';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { decodeItems } from '../../../conversations/decode-items.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { encodeItemList } from '../../../item-list.ts';
import { readOptionalObject } from '../../../read-optional-object.ts';
import { toStorage } from '../../../responses/item-bodies.ts';
import { conversationNotFound } from '../../../responses/response-errors.ts';

/** Adds up to 20 items, all or none, and tells them as they are kept. */
export function registerCreateConversationItems(app: FastifyInstance, deps: ConversationDeps): void {
  app.post<{ Params: { id: string } }>('/v1/conversations/:id/items', async (request) => {
    const { owner } = await identifyCaller(deps.authenticator, request);
    const { id } = request.params;
    const { items: given } = readOptionalObject(request.body);
    if (given === undefined || given === null) throw missingField('items');
    const items = toStorage(await decodeItems(given, owner, deps));
    if (!(await deps.conversations.append(owner, id, items))) throw conversationNotFound(id);
    return encodeItemList({ items, hasMore: false });
  });
}
