import type { Figures, Stats } from '../../../../src/contract/index.ts';
import { type ChartSeries, onGrid } from '../../charts/chart-data.ts';

const most = 6;

/** The largest of what statistics are broken down by; the rest together. */
export function perSeries(
  stats: Stats | undefined,
  times: readonly number[],
  figureOf: (figures: Figures) => number,
): readonly ChartSeries[] {
  const ordered = [...(stats?.series ?? [])].sort((a, b) => figureOf(b.total) - figureOf(a.total));
  const shown = ordered.slice(0, most).map(({ value, label, points }) => ({
    id: value === '' ? 'none' : value,
    label: label === '' ? 'none' : label,
    values: onGrid(times, points, figureOf, 0),
  }));
  const rest = ordered.slice(most);
  if (rest.length === 0) return shown;
  const grids = rest.map(({ points }) => onGrid(times, points, figureOf, 0));
  const values = times.map((_, index) => grids.reduce((sum, grid) => sum + (grid[index] ?? 0), 0));
  return [...shown, { id: 'rest', label: `${rest.length} others`, color: 'muted', values }];
}
