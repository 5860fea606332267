import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { changeDays, readStoredAmount, type StoredChange } from './record-days.ts';
import { granularityMs, keptMs } from './roll-up-steps.ts';

/** Deletes the oldest records that started before the time, with their bodies. Returns how many. */
export async function removeRecords(
  db: Kysely<Schema>,
  kind: Database['kind'],
  time: number,
  limit: number,
): Promise<number> {
  return db.transaction().execute(async (transaction) => {
    const oldest = await transaction
      .selectFrom('request_logs')
      .select('id')
      .where('started_at', '<', time)
      .orderBy('started_at')
      .orderBy('id')
      .limit(limit)
      // Another server that does the same waits, and then finds them gone.
      .$if(kind === 'postgres', (query) => query.forUpdate())
      .execute();
    if (oldest.length === 0) return 0;
    const ids = oldest.map(({ id }) => id);
    const details = await removeDetails(transaction, ids);
    const removed = await transaction
      .deleteFrom('request_logs')
      .where('id', 'in', ids)
      .returning('started_at')
      .execute();
    const records = removed.map(({ started_at: startedAt }) => ({ startedAt, records: -1, detailBytes: 0 }));
    await changeDays(transaction, [...details, ...records]);
    return removed.length;
  });
}

/** Deletes the oldest bodies until the rest take no more than so many bytes. Returns how many. */
export async function removeExcessDetails(
  db: Kysely<Schema>,
  kind: Database['kind'],
  maxBytes: number,
  limit: number,
): Promise<number> {
  if ((await readStoredAmount(db)).detailBytes <= maxBytes) return 0;
  return db.transaction().execute(async (transaction) => {
    const oldest = await transaction
      .selectFrom('request_details')
      .select(['id', 'size'])
      .orderBy('id')
      .limit(limit)
      .$if(kind === 'postgres', (query) => query.forUpdate())
      .execute();
    // Only now: another server that did the same may have been waited for.
    let excess = (await readStoredAmount(transaction)).detailBytes - maxBytes;
    const doomed: number[] = [];
    for (const { id, size } of oldest) {
      if (excess <= 0) break;
      doomed.push(id);
      excess -= size;
    }
    const removed = await removeDetails(transaction, doomed);
    await changeDays(transaction, removed);
    return removed.length;
  });
}

/** Returns what that changes in the books. */
async function removeDetails(
  transaction: Transaction<Schema>,
  ids: readonly number[],
): Promise<readonly StoredChange[]> {
  if (ids.length === 0) return [];
  const removed = await transaction
    .deleteFrom('request_details')
    .where('id', 'in', ids)
    .returning(['started_at', 'size'])
    .execute();
  return removed.map(({ started_at: startedAt, size }) => ({ startedAt, records: 0, detailBytes: -size }));
}

/**
 * Deletes sums by minute and by hour that have had their time; those by day and month stay.
 * @param recordsKeptMs how long records are kept; null: for ever.
 */
export async function removeRollUps(
  db: Kysely<Schema>,
  now: number,
  recordsKeptMs: number | null,
  limit: number,
): Promise<number> {
  const ends = {
    minute: now - keptMs.minute,
    hour: now - Math.max(keptMs.hour, recordsKeptMs ?? Number.POSITIVE_INFINITY),
  };
  let removed = 0;
  for (const granularity of ['minute', 'hour'] as const) {
    for (const dimension of ['total', 'model', 'key', 'endpoint'] as const) {
      // A bucket goes once all of it has had its time.
      const end = ends[granularity] - granularityMs[granularity];
      if (end <= 0 || removed >= limit) continue;
      const { numAffectedRows = 0n } = await sql`delete from analytics
        where granularity = ${granularity} and dimension = ${dimension} and (bucket_start, value) in (
          select bucket_start, value from analytics
          where granularity = ${granularity} and dimension = ${dimension} and bucket_start <= ${end}
          order by bucket_start limit ${limit - removed})`.execute(db);
      removed += Number(numAffectedRows);
    }
  }
  return removed;
}
