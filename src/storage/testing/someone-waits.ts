import { sql, type Transaction } from 'kysely';
import { expect } from 'vitest';
import type { Schema } from '../schema.ts';

/** Fails unless one statement waits for a lock in this PostgreSQL database. For `vi.waitFor`. */
export async function someoneWaits(transaction: Transaction<Schema>): Promise<void> {
  const { rows } = await sql`
    select pid from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(transaction);
  expect(rows).toHaveLength(1);
}
