import { formatTime, none } from '../format/format.ts';
import type { ChartSeries } from './chart-data.ts';

interface ChartTableProps {
  readonly title: string;
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  readonly height: number;
}

/** The same as a table, newest first; steps in which nothing happened are left out. */
export function ChartTable({ title, times, series, format, height }: ChartTableProps) {
  const rows = times
    .map((at, index) => ({ at, values: series.map((one) => one.values[index] ?? null) }))
    .filter(({ values }) => values.some((value) => value !== null && value !== 0))
    .toReversed();
  return (
    <section
      aria-label={`${title} as a table`}
      tabIndex={0}
      className="overflow-auto rounded-md border border-line"
      style={{ height }}
    >
      <table className="w-full text-xs">
        <thead className="sticky top-0 bg-surface text-left text-faint">
          <tr>
            <th className="px-2 py-1 font-medium">Time</th>
            {series.map((one) => (
              <th key={one.id} className="px-2 py-1 text-right font-medium">
                {one.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, values }) => (
            <tr key={at} className="border-t border-line">
              <td className="px-2 py-1 whitespace-nowrap">{formatTime(at)}</td>
              {values.map((value, index) => (
                <td key={series[index]?.id} className="px-2 py-1 text-right">
                  {value === null ? none : format(value)}
                </td>
              ))}
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td className="px-2 py-3 text-faint" colSpan={series.length + 1}>
                Nothing happened in this range.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}
