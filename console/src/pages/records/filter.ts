import type { RequestRecord } from '../../../../src/contract/index.ts';
import type { TimeSpan } from '../../range/range.ts';
import { isPreset, resolveRange } from '../../range/range.ts';
import type { RecordsSearch } from './search.ts';

export const defaultRange = '24h';

/** What the server is asked for. A range up to now has no end, so that what is new belongs to it. */
export function filterOf(search: RecordsSearch, now: number) {
  const { range = defaultRange, peek: _, view: __, ...filter } = search;
  const { from, to } = resolveRange(range, now);
  return { ...filter, from: Math.floor(from), ...(!isPreset(range) && { to: Math.ceil(to) }) };
}

export type Filter = ReturnType<typeof filterOf>;

/** Whether a record that has just come belongs to the list, by the rules of the server. */
export function fits(record: RequestRecord, filter: Filter): boolean {
  const { from, to, status, endpoint, key, model, profile, conversation, minDurationMs, minCostUsd, text } =
    filter;
  return (
    record.startedAt >= from &&
    (to === undefined || record.startedAt < to) &&
    fitsStatus(record.status, status) &&
    isOneOf(record.endpoint, endpoint) &&
    isOneOf(record.keyId, key) &&
    isOneOf(record.modelUsed, model) &&
    isOneOf(record.profile, profile) &&
    (conversation === undefined || record.conversation === conversation) &&
    (minDurationMs === undefined || record.durationMs >= minDurationMs) &&
    (minCostUsd === undefined || (record.costUsd ?? 0) >= minCostUsd) &&
    (text === undefined || hasText(record, text))
  );
}

function fitsStatus(status: number, wanted: Filter['status']): boolean {
  if (wanted === undefined) return true;
  if (wanted === 'ok') return status < 400;
  return wanted === 'error' ? status >= 400 : status === wanted;
}

function isOneOf(value: string | null, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || (value !== null && wanted.includes(value));
}

function hasText(record: RequestRecord, text: string): boolean {
  const { id, errorMessage, modelAsked, modelUsed, client, keyName, conversation, responseId, files } =
    record;
  const wanted = text.trim().toLowerCase();
  return [id, errorMessage, modelAsked, modelUsed, client, keyName, conversation, responseId, ...files].some(
    (one) => one?.toLowerCase().includes(wanted) === true,
  );
}

/**
 * The rows with those that have come since, newest first, each once. One that began before the last row of a list that goes
 * on comes with its page.
 */
export function mergeNew(
  fresh: readonly RequestRecord[],
  items: readonly RequestRecord[],
  hasMore: boolean,
): readonly RequestRecord[] {
  if (fresh.length === 0) return items;
  const known = new Set(items.map(({ id }) => id));
  const end = hasMore ? (items.at(-1)?.startedAt ?? Number.NEGATIVE_INFINITY) : Number.NEGATIVE_INFINITY;
  const added = fresh.filter(({ id, startedAt }) => !known.has(id) && startedAt > end);
  return added.length === 0 ? items : [...added, ...items].sort((a, b) => b.startedAt - a.startedAt);
}

/**
 * Which statistics tell of the rows: of chosen models, keys or endpoints where these are the only filter, else of all
 * requests (`exact` is false).
 */
export function statsFor(search: RecordsSearch): {
  readonly by: 'total' | 'model' | 'key' | 'endpoint';
  readonly values: readonly string[] | undefined;
  readonly exact: boolean;
} {
  const { range: _, peek: __, view: ___, ...filters } = search;
  const [only, ...more] = Object.entries(filters);
  if (only === undefined) return { by: 'total', values: undefined, exact: true };
  const [name, values] = only;
  if (
    more.length === 0 &&
    (name === 'model' || name === 'key' || name === 'endpoint') &&
    Array.isArray(values)
  ) {
    return { by: name, values, exact: true };
  }
  return { by: 'total', values: undefined, exact: false };
}

/** Where a step of time of the histogram leads. */
export function clampSpan(span: TimeSpan, within: TimeSpan): TimeSpan {
  const from = Math.max(span.from, within.from);
  const to = Math.min(span.to, within.to);
  return from < to ? { from, to } : span;
}
