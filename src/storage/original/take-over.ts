import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database as SqliteFile } from 'better-sqlite3';
import { DatabaseAuditStore } from '../access/audit-store.ts';
import { DatabaseKeyStore } from '../access/key-store.ts';
import { DatabaseSettingsStore } from '../access/settings-store.ts';
import { DatabaseUserStore } from '../access/user-store.ts';
import type { Database } from '../open-database.ts';
import { RecordStore } from '../records/record-store.ts';
import type { NewRecord } from '../records/write-records.ts';
import { convertKey } from './convert-key.ts';
import { convertRequest } from './convert-request.ts';
import { convertUser } from './convert-user.ts';
import type { OriginalUpgrade } from './original-upgrade.ts';
import { textOf } from './read-fields.ts';
import { countOriginal, readOriginal } from './read-original.ts';
import { Tally } from './tally.ts';

export interface TakeOver {
  /** What the original had. */
  readonly from: SqliteFile;
  /** An empty database of ours. */
  readonly to: Pick<Database, 'kysely' | 'kind'>;
  readonly upgrade: OriginalUpgrade;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Who did it, in histories. */
const actor = 'upgrade';

const batchRows = 900;
const batchBytes = 4 * 1024 * 1024;
/** Records after which it is told how far it has come. */
const tellEvery = 20_000;

/** Copies what the original had, as far as it fits, and tells what became of each kind. */
export async function takeOver(all: TakeOver): Promise<void> {
  const { from, to, upgrade, now } = all;
  const keys = new Tally();
  const users = new Tally();
  const requests = new Tally();
  const keyNames = await takeKeys(all, keys);
  upgrade.tell(keys.describe('API keys'));
  await takeUsers(all, users);
  upgrade.tell(users.describe('console users'));
  const oldestRequestAt = await takeRequests(all, keyNames, requests);
  upgrade.tell(requests.describe('records of requests'));
  const { analytics } = countOriginal(from);
  upgrade.tell(
    `Counted the statistics anew from these records, in place of the original's ${analytics} sums`,
  );
  await takeSettings(all, oldestRequestAt);
  const counts = { keys: keys.toJSON(), users: users.toJSON(), requests: requests.toJSON() };
  const details = Object.fromEntries(
    Object.entries(counts).flatMap(([kind, tally]) =>
      Object.entries(tally).map(([name, count]) => [`${kind} ${name}`, count]),
    ),
  );
  const entry = { at: now, actor, address: null, action: 'database.upgraded', target: null, details };
  await new DatabaseAuditStore(to).add(entry);
}

/** Returns what the keys are called, by our ids. */
async function takeKeys(
  { from, to, upgrade, now }: TakeOver,
  tally: Tally,
): Promise<ReadonlyMap<string, string>> {
  const store = new DatabaseKeyStore(to);
  const names = new Map<string, string>();
  for (const row of readOriginal(from, 'api_keys')) {
    const key = convertKey(row, { hash: upgrade.hashKey, now, tally });
    if (key === undefined) continue;
    await store.create(key);
    names.set(key.id, key.name);
    tally.taken += 1;
  }
  return names;
}

async function takeUsers({ from, to, upgrade, now }: TakeOver, tally: Tally): Promise<void> {
  const store = new DatabaseUserStore(to);
  for (const row of readOriginal(from, 'webui_users')) {
    const { renewPassword } = upgrade;
    const user = await convertUser(row, { renewPassword, now, tally });
    if (user === undefined) continue;
    let isNew = await store.create(user);
    if (!isNew) tally.note('renamed, since another has the name in other capitals');
    for (let count = 2; !isNew; count++) {
      isNew = await store.create({ ...user, username: `${user.username}-${count}` });
    }
    tally.taken += 1;
  }
}

/** Returns when the oldest began; null where there is none. */
async function takeRequests(
  { from, to, upgrade, now }: TakeOver,
  keyNames: ReadonlyMap<string, string>,
  tally: Tally,
): Promise<number | null> {
  const store = new RecordStore(to);
  const { completeRecord } = upgrade;
  let oldest: number | null = null;
  let batch: NewRecord[] = [];
  let bytes = 0;
  for (const row of readOriginal(from, 'request_logs')) {
    const one = convertRequest(row, { completeRecord, now, tally, keyNames });
    if (one === undefined) continue;
    oldest = Math.min(oldest ?? one.record.startedAt, one.record.startedAt);
    batch.push(one);
    bytes += (textOf(row['request_body'])?.length ?? 0) + (textOf(row['response_body'])?.length ?? 0);
    tally.taken += 1;
    if (tally.taken % tellEvery === 0) upgrade.tell(`Took over ${tally.taken} records of requests so far`);
    if (batch.length < batchRows && bytes < batchBytes) continue;
    await store.write(batch);
    batch = [];
    bytes = 0;
    // SQLite answers at once: without this nobody else would have a turn.
    await nextTurn();
  }
  await store.write(batch);
  return oldest;
}

async function takeSettings(
  { from, to, upgrade, now }: TakeOver,
  oldestRequestAt: number | null,
): Promise<void> {
  const configuration = new Map<string, string>();
  for (const row of readOriginal(from, 'configuration')) {
    const [name, value] = [textOf(row['key']), textOf(row['value'])];
    if (name !== undefined && value !== undefined) configuration.set(name, value);
  }
  const { settings, remarks } = upgrade.chooseSettings({ configuration, oldestRequestAt });
  await new DatabaseSettingsStore(to).change(settings, actor, now);
  const chosen = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  upgrade.tell(
    [
      `Took over ${chosen.length} settings${chosen.length > 0 ? ` (${chosen.join(', ')})` : ''}`,
      ...remarks,
    ].join('; '),
  );
}
