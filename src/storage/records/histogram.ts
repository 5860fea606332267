/**
 * Upper bounds of the buckets of durations in milliseconds, each about half as much again as the one before. What is
 * above the last is counted in no column but in the total. The table `analytics` has a column for each.
 */
export const bucketBoundsMs: readonly number[] = [
  10, 15, 22, 33, 50, 75, 110, 165, 250, 375, 560, 850, 1300, 2000, 3000, 4500, 6800, 10_000, 15_000, 23_000,
  35_000, 52_000, 80_000, 120_000, 180_000, 300_000, 600_000, 1_080_000, 1_800_000,
];

export type Histogram = 'duration' | 'first_token';

/** Each counts what took no longer than the bound of the same place. */
export function histogramColumns(histogram: Histogram): string[] {
  return bucketBoundsMs.map((_, index) => `${histogram}_${index}`);
}

/** What one duration adds to the columns; nothing where there is none. */
export function histogramCounts(ms: number | null): number[] {
  return bucketBoundsMs.map((bound) => (ms !== null && ms <= bound ? 1 : 0));
}

/**
 * SQL for the percentile in milliseconds, evenly spread within its bucket; null where nothing was counted, and the
 * last bound where it lies above that. Text, since building it from parts would take longer than running it.
 * @param total the column that counts all.
 * @param share 0.95 for the 95th percentile.
 */
export function percentileSql(histogram: Histogram, total: string, share: number): string {
  const columns = histogramColumns(histogram);
  const rank = `cast(${share} as double precision) * ${total}`;
  const within = (index: number): string => {
    const [upper = 0, lower = 0] = [bucketBoundsMs[index], bucketBoundsMs[index - 1]];
    const below = columns[index - 1] ?? '0';
    return `${lower} + ${upper - lower} * (${rank} - ${below}) / (${columns[index]} - ${below})`;
  };
  // Halving keeps the comparisons few: statistics may ask for thousands of points.
  const search = (first: number, last: number): string => {
    if (first === last) return within(first);
    const middle = Math.floor((first + last) / 2);
    return `case when ${columns[middle]} >= ${rank} then ${search(first, middle)} else ${search(middle + 1, last)} end`;
  };
  const last = columns.length - 1;
  return `case when ${total} = 0 then null when ${columns[last]} < ${rank} then ${bucketBoundsMs[last]}
    else ${search(0, last)} end`;
}
