import type { Kysely, Transaction } from 'kysely';
import type { RecordDetail, RequestRecord } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { insertValues } from './insert-values.ts';
import { changeDays, type StoredChange } from './record-days.ts';
import { type NewRecordRow, toRow } from './record-row.ts';
import { RollUps } from './roll-ups.ts';

/** A request that has ended, and what is kept of its bodies. */
export interface NewRecord {
  readonly record: RequestRecord;
  readonly detail?: RecordDetail | undefined;
}

/** SQLite takes 32,766 parameters in one statement. */
const rowsPerStatement = 900;

/** Stores a batch and adds it to the sums; a record whose id is there already is left out. */
export async function writeRecords(
  db: Kysely<Schema>,
  kind: Database['kind'],
  batch: readonly NewRecord[],
): Promise<void> {
  const rows = batch.map(({ record, detail }) => ({ row: toRow(record), detail }));
  const byId = new Map(rows.map((one) => [one.row.request_id, one]));
  const distinct = [...byId.values()];
  await db.transaction().execute(async (transaction) => {
    const rollUps = new RollUps();
    const changes: StoredChange[] = [];
    for (let first = 0; first < distinct.length; first += rowsPerStatement) {
      const inserted = await insertLogs(
        transaction,
        kind,
        distinct.slice(first, first + rowsPerStatement).map(({ row }) => row),
      );
      const stored = inserted.flatMap(({ id, request_id: requestId }) => {
        const one = byId.get(requestId);
        return one === undefined ? [] : [{ ...one, id }];
      });
      const sizes = await writeDetails(transaction, stored);
      for (const { row, id } of stored) {
        rollUps.add(row);
        changes.push({ startedAt: row.started_at, records: 1, detailBytes: sizes.get(id) ?? 0 });
      }
    }
    await changeDays(transaction, changes);
    await rollUps.store(transaction, kind);
  });
}

/** Returns those that were not there yet. */
export async function insertLogs(
  transaction: Transaction<Schema>,
  kind: Database['kind'],
  rows: readonly NewRecordRow[],
): Promise<readonly { readonly id: number; readonly request_id: string }[]> {
  const query = insertValues(
    kind,
    `insert into request_logs (${Object.keys(rows[0] ?? {}).join(', ')})`,
    rows.map((row) => Object.values(row)),
    'on conflict (request_id) do nothing returning id, request_id',
  );
  return (await transaction.executeQuery<{ id: number; request_id: string }>(query)).rows;
}

/** Returns how many bytes each took. */
async function writeDetails(
  transaction: Transaction<Schema>,
  stored: readonly {
    readonly id: number;
    readonly row: { readonly started_at: number };
    readonly detail: RecordDetail | undefined;
  }[],
): Promise<ReadonlyMap<number, number>> {
  const rows = stored.flatMap(({ id, row, detail }) => {
    if (detail === undefined) return [];
    const body = JSON.stringify(detail);
    return [{ id, started_at: row.started_at, size: Buffer.byteLength(body), body }];
  });
  if (rows.length > 0) await transaction.insertInto('request_details').values(rows).execute();
  return new Map(rows.map(({ id, size }) => [id, size]));
}
