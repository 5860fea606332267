export interface ChartSeries {
  readonly id: string;
  readonly label: string;
  /** One for each time; null: there is none. */
  readonly values: readonly (number | null)[];
  /** Such as `danger`; absent: by its place. */
  readonly color?: 'accent' | 'danger' | 'muted';
}

/** Each series upon the sum of those before it; what is not there counts as nothing. */
export function stackValues(series: readonly ChartSeries[]): readonly (readonly number[])[] {
  const sums: number[] = [];
  return series.map(({ values }) =>
    values.map((value, index) => {
      const sum = (sums[index] ?? 0) + (value ?? 0);
      sums[index] = sum;
      return sum;
    }),
  );
}

/** What a chart says, in a sentence for those who do not see it. */
export function summarise(
  label: string,
  series: readonly ChartSeries[],
  format: (value: number) => string,
): string {
  const parts = series.map((one) => {
    const known = one.values.filter((value) => value !== null);
    if (known.length === 0) return `${one.label}: no data`;
    const highest = known.reduce((most, value) => Math.max(most, value));
    return `${one.label}: highest ${format(highest)}, last ${format(known.at(-1) ?? 0)}`;
  });
  return parts.length === 0 ? `${label}: no data` : `${label}. ${parts.join('; ')}.`;
}

/** The beginnings of all steps of a range, also of those in which nothing happened. */
export function timeGrid(from: number, to: number, stepMs: number): readonly number[] {
  const first = Math.floor(from / stepMs) * stepMs;
  const count = Math.max(0, Math.ceil((to - first) / stepMs));
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}

/** The values of points at the times of a grid; `missing` where there is no point. */
export function onGrid<Point extends { readonly at: number }>(
  grid: readonly number[],
  points: readonly Point[],
  figureOf: (point: Point) => number | null,
  missing: 0 | null,
): readonly (number | null)[] {
  const byTime = new Map(points.map((point) => [point.at, point]));
  return grid.map((at) => {
    const point = byTime.get(at);
    return point === undefined ? missing : figureOf(point);
  });
}
