import type { ConversationStore, ResponseStore } from '../../storage/index.ts';
import type { Authenticator } from '../authenticator.ts';

export interface ConversationDeps {
  readonly authenticator: Authenticator;
  readonly conversations: ConversationStore;
  readonly responses: Pick<ResponseStore, 'findItems'>;
}
