import { useMemo } from 'react';
import type { Figures } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { BarChart } from '../../charts/chart.tsx';
import { timeGrid } from '../../charts/chart-data.ts';
import { formatNumber } from '../../format/format.ts';
import { writeSpan } from '../../range/range.ts';
import { useRange } from '../../range/use-range.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { stepLengths } from '../dashboard/step-lengths.ts';
import { clampSpan, defaultRange, statsFor } from './filter.ts';
import type { RecordsSearch } from './search.ts';

interface HistogramProps {
  readonly search: RecordsSearch;
  readonly onRange: (range: string) => void;
}

const height = 112;

/** How many requests there were over the range, the failed ones upon the others. A click or a drag narrows the range. */
export function Histogram({ search, onRange }: HistogramProps) {
  const { range = defaultRange } = search;
  const span = useRange(range);
  const { by, values, exact } = statsFor(search);
  const query = { from: Math.round(span.from), to: Math.round(span.to), by };
  const { data, error, refetch } = useApi('getStats', { query }, { keepPrevious: true });
  const stepMs = stepLengths[data?.step ?? 'hour'];
  const times = useMemo(() => timeGrid(span.from, span.to, stepMs), [span.from, span.to, stepMs]);
  const series = useMemo(() => {
    const chosen = (data?.series ?? []).filter(({ value }) => values === undefined || values.includes(value));
    const sums = new Map<number, { good: number; failed: number }>();
    for (const point of chosen.flatMap(({ points }) => points)) addPoint(sums, point);
    return [
      {
        id: 'ok',
        label: 'Succeeded',
        color: 'accent' as const,
        values: times.map((at) => sums.get(at)?.good ?? 0),
      },
      {
        id: 'failed',
        label: 'Failed',
        color: 'danger' as const,
        values: times.map((at) => sums.get(at)?.failed ?? 0),
      },
    ];
  }, [data, values, times]);
  const total = series.flatMap((one) => one.values).reduce((sum, value) => sum + value, 0);

  if (error !== null && data === undefined) return <ErrorState error={error} onRetry={refetch} />;
  return (
    <section className="min-w-0 rounded-lg border border-line bg-surface px-4 pt-3 pb-3">
      <h2 className="sr-only">Over time</h2>
      {data === undefined ? (
        <Skeleton className="h-36" />
      ) : (
        <BarChart
          title="Requests"
          total={formatNumber(total)}
          height={height}
          times={times}
          stepMs={stepMs}
          span={span}
          series={series}
          onZoom={(chosen) => onRange(writeSpan(clampSpan(chosen, span)))}
          onPick={(chosen) => onRange(writeSpan(clampSpan(chosen, span)))}
        />
      )}
      {!exact && (
        <p className="mt-1 text-xs text-faint">
          These are all requests of the range: statistics know no other filters than one for models, keys or
          endpoints.
        </p>
      )}
    </section>
  );
}

function addPoint(
  sums: Map<number, { good: number; failed: number }>,
  { at, requests, errors }: Figures & { readonly at: number },
): void {
  const sum = sums.get(at) ?? { good: 0, failed: 0 };
  sums.set(at, { good: sum.good + requests - errors, failed: sum.failed + errors });
}
