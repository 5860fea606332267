import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../schema.ts';
import type { Condition, IndexedColumn, Route } from './conditions.ts';
import { isBefore, type Position } from './position.ts';
import type { RecordRow } from './record-row.ts';

/** A stretch of time: from a position on, up to another that is left out. */
export interface Stretch {
  readonly from: Position;
  readonly before: Position;
}

// The queries leave the planner no choice. A row comparison over all columns of an index, and an order by the same
// columns, can be had from that index alone; `limit` keeps other conditions out of the inner query. Else a planner may
// take the index of times for a key that was once busy, and read millions of rows to find none.

/**
 * The newest records of a stretch on a route that fulfil other conditions as well. Whole rows are read last, of those
 * that were found.
 * @param limits.read the most that are looked at for each value of the route.
 * @param limits.found the most that are returned.
 */
export async function newestOn(
  db: Kysely<Schema>,
  route: Route,
  stretch: Stretch,
  conditions: readonly Condition[],
  limits: { readonly read: number; readonly found: number },
): Promise<RecordRow[]> {
  const looked = sql.join([sql`id, started_at`, ...conditions.map(({ looksAt }) => looksAt)]);
  const tests = conditions.map(({ test }) => test);
  const where = tests.length === 0 ? sql`` : sql`where ${sql.join(tests, sql` and `)}`;
  const branches = branchesOf(route).map(
    (branch) => sql`select id, started_at from (
      select ${looked} from request_logs ${boundsOf(branch, stretch)} limit ${limits.read}) as branch ${where}`,
  );
  const { rows } = await sql<RecordRow>`select * from request_logs where id in (
      select id from (${sql.join(branches, sql` union all `)}) as found
      order by started_at desc, id desc limit ${limits.found})
    order by started_at desc, id desc`.execute(db);
  return rows;
}

/**
 * How far back the newest `count` records of a stretch on a route go at least: no more than that many lie between the
 * position and the stretch's end. Null where there are fewer in the whole stretch.
 */
export async function reachOf(
  db: Kysely<Schema>,
  route: Route,
  stretch: Stretch,
  count: number,
): Promise<Position | null> {
  const branches = branchesOf(route);
  const skipped = Math.max(1, Math.floor(count / branches.length)) - 1;
  const ends = branches.map(
    (branch) => sql`select * from (
      select started_at as at, id from request_logs ${boundsOf(branch, stretch)} limit 1 offset ${skipped}) as branch`,
  );
  const { rows } = await sql<Position>`${sql.join(ends, sql` union all `)}`.execute(db);
  return rows.reduce<Position | null>(
    (newest, end) => (newest === null || isBefore(newest, end) ? end : newest),
    null,
  );
}

type Branch = { readonly by: 'time' | 'error' } | { readonly by: IndexedColumn; readonly value: string };

function branchesOf(route: Route): Branch[] {
  return 'values' in route ? route.values.map((value) => ({ by: route.by, value })) : [route];
}

function boundsOf(branch: Branch, { from, before }: Stretch): RawBuilder<unknown> {
  if ('value' in branch) {
    const { value } = branch;
    const column = sql.ref(branch.by);
    return sql`where ${column} is not null
      and (${column}, started_at, id) < (${value}, ${before.at}, ${before.id})
      and (${column}, started_at, id) >= (${value}, ${from.at}, ${from.id})
      order by ${column} desc, started_at desc, id desc`;
  }
  // Partial indexes are known by their condition to the letter.
  const failed = branch.by === 'error' ? sql`status >= 400 and` : sql``;
  return sql`where ${failed} (started_at, id) < (${before.at}, ${before.id})
    and (started_at, id) >= (${from.at}, ${from.id})
    order by started_at desc, id desc`;
}
