import type { Logger } from 'pino';
import type { Governor } from '../../access/index.ts';
import type { Engine } from '../../engine/index.ts';
import type { RequestRecorder } from '../../observability/index.ts';
import type { AgentItems, ModelDirectory, ProfileSet } from '../../openai/index.ts';
import type { ConversationStore, ResponseStore } from '../../storage/index.ts';
import type { LeaseKeeper } from '../background/lease-keeper.ts';
import type { FileServices } from '../files/file-services.ts';
import type { Seal } from '../seal.ts';
import type { SideRequestSetting } from '../side-requests.ts';

/** What all kinds of responses need. */
export interface ResponseServices {
  /** Governed: see `Governor.govern`. */
  readonly engine: Pick<Engine, 'runTurn'>;
  readonly governor: Governor;
  readonly models: () => Promise<ModelDirectory>;
  /** Of the moment. */
  readonly profiles: () => Promise<ProfileSet>;
  readonly sideRequests: () => SideRequestSetting;
  readonly responses: ResponseStore;
  readonly conversations: ConversationStore;
  readonly files: FileServices;
  readonly leases: LeaseKeeper;
  readonly seal: Seal;
  readonly agentItems: () => AgentItems;
  /** Absent: runs are logged only. */
  readonly recorder?: RequestRecorder;
  readonly logger: Logger;
}
