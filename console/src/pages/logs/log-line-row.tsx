import { Link } from '@tanstack/react-router';
import { ChevronRight } from 'lucide-react';
import { formatClock, formatTime } from '../../format/format.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { cx } from '../../ui/cx.ts';
import { JsonTree } from '../../ui/json-tree.tsx';
import { LogLevel } from './log-level.tsx';
import type { LogRow } from './log-row.ts';

interface LogLineRowProps {
  readonly row: LogRow;
  readonly open: boolean;
  readonly onToggle: (id: number) => void;
}

/** One line; open, it shows all that it says. */
export function LogLineRow({ row, open, onToggle }: LogLineRowProps) {
  const { time, level, message, fields, requestId } = row;
  return (
    <div className={cx('border-b border-line', open && 'bg-surface', level === 'error' && 'text-danger')}>
      <button
        type="button"
        aria-expanded={open}
        className="focus-inset flex w-full min-w-0 items-start gap-2 px-3 py-1 text-left font-mono text-xs leading-5 hover:bg-hover pointer-coarse:min-h-10 max-sm:flex-wrap"
        onClick={() => onToggle(row.id)}
      >
        <ChevronRight
          className={cx('mt-0.5 size-4 shrink-0 text-faint transition-transform', open && 'rotate-90')}
          aria-hidden
        />
        <span className="shrink-0 text-faint" title={formatTime(time)}>
          {clockOf(time)}
        </span>
        <LogLevel level={level} />
        <span className="min-w-0 flex-1 break-words max-sm:basis-full max-sm:pl-6">
          <span>{message}</span>
          {fields !== '' && <span className="ml-2 break-all text-faint">{fields}</span>}
        </span>
      </button>
      {open && (
        <div className="flex flex-col gap-2 px-3 pt-1 pb-3 pl-9 text-fg">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {requestId !== null && (
              <Link
                to="/runs/$id"
                params={{ id: requestId }}
                className="inline-flex min-h-6 items-center font-mono text-xs break-all text-accent hover:underline"
              >
                Run {requestId}
              </Link>
            )}
            <CopyButton wide label="Copy line" text={row.json} />
          </div>
          <JsonTree value={row.line} label="The whole line" open={3} className="rounded-md bg-sunken p-2" />
        </div>
      )}
    </div>
  );
}

function clockOf(time: number | null): string {
  if (time === null) return '--:--:--.---';
  return `${formatClock(time)}.${String(time % 1000).padStart(3, '0')}`;
}
