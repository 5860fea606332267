import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Dimension, Figures, Stats, StatsQuery } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { chooseStep } from './choose-step.ts';
import { percentileSql } from './histogram.ts';
import { coverRange, granularityMs, type Range, startOf } from './roll-up-steps.ts';
import { countColumns } from './roll-ups.ts';

const mostSeries = 50;

/** Of all series together: as many as make an answer of about a megabyte. */
const mostPoints = 2000;

/** What a sum is called that has no model or key. */
const unnamed: Readonly<Record<StatsQuery['by'], string>> = {
  total: 'total',
  model: 'no model',
  key: 'no key',
  endpoint: 'no endpoint',
  owner: 'no owner',
  tag: 'no tag',
};

/** How the sums that are kept become the series that are asked for. */
interface Grouping {
  /** Whose sums are taken. */
  readonly dimension: Dimension;
  readonly value: RawBuilder<unknown>;
  readonly join: RawBuilder<unknown>;
}

const asKept = { value: sql`analytics.value`, join: sql`` };
const withKeys = sql`left join api_keys on api_keys.id = analytics.value`;

/** Owners and tags are those of the keys as they are now; of keys that are gone nothing is known. */
function groupingOf(by: StatsQuery['by'], kind: Database['kind']): Grouping {
  switch (by) {
    case 'owner':
      return { dimension: 'key', value: sql`coalesce(api_keys.owner, '')`, join: withKeys };
    case 'tag': {
      const tags =
        kind === 'postgres'
          ? sql`jsonb_array_elements_text(api_keys.tags::jsonb) as tag(value)`
          : sql`json_each(api_keys.tags) as tag`;
      return {
        dimension: 'key',
        value: sql`coalesce(tag.value, '')`,
        join: sql`${withKeys} left join ${tags} on true`,
      };
    }
    default:
      return { dimension: by, ...asKept };
  }
}

interface FigureRow {
  readonly requests: number;
  readonly errors: number;
  readonly input_tokens: number;
  readonly cached_input_tokens: number;
  readonly output_tokens: number;
  readonly thinking_tokens: number;
  readonly cost_nano_usd: number;
  readonly duration_p50: number | null;
  readonly duration_p95: number | null;
  readonly duration_p99: number | null;
  readonly first_token_p50: number | null;
  readonly first_token_p95: number | null;
}

interface SeriesRow extends FigureRow {
  readonly value: string;
}

interface PointRow extends SeriesRow {
  readonly at: number;
}

const figureColumns =
  sql.raw(`requests, errors, input_tokens, cached_input_tokens, output_tokens, thinking_tokens,
  cost_nano_usd,
  ${percentileSql('duration', 'requests', 0.5)} as duration_p50,
  ${percentileSql('duration', 'requests', 0.95)} as duration_p95,
  ${percentileSql('duration', 'requests', 0.99)} as duration_p99,
  ${percentileSql('first_token', 'first_tokens', 0.5)} as first_token_p50,
  ${percentileSql('first_token', 'first_tokens', 0.95)} as first_token_p95`);

const counts = sql.raw(countColumns.join(', '));

const sums = sql.raw(countColumns.map((name) => `cast(sum(${name}) as bigint) as ${name}`).join(', '));

/** Figures of all minutes, hours or UTC days that the range touches; `from` and `to` say which those are. */
export async function readStats(
  db: Kysely<Schema>,
  kind: Database['kind'],
  query: StatsQuery,
  now: number,
): Promise<Stats> {
  const step = chooseStep(query, now);
  const from = startOf(step, query.from);
  const to = Math.max(from, startOf(step, query.to + granularityMs[step] - 1));
  const range = { granularity: step, from, to };
  const grouping = groupingOf(query.by, kind);
  const series = await readSeries(db, grouping, range);
  const [total] =
    query.by === 'total' ? series : await readSeries(db, { dimension: 'total', ...asKept }, range);
  const values = series.map(({ value }) => value);
  const labels = await readLabels(db, query.by, values);
  const points = await readPoints(db, grouping, range, values.slice(0, await shownSeries(db, range)));
  return {
    step,
    from,
    to,
    total: toFigures(total),
    series: series.map((row) => ({
      value: row.value,
      label: row.value === '' ? unnamed[query.by] : (labels.get(row.value) ?? row.value),
      total: toFigures(row),
      points: (points.get(row.value) ?? []).map((point) => ({ ...toFigures(point), at: point.at })),
    })),
  };
}

