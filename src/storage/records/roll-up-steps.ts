import type { Stats } from '../../contract/index.ts';

export type Step = Stats['step'];

export const steps = ['minute', 'hour', 'day'] as const satisfies readonly Step[];

/** What sums are kept by. A month is 30 days here: it only makes sums over long ranges quick. */
export type Granularity = Step | 'month';

export const granularities = [...steps, 'month'] as const satisfies readonly Granularity[];

export const granularityMs: Readonly<Record<Granularity, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  month: 30 * 86_400_000,
};

/** How long sums are kept for at least. */
export const keptMs: Readonly<Record<Granularity, number>> = {
  minute: 8 * granularityMs.day,
  hour: 100 * granularityMs.day,
  day: Number.POSITIVE_INFINITY,
  month: Number.POSITIVE_INFINITY,
};

/** The start of the minute, hour, UTC day or 30 days that a time lies in. */
export function startOf(granularity: Granularity, time: number): number {
  return Math.floor(time / granularityMs[granularity]) * granularityMs[granularity];
}

/** Whole buckets of one size: from a time on, up to another that is left out. */
export interface Range {
  readonly granularity: Granularity;
  readonly from: number;
  readonly to: number;
}

/** The same time in as few buckets as can be: the largest in the middle, smaller ones at both ends. */
export function coverRange({ granularity, from, to }: Range): Range[] {
  const larger = granularities[granularities.indexOf(granularity) + 1];
  if (larger === undefined) return [{ granularity, from, to }];
  const first = startOf(larger, from + granularityMs[larger] - 1);
  const last = startOf(larger, to);
  if (first >= last) return [{ granularity, from, to }];
  return [
    { granularity, from, to: first },
    ...coverRange({ granularity: larger, from: first, to: last }),
    { granularity, from: last, to },
  ].filter((range) => range.from < range.to);
}
