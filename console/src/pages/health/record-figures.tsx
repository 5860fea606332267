import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes, formatNumber } from '../../format/format.ts';
import { Card } from '../../ui/card.tsx';
import { cx } from '../../ui/cx.ts';
import { TimeText } from '../../ui/values.tsx';
import type { RecordStatus } from './write-report.ts';

interface RecordFiguresProps {
  readonly status: RecordStatus;
  /** Newer than those of `status`, where they are there. */
  readonly live: { readonly recordsWaiting: number; readonly recordsDropped: number } | undefined;
}

/** How the keeping of records goes. */
export function RecordFigures({ status, live }: RecordFiguresProps) {
  const waiting = live?.recordsWaiting ?? status.waiting;
  const dropped = live?.recordsDropped ?? status.dropped;
  return (
    <Card title="Records" description="Requests are written to the database in the background.">
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3">
        <Figure label="Waiting">{formatNumber(waiting)}</Figure>
        <Figure label="Written">{formatNumber(status.written)}</Figure>
        <Figure label="Dropped" danger={dropped > 0}>
          {formatNumber(dropped)}
        </Figure>
        <Figure label="Bodies dropped" danger={status.droppedDetails > 0}>
          {formatNumber(status.droppedDetails)}
        </Figure>
        <Figure label="Stored rows">{formatNumber(status.storedRows)}</Figure>
        <Figure label="Bodies and timelines">{formatBytes(status.storedDetailBytes)}</Figure>
        <Figure label="Oldest">
          <TimeText at={status.oldestAt} />
        </Figure>
      </dl>
      {status.lastError !== null && (
        <p className="mt-4 flex gap-2 rounded-md bg-danger-soft px-3 py-2 text-sm text-danger">
          <TriangleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />
          <span className="min-w-0 break-words">Last error: {status.lastError}</span>
        </p>
      )}
    </Card>
  );
}

interface FigureProps {
  readonly label: string;
  readonly danger?: boolean;
  readonly children: ReactNode;
}

function Figure({ label, danger = false, children }: FigureProps) {
  return (
    <div className="min-w-0">
      <dt className="truncate text-xs font-medium text-faint">{label}</dt>
      <dd className={cx('text-lg font-semibold tracking-tight', danger && 'text-danger')}>{children}</dd>
    </div>
  );
}
