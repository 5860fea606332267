import { Link } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { formatCompact, formatDuration, formatMoney } from '../../format/format.ts';
import { useChannel } from '../../live/live.ts';
import { RunStateBadge, StatusBadge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';

const shown = 12;

/** What runs now and what ended last, as it happens. */
export function RecentActivity() {
  const records = useApi('listRecords', { query: { limit: shown } }, { staleTime: 0 });
  const runs = useApi('listRuns', {}, { staleTime: 0 });
  const [started, setStarted] = useState<ReadonlyMap<string, ActiveRun>>(new Map());
  const [ended, setEnded] = useState<readonly RequestRecord[]>([]);
  const again = (): void => {
    setStarted(new Map());
    setEnded([]);
    void records.refetch();
    void runs.refetch();
  };
  useChannel(
    'requests',
    (event) => {
      if (event.type === 'new_request' || event.type === 'request_progress') {
        setStarted((before) => new Map(before).set(event.data.id, event.data));
      } else if (event.type === 'request_ended') {
        setEnded((before) => [event.data, ...before].slice(0, shown));
        setStarted((before) => new Map([...before].filter(([id]) => id !== event.data.id)));
      }
    },
    again,
  );

  const over = unique([...ended, ...(records.data?.items ?? [])]).sort((a, b) => b.startedAt - a.startedAt);
  const overIds = new Set(over.map(({ id }) => id));
  const active = unique([...started.values(), ...(runs.data?.items ?? [])]).filter(
    ({ id }) => !overIds.has(id),
  );
  active.sort((a, b) => b.startedAt - a.startedAt);

  return (
    <Card
      title="Recent activity"
      flush
      actions={
        <Link to="/records" className="text-sm text-accent hover:underline">
          All records
        </Link>
      }
    >
      {records.isPending ? (
        <SkeletonRows rows={5} />
      ) : records.error !== null && over.length === 0 ? (
        <ErrorState error={records.error} onRetry={records.refetch} />
      ) : active.length + over.length === 0 ? (
        <EmptyState icon={Inbox} title="No requests yet">
          They appear here as they come in.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {active.slice(0, shown).map((run) => (
            <ActiveRow key={run.id} run={run} />
          ))}
          {over.slice(0, Math.max(0, shown - active.length)).map((record) => (
            <RecordRow key={record.id} record={record} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function ActiveRow({ run }: { readonly run: ActiveRun }) {
  return (
    <Row
      link={
        <Link
          to="/runs/$id"
          params={{ id: run.id }}
          className="truncate font-medium after:absolute after:inset-0"
        >
          {run.model ?? run.endpoint}
        </Link>
      }
      state={<RunStateBadge state={run.state} />}
      note={run.activity ?? run.keyName ?? run.client ?? run.endpoint}
      figures={`${formatCompact(run.usage.outputTokens)} tokens`}
      at={run.startedAt}
    />
  );
}

function RecordRow({ record }: { readonly record: RequestRecord }) {
  return (
    <Row
      link={
        <Link
          to="/records/$id"
          params={{ id: record.id }}
          className="truncate font-medium after:absolute after:inset-0"
        >
          {record.modelUsed ?? record.modelAsked ?? record.endpoint}
        </Link>
      }
      state={<StatusBadge status={record.status} />}
      note={record.errorMessage ?? [record.keyName ?? 'no key', record.endpoint].join(' · ')}
      figures={`${formatDuration(record.durationMs)} · ${formatMoney(record.costUsd)}`}
      at={record.startedAt}
    />
  );
}

interface RowProps {
  readonly link: ReactNode;
  readonly state: ReactNode;
  readonly note: string;
  readonly figures: string;
  readonly at: number;
}

function Row({ link, state, note, figures, at }: RowProps) {
  return (
    <li className="relative flex items-center gap-3 px-4 py-2 text-sm hover:bg-hover">
      <span className="w-26 shrink-0 max-sm:w-14">{state}</span>
      <span className="flex min-w-0 flex-1 flex-col">
        {link}
        <span className="truncate text-xs text-faint">{note}</span>
      </span>
      <span className="flex shrink-0 flex-col text-right">
        <span>{figures}</span>
        <TimeText at={at} className="text-xs text-faint" />
      </span>
    </li>
  );
}

function unique<Item extends { readonly id: string }>(items: readonly Item[]): Item[] {
  const byId = new Map<string, Item>();
  for (const item of items) if (!byId.has(item.id)) byId.set(item.id, item);
  return [...byId.values()];
}
