import type { conversationEndpoints } from '../../../contract/index.ts';
import type { ConversationAdministration } from '../../console/browsing-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function conversationHandlers(
  conversations: ConversationAdministration,
): HandlersOf<typeof conversationEndpoints> {
  return {
    listConversations: ({ query }) => conversations.list(query),
    getConversation: ({ params }) => conversations.get(params.id),
    deleteConversation: ({ params, actor }) => conversations.remove(params.id, actor),
  };
}
