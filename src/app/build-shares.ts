import { realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { createKeyHash, ShareLinks } from '../access/index.ts';
import type { Config } from '../config/index.ts';
import { createHidePlaces, showSharedRun } from '../observability/index.ts';
import { type Database, DatabaseShareStore, type RecordStore } from '../storage/index.ts';
import type { Access } from './build-access.ts';

export interface SharesParts {
  readonly database: Database;
  readonly secret: string;
  readonly access: Pick<Access, 'audit' | 'limiter'>;
  readonly records: Pick<RecordStore, 'get' | 'detail'>;
  /** As it is now. */
  readonly config: () => Config;
}

const nothingKept =
  'Neither the conversation nor what the agent did was kept of this request, so there is nothing to share. RECORD_DETAIL ' +
  'says what is kept, RECORD_MAX_MB for how long.';
const nothingSaid = 'No conversation belongs to this request, so there is nothing to share.';

/** Public links to the records of this server. */
export function buildShares({ database, secret, access, records, config }: SharesParts): ShareLinks {
  return new ShareLinks({
    store: new DatabaseShareStore(database),
    audit: access.audit,
    limiter: access.limiter,
    hash: createKeyHash(secret),
    isOn: () => config().records.publicLinks,
    async view(requestId) {
      const record = await records.get(requestId);
      if (record === null) return null;
      const detail = await records.detail(requestId);
      if (detail === null) return { shown: undefined, reason: nothingKept };
      const shown = showSharedRun(record, detail, createHidePlaces(await placesOf(config())));
      const isEmpty = shown.messages.length === 0 && shown.timeline.length === 0;
      return isEmpty ? { shown: undefined, reason: nothingSaid } : { shown };
    },
  });
}

async function placesOf({ paths }: Config): Promise<Parameters<typeof createHidePlaces>[0]> {
  const { workspaces, data, logs } = paths;
  // An agent tells the real path of where it works.
  const real = await realpath(workspaces).catch(() => workspaces);
  return {
    workspaceRoots: [workspaces, real],
    serverDirectories: [data, logs, homedir()],
  };
}
