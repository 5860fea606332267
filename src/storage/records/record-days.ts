import { type Kysely, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import { startOf } from './roll-up-steps.ts';

/** What came, or with negative numbers went. */
export interface StoredChange {
  readonly startedAt: number;
  readonly records: number;
  readonly detailBytes: number;
}

/** Keeps the books on how much is stored: counting millions of rows would take seconds. */
export async function changeDays(db: Kysely<Schema>, changes: readonly StoredChange[]): Promise<void> {
  const days = new Map<number, { records: number; detail_bytes: number }>();
  for (const { startedAt, records, detailBytes } of changes) {
    const day = startOf('day', startedAt);
    const sum = days.get(day) ?? { records: 0, detail_bytes: 0 };
    sum.records += records;
    sum.detail_bytes += detailBytes;
    days.set(day, sum);
  }
  if (days.size === 0) return;
  // Always in the same order, or two servers could wait for each other.
  const rows = [...days].sort(([a], [b]) => a - b).map(([day, sum]) => ({ day, ...sum }));
  await db
    .insertInto('record_days')
    .values(rows)
    .onConflict((conflict) =>
      conflict.column('day').doUpdateSet(({ eb, ref }) => ({
        records: eb('record_days.records', '+', ref('excluded.records')),
        detail_bytes: eb('record_days.detail_bytes', '+', ref('excluded.detail_bytes')),
      })),
    )
    .execute();
}

/** How much is stored: exact, as far as transactions have ended. */
export async function readStoredAmount(
  db: Kysely<Schema>,
): Promise<{ readonly records: number; readonly detailBytes: number }> {
  const { records, detailBytes } = await db
    .selectFrom('record_days')
    .select([
      sql<number>`cast(coalesce(sum(records), 0) as bigint)`.as('records'),
      sql<number>`cast(coalesce(sum(detail_bytes), 0) as bigint)`.as('detailBytes'),
    ])
    .executeTakeFirstOrThrow();
  return { records, detailBytes };
}
