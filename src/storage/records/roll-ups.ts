import type { Kysely } from 'kysely';
import type { Dimension } from '../../contract/index.ts';
import type { Database } from '../open-database.ts';
import type { Schema } from '../schema.ts';
import { histogramColumns, histogramCounts } from './histogram.ts';
import { insertValues } from './insert-values.ts';
import type { NewRecordRow } from './record-row.ts';
import { type Granularity, granularities, startOf } from './roll-up-steps.ts';

/** What is counted, in the order of `countsOf`. */
export const countColumns: readonly string[] = [
  'requests',
  'errors',
  'input_tokens',
  'cached_input_tokens',
  'output_tokens',
  'thinking_tokens',
  'cost_nano_usd',
  'first_tokens',
  ...histogramColumns('duration'),
  ...histogramColumns('first_token'),
];

const insert = `insert into analytics (granularity, dimension, bucket_start, value, label, ${countColumns.join(', ')})`;

/** Names are overwritten, and counts added. */
const onConflict = `on conflict (granularity, dimension, bucket_start, value) do update set
  label = coalesce(excluded.label, analytics.label),
  ${countColumns.map((name) => `${name} = analytics.${name} + excluded.${name}`).join(', ')}`;

/** SQLite takes 32,766 parameters in one statement. */
const rowsPerStatement = 400;

interface Sums {
  readonly dimension: Dimension;
  readonly start: number;
  readonly value: string;
  label: string | null;
  readonly counts: number[];
}

/** Sums of records by minute, hour, day and month: of all, and by model, key and endpoint. */
export class RollUps {
  readonly #minutes = new SumMap('minute');
  readonly #kept: readonly Granularity[];

  constructor(kept: readonly Granularity[] = granularities) {
    this.#kept = kept;
  }

  add(row: NewRecordRow): void {
    const common = { start: row.started_at, label: null, counts: countsOf(row) };
    this.#minutes.add({ ...common, dimension: 'total', value: '' });
    this.#minutes.add({ ...common, dimension: 'model', value: row.model_used ?? '' });
    this.#minutes.add({ ...common, dimension: 'key', value: row.key_id ?? '', label: row.key_name ?? null });
    this.#minutes.add({ ...common, dimension: 'endpoint', value: row.endpoint });
  }

  /** Adds the sums to those that are stored. To be called last in a transaction: others wait for these rows. */
  async store(db: Kysely<Schema>, kind: Database['kind']): Promise<void> {
    let sums = this.#minutes;
    for (const granularity of granularities) {
      // Each is made of the one before: buckets lie within larger ones.
      if (granularity !== 'minute') sums = sums.by(granularity);
      if (this.#kept.includes(granularity)) await storeSums(db, kind, granularity, sums.sorted());
    }
  }
}

/** Sums by bucket, dimension and value. */
class SumMap {
  readonly #granularity: Granularity;
  readonly #sums = new Map<string, Sums>();

  constructor(granularity: Granularity) {
    this.#granularity = granularity;
  }

  add(one: Sums): void {
    const start = startOf(this.#granularity, one.start);
    const key = `${one.dimension} ${start} ${one.value}`;
    const known = this.#sums.get(key);
    if (known === undefined) {
      this.#sums.set(key, { ...one, start, counts: [...one.counts] });
      return;
    }
    for (let index = 0; index < known.counts.length; index++) {
      known.counts[index] = (known.counts[index] ?? 0) + (one.counts[index] ?? 0);
    }
    known.label = one.label ?? known.label;
  }

  /** The same in larger buckets. */
  by(granularity: Granularity): SumMap {
    const larger = new SumMap(granularity);
    for (const one of this.sorted()) larger.add(one);
    return larger;
  }

  /** Always in the same order, or two servers that store them could wait for each other. */
  sorted(): Sums[] {
    return [...this.#sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  }
}

async function storeSums(
  db: Kysely<Schema>,
  kind: Database['kind'],
  granularity: Granularity,
  sums: readonly Sums[],
): Promise<void> {
  for (let first = 0; first < sums.length; first += rowsPerStatement) {
    const rows = sums
      .slice(first, first + rowsPerStatement)
      .map(({ dimension, start, value, label, counts }) => [
        granularity,
        dimension,
        start,
        value,
        label,
        ...counts,
      ]);
    await db.executeQuery(insertValues(kind, insert, rows, onConflict));
  }
}

function countsOf(row: NewRecordRow): number[] {
  return [
    1,
    row.status >= 400 ? 1 : 0,
    row.input_tokens,
    row.cached_input_tokens,
    row.output_tokens,
    row.thinking_tokens,
    row.cost_nano_usd ?? 0,
    row.first_token_ms == null ? 0 : 1,
    ...histogramCounts(row.duration_ms),
    ...histogramCounts(row.first_token_ms ?? null),
  ];
}
