import { CompiledQuery, type Transaction } from 'kysely';
import type { Database } from '../../src/storage/open-database.ts';
import { changeDays, type StoredChange } from '../../src/storage/records/record-days.ts';
import { type NewRecordRow, toRow } from '../../src/storage/records/record-row.ts';
import {
  type Granularity,
  granularities,
  granularityMs,
  keptMs,
  startOf,
} from '../../src/storage/records/roll-up-steps.ts';
import { RollUps } from '../../src/storage/records/roll-ups.ts';
import type { Schema } from '../../src/storage/schema.ts';
import { end, syntheticRecord } from './synthetic.ts';

const rowsPerStatement = 900;
const detailEvery = 50;

/**
 * Stores synthetic records a UTC day at a time: what the store's own `write` would leave, but sums by minute and
 * hour only as far back as they are kept, and with statements that are quicker to build.
 */
export async function fill({ kysely, kind }: Database, rows: number): Promise<void> {
  let next = 0;
  while (next < rows) {
    const first = next;
    const day = startOf('day', syntheticRecord(first, rows).startedAt);
    while (next < rows && startOf('day', syntheticRecord(next, rows).startedAt) <= day)
      next += rowsPerStatement;
    next = Math.min(next, rows);
    // A stretch may reach into the next day.
    const kept = granularities.filter((granularity) => day + granularityMs.day >= end - keptMs[granularity]);
    await kysely
      .transaction()
      .execute((transaction) => fillStretch(transaction, kind, { first, after: next, rows }, kept));
    if (Math.floor((next / rows) * 10) > Math.floor((first / rows) * 10)) {
      console.error(`  ${new Date().toISOString()} ${next} rows`);
    }
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
    const { rows: stored } = await transaction.executeQuery<{ id: number }>(insertOf(batch, kind));
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
  await rollUps.store(transaction);
}

function insertOf(batch: readonly NewRecordRow[], kind: Database['kind']): CompiledQuery<{ id: number }> {
  const names = Object.keys(batch[0] ?? {}).join(', ');
  if (kind === 'postgres') {
    const source = 'json_populate_recordset(null::request_logs, $1)';
    const statement = `insert into request_logs (${names}) select ${names} from ${source} returning id`;
    return CompiledQuery.raw(statement, [JSON.stringify(batch)]) as CompiledQuery<{ id: number }>;
  }
  const row = `(${Object.keys(batch[0] ?? {})
    .map(() => '?')
    .join(', ')})`;
  const statement = `insert into request_logs (${names}) values ${batch.map(() => row).join(', ')} returning id`;
  return CompiledQuery.raw(statement, batch.flatMap(Object.values)) as CompiledQuery<{ id: number }>;
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
