import { Link, type LinkProps } from '@tanstack/react-router';
import { BarChart3 } from 'lucide-react';
import type { Stats } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { formatCompact, formatDuration, formatMoney, formatNumber } from '../../format/format.ts';
import type { RangeText } from '../../range/range.ts';
import { useRange } from '../../range/use-range.ts';
import { Card } from '../../ui/card.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { Segments } from '../../ui/tabs.tsx';
import type { breakdowns } from './search.ts';

type By = (typeof breakdowns)[number];

interface BreakdownProps {
  readonly range: RangeText;
  readonly by: By;
  readonly onByChange: (by: By) => void;
}

const options = [
  { value: 'model', label: 'Model' },
  { value: 'key', label: 'Key' },
  { value: 'owner', label: 'Owner' },
  { value: 'tag', label: 'Tag' },
  { value: 'endpoint', label: 'Endpoint' },
] as const;

/** Who or what used how much. */
export function Breakdown({ range, by, onByChange }: BreakdownProps) {
  const span = useRange(range);
  const query = { from: Math.round(span.from), to: Math.round(span.to), by };
  const { data, error, refetch } = useApi('getStats', { query }, { keepPrevious: true });
  return (
    <Card
      title="Usage"
      flush
      actions={<Segments label="Broken down by" value={by} options={options} onChange={onByChange} />}
    >
      {data !== undefined ? (
        <Rows series={data.series} range={range} by={by} />
      ) : error !== null ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <SkeletonRows rows={5} />
      )}
    </Card>
  );
}

interface RowsProps {
  readonly series: Stats['series'];
  readonly range: RangeText;
  readonly by: By;
}

function Rows({ series, range, by }: RowsProps) {
  if (series.length === 0) {
    return (
      <EmptyState icon={BarChart3} title="Nothing in this range">
        Choose a longer range, or send a first request.
      </EmptyState>
    );
  }
  const highest = Math.max(...series.map(({ total }) => total.costUsd), 1e-12);
  return (
    <div className="overflow-x-auto border-t border-line">
      <table className="w-full text-sm whitespace-nowrap">
        <thead className="text-left text-xs text-faint">
          <tr>
            <th className="px-4 py-2 font-medium">{options.find(({ value }) => value === by)?.label}</th>
            <th className="px-2 py-2 text-right font-medium">Requests</th>
            <th className="px-2 py-2 text-right font-medium max-sm:hidden">Failed</th>
            <th className="px-2 py-2 text-right font-medium max-sm:hidden">p50</th>
            <th className="px-2 py-2 text-right font-medium">Tokens</th>
            <th className="px-4 py-2 text-right font-medium">Cost</th>
          </tr>
        </thead>
        <tbody>
          {series.map(({ value, label, total }) => (
            <tr key={value} className="border-t border-line hover:bg-hover">
              <td className="max-w-32 px-4 sm:max-w-56 py-2">
                <Link
                  {...linkTo(by, value, range)}
                  className="block truncate hover:text-accent hover:underline"
                >
                  {label === '' ? <span className="text-faint">none</span> : label}
                </Link>
                <span
                  className="mt-1 block h-0.5 rounded-full bg-accent"
                  style={{ width: `${(total.costUsd / highest) * 100}%` }}
                />
              </td>
              <td className="px-2 py-2 text-right">{formatNumber(total.requests)}</td>
              <td
                className={`px-2 py-2 text-right max-sm:hidden ${total.errors > 0 ? 'text-danger' : 'text-faint'}`}
              >
                {formatNumber(total.errors)}
              </td>
              <td className="px-2 py-2 text-right max-sm:hidden">{formatDuration(total.durationP50)}</td>
              <td className="px-2 py-2 text-right">
                {formatCompact(total.inputTokens + total.outputTokens)}
              </td>
              <td className="px-4 py-2 text-right">{formatMoney(total.costUsd)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {keyHints[by] !== undefined && (
        <p className="border-t border-line px-4 py-2 text-xs whitespace-normal text-faint">{keyHints[by]}</p>
      )}
    </div>
  );
}

const keyHints: Readonly<Partial<Record<By, string>>> = {
  owner: 'By the owners that the keys have now.',
  tag: 'By the tags that the keys have now; a key with two tags counts in both.',
};

/** The records behind a row; of owners and tags the keys. */
function linkTo(by: By, value: string, range: RangeText): Pick<LinkProps, 'to' | 'search'> {
  switch (by) {
    case 'owner':
      return { to: '/keys', search: value === '' ? {} : { text: value } };
    case 'tag':
      return { to: '/keys', search: value === '' ? {} : { tag: value } };
    default:
      return { to: '/records', search: { range, ...(value !== '' && { [by]: [value] }) } };
  }
}
