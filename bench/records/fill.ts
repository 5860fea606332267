import type { Transaction } from 'kysely';
import type { Database } from '../../src/storage/open-database.ts';
import { changeDays, type StoredChange } from '../../src/storage/records/record-days.ts';
import { toRow } from '../../src/storage/records/record-row.ts';
import {
  type Granularity,
  granularities,
  granularityMs,
  keptMs,
  startOf,
} from '../../src/storage/records/roll-up-steps.ts';
import { RollUps } from '../../src/storage/records/roll-ups.ts';
import { insertLogs } from '../../src/storage/records/write-records.ts';
import type { Schema } from '../../src/storage/schema.ts';
import { end, syntheticRecord } from './synthetic.ts';

const rowsPerStatement = 900;
const detailEvery = 50;

/** Few commits: an index of random ids is written over and over otherwise. */
const daysPerTransaction = 20;

/**
 * Stores synthetic records: what the store's own `write` would leave, but sums by minute and hour only as far back as
 * they are kept.
 */
export async function fill({ kysely, kind }: Database, rows: number): Promise<void> {
  let next = 0;
  while (next < rows) {
    await kysely.transaction().execute(async (transaction) => {
      for (let days = 0; days < daysPerTransaction && next < rows; days++) {
        const first = next;
        const day = startOf('day', syntheticRecord(first, rows).startedAt);
        while (next < rows && startOf('day', syntheticRecord(next, rows).startedAt) <= day) {
          next = Math.min(rows, next + rowsPerStatement);
        }
        // A stretch may reach into the next day.
        const kept = granularities.filter(
          (granularity) => day + granularityMs.day >= end - keptMs[granularity],
        );
        await fillStretch(transaction, kind, { first, after: next, rows }, kept);
      }
    });
    console.error(`  ${new Date().toISOString()} ${next} rows`);
  }
}

async function fillStretch(
  transaction: Transaction<Schema>,
  kind: Database['kind'],
  stretch: { readonly first: number; readonly after: number; readonly rows: number },
  kept: readonly Granularity[],
): Promise<void> {
  const rollUps = new RollUps(kept);
  const changes: StoredChange[] = [];
  for (let start = stretch.first; start < stretch.after; start += rowsPerStatement) {
    const batch = Array.from({ length: Math.min(rowsPerStatement, stretch.after - start) }, (_, index) =>
      toRow(syntheticRecord(start + index, stretch.rows)),
    );
    const stored = await insertLogs(transaction, kind, batch);
    const details = stored.flatMap(({ id }, index) => {
      const row = batch[index];
      if (row === undefined || (start + index) % detailEvery !== 0) return [];
      const body = syntheticDetail(id);
      return [{ id, started_at: row.started_at, size: body.length, body }];
    });
    await transaction.insertInto('request_details').values(details).execute();
    for (const row of batch) {
      rollUps.add(row);
      changes.push({ startedAt: row.started_at, records: 1, detailBytes: 0 });
    }
    for (const { started_at: startedAt, size } of details) {
      changes.push({ startedAt, records: 0, detailBytes: size });
    }
  }
  await changeDays(transaction, changes);
  await rollUps.store(transaction, kind);
}

function syntheticDetail(id: number): string {
  const text = `What was said in request ${id}. `.repeat(60);
  return JSON.stringify({
    level: 'full',
    request: { messages: [{ role: 'user', content: text }] },
    response: { choices: [{ message: { role: 'assistant', content: text } }] },
    timeline: [{ type: 'text', atMs: 5, choice: 0, text }],
    truncated: false,
  });
}
