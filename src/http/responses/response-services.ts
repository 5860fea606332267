import type { Logger } from 'pino';
import type { Engine } from '../../engine/index.ts';
import type { AgentItems, ModelDirectory, ProfileSet } from '../../openai/index.ts';
import type { ConversationStore, ResponseStore } from '../../storage/index.ts';
import type { LeaseKeeper } from '../background/lease-keeper.ts';
import type { Seal } from '../seal.ts';

/** What all kinds of responses need. */
export interface ResponseServices {
  readonly engine: Pick<Engine, 'runTurn'>;
  readonly models: () => Promise<ModelDirectory>;
  readonly profiles: ProfileSet;
  readonly responses: ResponseStore;
  readonly conversations: ConversationStore;
  readonly leases: LeaseKeeper;
  readonly seal: Seal;
  readonly agentItems: AgentItems;
  readonly logger: Logger;
}
