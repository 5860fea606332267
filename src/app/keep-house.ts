import type { ShareLinks } from '../access/index.ts';
import type { Config } from '../config/index.ts';
import type { Engine, TranscriptStore } from '../engine/index.ts';
import { type FileServices, removeOldFiles } from '../http/index.ts';
import type { Logger } from '../observability/index.ts';
import type { ConversationStore, ResponseStore } from '../storage/index.ts';
import type { Access } from './build-access.ts';
import { repeat } from './repeat.ts';

export interface HouseParts {
  readonly engine: Pick<Engine, 'workspaces' | 'removeOldCheckpoints'>;
  readonly transcripts: TranscriptStore;
  readonly responses: ResponseStore;
  readonly conversations: ConversationStore;
  readonly files: FileServices;
  readonly access: Pick<Access, 'signIn'>;
  readonly shares: Pick<ShareLinks, 'removeExpired'>;
  /** As it is now. */
  readonly config: () => Config;
  readonly logger: Logger;
}

const hourMs = 60 * 60 * 1000;

/** Forgets what has not been used for long, at once and every hour. */
export function keepHouse({
  engine,
  transcripts,
  responses,
  conversations,
  files,
  access,
  shares,
  config,
  logger,
}: HouseParts): AsyncDisposable {
  const forget = async (what: string, removing: () => Promise<number>): Promise<void> => {
    try {
      const count = await removing();
      if (count > 0) logger.info({ count }, `forgot ${what}`);
    } catch (error) {
      logger.error({ err: error }, `${what} could not be forgotten`);
    }
  };
  return repeat({
    name: 'forgetting what is old',
    everyMs: hourMs,
    onError: (error, message) => logger.error({ err: error }, message),
    run: async () => {
      const { retentionMs: transcriptMs } = config().transcripts;
      if (transcriptMs !== undefined) {
        const time = new Date(Date.now() - transcriptMs);
        await forget('idle conversations', () => transcripts.deleteSessionsIdleSince(time));
      }
      const { retentionMs: responseMs } = config().responses;
      if (responseMs !== undefined) {
        const time = Date.now() - responseMs;
        await forget('old responses', () => responses.deleteOlderThan(time));
        await forget('idle conversations of the API', () => conversations.deleteIdleSince(time));
      }
      const { retentionMs: workspaceMs } = config().workspaces;
      if (workspaceMs !== undefined) {
        const time = new Date(Date.now() - workspaceMs);
        await forget('workspaces that nobody used', () => engine.workspaces.removeUnused(time));
      }
      await forget('old files', async () => {
        const { retentionMs } = config().files;
        const removed = await removeOldFiles(files, { now: Date.now(), retentionMs });
        return removed.files + removed.containers + removed.contents;
      });
      await forget('copies for rolling back runs', () => engine.removeOldCheckpoints());
      await forget('console sessions that have ended', () => access.signIn.removeExpired());
      await forget('public links that have expired', () => shares.removeExpired());
    },
  });
}
