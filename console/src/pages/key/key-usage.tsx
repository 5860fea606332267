import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { ApiKeyWithUsage, Figures } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { BarChart } from '../../charts/chart.tsx';
import { onGrid, timeGrid } from '../../charts/chart-data.ts';
import { requestSeries, tokenSeries } from '../../charts/figure-series.ts';
import { formatCompact, formatMoney, formatNumber } from '../../format/format.ts';
import { type RangeText, writeSpan } from '../../range/range.ts';
import { useRange } from '../../range/use-range.ts';
import { RangePicker } from '../../ui/range-picker.tsx';
import { ErrorState, Skeleton } from '../../ui/states.tsx';
import { stepLengths } from '../dashboard/step-lengths.ts';
import { Budgets } from './budgets-card.tsx';
import { RecentRecords } from './recent-records.tsx';

interface KeyUsageProps {
  readonly apiKey: ApiKeyWithUsage;
  readonly range: RangeText;
  readonly onRangeChange: (range: RangeText) => void;
}

export function KeyUsage({ apiKey, range, onRangeChange }: KeyUsageProps) {
  return (
    <div className="flex flex-col gap-5">
      <Budgets apiKey={apiKey} />
      <section aria-label="Usage over time" className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <h2 className="text-base font-semibold">Usage over time</h2>
          <RangePicker value={range} onChange={onRangeChange} />
        </div>
        <Charts id={apiKey.id} range={range} onRangeChange={onRangeChange} />
      </section>
      <RecentRecords id={apiKey.id} range={range} />
    </div>
  );
}

/** Of so many keys the server tells the course at most. */
const mostSeries = 50;

interface ChartsProps extends Omit<KeyUsageProps, 'apiKey'> {
  readonly id: string;
}

function Charts({ id, range, onRangeChange }: ChartsProps) {
  const span = useRange(range);
  const navigate = useNavigate();
  const query = { from: Math.round(span.from), to: Math.round(span.to), by: 'key' } as const;
  const { data, error, refetch } = useApi('getStats', { query }, { keepPrevious: true });
  const stepMs = stepLengths[data?.step ?? 'day'];
  const times = useMemo(() => timeGrid(span.from, span.to, stepMs), [span.from, span.to, stepMs]);
  if (data === undefined) {
    if (error !== null)
      return <ErrorState error={error} onRetry={refetch} title="The statistics could not be loaded" />;
    return <Skeleton className="h-64 w-full rounded-lg" />;
  }
  const own = data.series.find(({ value }) => value === id);
  if (own === undefined && data.series.length >= mostSeries) {
    return (
      <p className="rounded-lg border border-line bg-surface p-4 text-sm text-muted">
        In this range {mostSeries} other keys had more requests, and charts are kept for those only. Choose a
        shorter range.
      </p>
    );
  }
  const counts = (amountOf: (figures: Figures) => number) => onGrid(times, own?.points ?? [], amountOf, 0);
  const total = own?.total;
  const shared = {
    times,
    stepMs,
    span,
    onZoom: (zoomed: typeof span) => onRangeChange(writeSpan(zoomed)),
    onPick: (picked: typeof span) =>
      void navigate({ to: '/records', search: { range: writeSpan(picked), key: [id] } }),
  };
  return (
    <div className="grid gap-px overflow-hidden rounded-lg border border-line bg-line lg:grid-cols-3 [&>*]:bg-surface [&>*]:p-4">
      <BarChart
        {...shared}
        title="Requests"
        total={formatNumber(total?.requests ?? 0)}
        series={requestSeries(counts)}
      />
      <BarChart
        {...shared}
        title="Tokens"
        total={formatCompact((total?.inputTokens ?? 0) + (total?.outputTokens ?? 0))}
        format={formatCompact}
        series={tokenSeries(counts)}
      />
      <BarChart
        {...shared}
        title="Cost"
        total={formatMoney(total?.costUsd ?? 0)}
        format={formatMoney}
        series={[{ id: 'cost', label: 'Cost', color: 'accent', values: counts((one) => one.costUsd) }]}
      />
    </div>
  );
}
