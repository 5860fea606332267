import { Link } from '@tanstack/react-router';
import { Inbox } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ActiveRun, RequestRecord } from '../../../../src/contract/index.ts';
import { formatCompact, formatDuration, formatMoney } from '../../format/format.ts';
import { RunStateBadge, StatusBadge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';
import { useActivity } from '../runs/use-activity.ts';

const shown = 12;

/** What runs now and what ended last, as it happens. */
export function RecentActivity() {
  const { active, ended, records } = useActivity(shown);
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
      ) : records.error !== null && ended.length === 0 ? (
        <ErrorState error={records.error} onRetry={records.refetch} />
      ) : active.length + ended.length === 0 ? (
        <EmptyState icon={Inbox} title="No requests yet">
          They appear here as they come in.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {active
            .toReversed()
            .slice(0, shown)
            .map((run) => (
              <ActiveRow key={run.id} run={run} />
            ))}
          {ended.slice(0, Math.max(0, shown - active.length)).map((record) => (
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
