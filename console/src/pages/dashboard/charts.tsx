import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Figures } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { BarChart, LineChart } from '../../charts/chart.tsx';
import { onGrid, timeGrid } from '../../charts/chart-data.ts';
import { requestSeries, tokenSeries } from '../../charts/figure-series.ts';
import {
  formatCompact,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
} from '../../format/format.ts';
import { type RangeText, type TimeSpan, writeSpan } from '../../range/range.ts';
import { useRange } from '../../range/use-range.ts';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { perSeries } from './per-series.ts';
import { stepLengths } from './step-lengths.ts';

interface ChartsProps {
  readonly range: RangeText;
  readonly onZoom: (range: RangeText) => void;
}

type Point = Figures & { readonly at: number };

/** What happened over the range. A click on a point leads to its requests. */
export function Charts({ range, onZoom }: ChartsProps) {
  const span = useRange(range);
  const navigate = useNavigate();
  const query = { from: Math.round(span.from), to: Math.round(span.to) };
  const { data, error, refetch } = useApi(
    'getStats',
    { query: { ...query, by: 'total' } },
    { keepPrevious: true },
  );
  const models = useApi('getStats', { query: { ...query, by: 'model' } }, { keepPrevious: true });
  const keys = useApi('getStats', { query: { ...query, by: 'key' } }, { keepPrevious: true });
  const stepMs = stepLengths[data?.step ?? 'hour'];
  const times = useMemo(() => timeGrid(span.from, span.to, stepMs), [span.from, span.to, stepMs]);
  const points: readonly Point[] = data?.series[0]?.points ?? [];

  if (error !== null && data === undefined) {
    return <ErrorState error={error} onRetry={refetch} title="The statistics could not be loaded" />;
  }
  if (data === undefined) return <Skeleton className="h-[34rem] w-full rounded-lg" />;

  const { total } = data;
  const counts = (figureOf: (point: Point) => number) => onGrid(times, points, figureOf, 0);
  const values = (figureOf: (point: Point) => number | null) => onGrid(times, points, figureOf, null);
  const shared = {
    times,
    stepMs,
    span,
    onZoom: (zoomed: TimeSpan) => onZoom(writeSpan(zoomed)),
    onPick: (picked: TimeSpan) => void navigate({ to: '/records', search: { range: writeSpan(picked) } }),
  };
  return (
    <section
      aria-label="Charts"
      className="grid gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-2 xl:grid-cols-3 [&>*]:bg-surface [&>*]:p-4"
    >
      <BarChart
        {...shared}
        title="Requests"
        total={formatNumber(total.requests)}
        series={requestSeries(counts)}
      />
      <LineChart
        {...shared}
        title="Response time"
        total={`p50 ${formatDuration(total.durationP50)}`}
        format={formatDuration}
        series={[
          { id: 'p50', label: 'p50', values: values((one) => one.durationP50) },
          { id: 'p95', label: 'p95', values: values((one) => one.durationP95) },
          { id: 'p99', label: 'p99', values: values((one) => one.durationP99) },
          { id: 'first', label: 'First token p50', values: values((one) => one.firstTokenP50) },
        ]}
      />
      <LineChart
        {...shared}
        title="Error rate"
        total={formatPercent(total.requests === 0 ? 0 : total.errors / total.requests)}
        format={formatPercent}
        series={[
          {
            id: 'rate',
            label: 'Failed',
            color: 'danger',
            values: values((one) => (one.requests === 0 ? null : one.errors / one.requests)),
          },
        ]}
      />
      <BarChart
        {...shared}
        title="Tokens"
        total={formatCompact(total.inputTokens + total.outputTokens)}
        format={formatCompact}
        series={tokenSeries(counts)}
      />
      <BarChart
        {...shared}
        title="Cost by model"
        total={formatMoney(total.costUsd)}
        format={formatMoney}
        series={perSeries(models.data, times, (one) => one.costUsd)}
      />
      <BarChart
        {...shared}
        title="Cost by key"
        total={formatMoney(total.costUsd)}
        format={formatMoney}
        series={perSeries(keys.data, times, (one) => one.costUsd)}
      />
    </section>
  );
}