/** The values with the most requests, each with its figures of the whole range. */
async function readSeries(
  db: Kysely<Schema>,
  { dimension, value, join }: Grouping,
  range: Range,
): Promise<readonly SeriesRow[]> {
  const parts = coverRange(range).map(
    (part) =>
      sql`select ${value} as value, ${counts} from analytics ${join} where ${within(dimension, part)}`,
  );
  const { rows } = await sql<SeriesRow>`select value, ${figureColumns} from (
    select value, ${sums} from (${sql.join(parts, sql` union all `)}) as parts
    group by value order by sum(requests) desc, value limit ${mostSeries}) as summed
    order by requests desc, value`.execute(db);
  return rows;
}

/** What keys were called last; looked up among the months, which are few. */
async function readLabels(
  db: Kysely<Schema>,
  by: StatsQuery['by'],
  values: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (by !== 'key' || values.length === 0) return new Map();
  const rows = await db
    .selectFrom('analytics')
    .select(['value', 'label'])
    .where('granularity', '=', 'month')
    .where('dimension', '=', 'key')
    .where('value', 'in', values)
    .orderBy('bucket_start')
    .execute();
  return new Map(rows.flatMap(({ value, label }) => (label === null ? [] : [[value, label] as const])));
}

/** How many series get their points: all, unless that would be very many. */
async function shownSeries(db: Kysely<Schema>, range: Range): Promise<number> {
  const { rows } = await sql<{ points: number }>`select count(*) as points from analytics
    where ${within('total', range)}`.execute(db);
  return Math.max(1, Math.floor(mostPoints / Math.max(1, rows[0]?.points ?? 0)));
}

/** By value, in the order of time. */
async function readPoints(
  db: Kysely<Schema>,
  { dimension, value, join }: Grouping,
  range: Range,
  values: readonly string[],
): Promise<ReadonlyMap<string, readonly PointRow[]>> {
  const byValue = new Map<string, PointRow[]>(values.map((value) => [value, []]));
  if (values.length === 0) return byValue;
  const { rows } = await sql<PointRow>`select value, at, ${figureColumns} from (
    select ${value} as value, bucket_start as at, ${sums} from analytics ${join}
    where ${within(dimension, range)} and ${value} in (${sql.join(values)})
    group by 1, 2) as summed
    order by at`.execute(db);
  for (const row of rows) byValue.get(row.value)?.push(row);
  return byValue;
}

function within(dimension: Dimension, { granularity, from, to }: Range): RawBuilder<unknown> {
  return sql`granularity = ${granularity} and dimension = ${dimension}
    and bucket_start >= ${from} and bucket_start < ${to}`;
}

function toFigures(row: FigureRow | undefined): Figures {
  return {
    requests: row?.requests ?? 0,
    errors: row?.errors ?? 0,
    inputTokens: row?.input_tokens ?? 0,
    cachedInputTokens: row?.cached_input_tokens ?? 0,
    outputTokens: row?.output_tokens ?? 0,
    thinkingTokens: row?.thinking_tokens ?? 0,
    costUsd: (row?.cost_nano_usd ?? 0) / 1e9,
    durationP50: rounded(row?.duration_p50),
    durationP95: rounded(row?.duration_p95),
    durationP99: rounded(row?.duration_p99),
    firstTokenP50: rounded(row?.first_token_p50),
    firstTokenP95: rounded(row?.first_token_p95),
  };
}

function rounded(ms: number | null | undefined): number | null {
  return ms == null ? null : Math.round(ms);
}
