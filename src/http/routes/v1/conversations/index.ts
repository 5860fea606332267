import type { FastifyInstance } from 'fastify';
import type { ConversationDeps } from '../../../conversations/conversation-deps.ts';
import { registerCreateConversation } from './create-conversation.ts';
import { registerCreateConversationItems } from './create-items.ts';
import { registerDeleteConversation } from './delete-conversation.ts';
import { registerDeleteConversationItem } from './delete-item.ts';
import { registerGetConversation } from './get-conversation.ts';
import { registerGetConversationItem } from './get-item.ts';
import { registerListConversationItems } from './list-items.ts';
import { registerUpdateConversation } from './update-conversation.ts';

export function registerConversations(app: FastifyInstance, deps: ConversationDeps): void {
  registerCreateConversation(app, deps);
  registerGetConversation(app, deps);
  registerUpdateConversation(app, deps);
  registerDeleteConversation(app, deps);
  registerListConversationItems(app, deps);
  registerCreateConversationItems(app, deps);
  registerGetConversationItem(app, deps);
  registerDeleteConversationItem(app, deps);
}
