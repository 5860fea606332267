import type { Kysely } from 'kysely';
import type { RecordFilter } from '../../contract/index.ts';
import type { Schema } from '../schema.ts';
import { type Condition, conditionsOf, hasRoute, type Route, type RoutedCondition } from './conditions.ts';
import { isBefore, type Position, startOfTime } from './position.ts';
import type { RecordRow } from './record-row.ts';
import { newestOn, reachOf, type Stretch } from './walk-route.ts';

/** The most rows that are looked at for a page: SQLite answers nobody else meanwhile. */
export const rowsPerSearch = 10_000;

/** Rows that are looked at in one query: few at first, since mostly they are enough. */
const windows = { first: 250, growth: 8 };

export interface FoundRecords {
  readonly rows: readonly RecordRow[];
  /** Where the next page ends; null where this was the last. */
  readonly next: Position | null;
  /** How far back was searched, where that was cut short before the page was full. */
  readonly searchedTo: number | null;
}

/** The newest records before a position that fit. */
export async function findRecords(
  db: Kysely<Schema>,
  filter: RecordFilter,
  page: { readonly before: Position | undefined; readonly limit: number; readonly mostRead: number },
): Promise<FoundRecords> {
  const stretch = stretchOf(filter, page.before);
  const conditions = conditionsOf(filter);
  const chosen = await chooseRoute(db, conditions, stretch, page.mostRead);
  const others = conditions.filter((condition) => condition !== chosen);
  const route = chosen?.route ?? { by: 'time' };
  if (others.length > 0) return searchRoute(db, route, stretch, others, page);
  const found = page.limit + 1;
  return toPage(await newestOn(db, route, stretch, [], { read: found, found }), page.limit);
}

function stretchOf(
  { from = 0, to = Number.MAX_SAFE_INTEGER }: RecordFilter,
  before: Position | undefined,
): Stretch {
  const end = startOfTime(to);
  return { from: startOfTime(from), before: before !== undefined && isBefore(before, end) ? before : end };
}

/** Of the conditions with a route, the one whose route goes back farthest in as many rows as may be looked at. */
async function chooseRoute(
  db: Kysely<Schema>,
  conditions: readonly Condition[],
  stretch: Stretch,
  mostRead: number,
): Promise<RoutedCondition | undefined> {
  const candidates = conditions.filter(hasRoute);
  if (candidates.length < 2) return candidates[0];
  let best: { readonly candidate: RoutedCondition; readonly reach: Position } | undefined;
  for (const candidate of candidates) {
    const reach = await reachOf(db, candidate.route, stretch, mostRead);
    if (reach === null) return candidate;
    if (best === undefined || isBefore(reach, best.reach)) best = { candidate, reach };
  }
  return best?.candidate;
}

/** Looks at ever more rows of a route, until the page is full or as many were looked at as may be. */
async function searchRoute(
  db: Kysely<Schema>,
  route: Route,
  stretch: Stretch,
  conditions: readonly Condition[],
  { limit, mostRead }: { readonly limit: number; readonly mostRead: number },
): Promise<FoundRecords> {
  const rows: RecordRow[] = [];
  let { before } = stretch;
  let left = mostRead;
  for (let size = windows.first; left > 0; size *= windows.growth) {
    const read = Math.min(size, left);
    const end = await reachOf(db, route, { ...stretch, before }, read);
    const window = { from: end ?? stretch.from, before };
    // Twice as many, should some have come in between: the window is what bounds them.
    const limits = { read: read * 2, found: limit + 1 - rows.length };
    rows.push(...(await newestOn(db, route, window, conditions, limits)));
    if (rows.length > limit || end === null) return toPage(rows, limit);
    before = end;
    left -= read;
  }
  return { rows, next: before, searchedTo: before.at };
}

function toPage(rows: readonly RecordRow[], limit: number): FoundRecords {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const next = rows.length > limit && last !== undefined ? { at: last.started_at, id: last.id } : null;
  return { rows: shown, next, searchedTo: null };
}
