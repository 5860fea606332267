import { Link } from '@tanstack/react-router';
import { ListTree } from 'lucide-react';
import type { RequestRecord } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { formatCompact, formatDuration, formatMoney } from '../../format/format.ts';
import type { RangeText } from '../../range/range.ts';
import { StatusBadge } from '../../ui/badge.tsx';
import { buttonStyle } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';

const columns: readonly Column<RequestRecord>[] = [
  { id: 'at', header: 'When', width: 110, grow: 0, cell: ({ startedAt }) => <TimeText at={startedAt} /> },
  {
    id: 'status',
    header: 'Status',
    width: 150,
    cell: ({ status, errorCode }) => <StatusBadge status={status} code={errorCode} />,
  },
  {
    id: 'model',
    header: 'Model',
    width: 140,
    grow: 2,
    cell: ({ modelUsed, modelAsked }) => modelUsed ?? modelAsked ?? '–',
  },
  {
    id: 'endpoint',
    header: 'Endpoint',
    width: 160,
    priority: 3,
    card: 'hidden',
    cell: ({ endpoint }) => endpoint,
  },
  {
    id: 'duration',
    header: 'Duration',
    width: 90,
    align: 'right',
    priority: 2,
    cell: ({ durationMs }) => formatDuration(durationMs),
  },
  {
    id: 'tokens',
    header: 'Tokens',
    width: 80,
    align: 'right',
    priority: 1,
    cell: ({ inputTokens, outputTokens }) => formatCompact(inputTokens + outputTokens),
  },
  { id: 'cost', header: 'Cost', width: 80, align: 'right', cell: ({ costUsd }) => formatMoney(costUsd) },
];
const none: readonly never[] = [];

interface RecentRecordsProps {
  readonly id: string;
  readonly range: RangeText;
}

export function RecentRecords({ id, range }: RecentRecordsProps) {
  const { data, error, isPending, refetch } = useApi(
    'listRecords',
    { query: { key: [id], limit: 10 } },
    { refetchInterval: 15_000 },
  );
  return (
    <section aria-label="Recent requests" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="text-base font-semibold">Recent requests</h2>
        <Link to="/records" search={{ key: [id], range }} className={buttonStyle({ size: 'sm' })}>
          All records of this key
        </Link>
      </div>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={refetch} />
      ) : (
        <DataTable
          label="Recent requests"
          columns={columns}
          rows={data?.items ?? none}
          rowId={(record) => record.id}
          rowLink={(record) => ({ to: '/records/$id', params: { id: record.id } })}
          loading={isPending}
          empty={
            <EmptyState icon={ListTree} title="No request yet">
              As soon as the key is used, its requests stand here.
            </EmptyState>
          }
        />
      )}
    </section>
  );
}
