import type { ConversationStore, ResponseStore } from '../../storage/index.ts';
import type { Authenticator } from '../authenticator.ts';
import type { FileServices } from '../files/file-services.ts';

export interface ConversationDeps {
  readonly authenticator: Authenticator;
  readonly conversations: ConversationStore;
  readonly files: FileServices;
  readonly responses: Pick<ResponseStore, 'findItems'>;
}
