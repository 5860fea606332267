import { ChevronRight, CircleAlert, Hourglass, LoaderCircle } from 'lucide-react';
import { useId } from 'react';
import { ApprovalOutcomeBadge } from '../../../agent/approval-outcome.tsx';
import { leftOutLength } from '../../../agent/left-out.ts';
import { ToolInput } from '../../../agent/tool-input.tsx';
import { CutNote, ToolOutput } from '../../../agent/tool-output.tsx';
import { splitToolName, summariseInput } from '../../../agent/tool-summary.ts';
import { formatDuration } from '../../../format/format.ts';
import { Badge } from '../../../ui/badge.tsx';
import { cx } from '../../../ui/cx.ts';
import { Elapsed } from '../../../ui/elapsed.tsx';
import { AnswerHere } from './answer-here.tsx';
import type { ToolRow } from './build-rows.ts';

interface ToolCardProps {
  readonly row: ToolRow;
  /** When the run began. */
  readonly startedAt: number;
  readonly live: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
  /** Whether the calls of its subagent are hidden. */
  readonly folded: boolean;
  readonly onFold: () => void;
}

/** These say most when they are seen at once. */
const shownAtOnce: ReadonlySet<string> = new Set(['Bash', 'Edit', 'Write', 'MultiEdit', 'NotebookEdit']);

/** Whether a call is open as long as nobody has chosen. */
export function opensByItself(row: ToolRow): boolean {
  return shownAtOnce.has(row.name) || row.done?.isError === true || waitsForWord(row);
}

function waitsForWord(row: ToolRow): boolean {
  return row.asked?.approvalId !== undefined && row.answered === undefined && row.done === undefined;
}

/** One call of a tool. */
export function ToolCard(props: ToolCardProps) {
  const { row, startedAt, live, open, onToggle, folded, onFold } = props;
  const bodyId = useId();
  const { name, server } = splitToolName(row.name, row.server);
  const waits = live && waitsForWord(row);
  const summary = summariseInput(row.input);
  return (
    <div
      className={cx(
        'min-w-0 rounded-lg border bg-surface',
        row.done?.isError === true ? 'border-danger/50' : waits ? 'border-warn' : 'border-line',
      )}
    >
      <h2>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={bodyId}
          className="focus-inset flex min-h-9 w-full min-w-0 items-center gap-2 rounded-lg px-2.5 py-1.5 text-left hover:bg-hover pointer-coarse:min-h-10"
          onClick={onToggle}
        >
          <ChevronRight
            className={cx('size-4 shrink-0 text-faint transition-transform', open && 'rotate-90')}
            aria-hidden
          />
          <span className="shrink-0 text-sm font-semibold">{name}</span>
          {server !== undefined && <span className="shrink-0 text-xs text-faint">{server}</span>}
          {!open && <span className="min-w-0 truncate font-mono text-xs text-muted">{summary}</span>}
          <span className="ml-auto flex shrink-0 items-center gap-2 pl-2">
            <CallState row={row} startedAt={startedAt} live={live} waits={waits} />
          </span>
        </button>
      </h2>
      <div id={bodyId} hidden={!open}>
        {open && (
          <div className="flex min-w-0 flex-col gap-3 px-3 pt-1 pb-3">
            <CallBody row={row} />
            {row.answered !== undefined && (
              <div>
                <ApprovalOutcomeBadge outcome={row.answered.outcome} by={row.answered.by} />
              </div>
            )}
          </div>
        )}
      </div>
      {waits && row.asked?.approvalId !== undefined && (
        <AnswerHere approvalId={row.asked.approvalId} name={name} />
      )}
      {row.below > 0 && (
        <button
          type="button"
          aria-expanded={!folded}
          className="focus-inset w-full rounded-b-lg border-t border-line px-3 py-1.5 text-left text-xs text-muted hover:bg-hover pointer-coarse:min-h-10"
          onClick={onFold}
        >
          {folded ? 'Show' : 'Hide'} the {row.below === 1 ? 'call' : `${row.below} calls`} of this subagent
        </button>
      )}
    </div>
  );
}

function CallBody({ row }: { readonly row: ToolRow }) {
  const { name, input, done } = row;
  const failed = done?.isError === true;
  if (name === 'Bash') {
    const output = done?.output ?? undefined;
    const kept = output !== undefined && leftOutLength(output) === undefined;
    return (
      <>
        <ToolInput name={name} input={input} output={kept ? output : undefined} failed={failed} />
        {done !== undefined &&
          (kept ? (
            <CutNote shown={output.length} fullLength={done.fullLength} />
          ) : (
            <ToolOutput name={name} output={done.output} fullLength={done.fullLength} />
          ))}
      </>
    );
  }
  const said = shownAtOnce.has(name) && !failed;
  return (
    <>
      <ToolInput name={name} input={input} detail={done?.detail} failed={failed} />
      {done !== undefined && !said && (
        <div className={cx('min-w-0', failed && 'text-danger')}>
          <ToolOutput name={name} output={done.output} fullLength={done.fullLength} />
        </div>
      )}
    </>
  );
}

interface CallStateProps {
  readonly row: ToolRow;
  readonly startedAt: number;
  readonly live: boolean;
  readonly waits: boolean;
}

function CallState({ row, startedAt, live, waits }: CallStateProps) {
  const { done, answered } = row;
  if (waits) {
    return (
      <Badge tone="warn" icon={Hourglass}>
        Waits for approval
      </Badge>
    );
  }
  if (done === undefined) {
    if (answered?.outcome === 'deny' || answered?.outcome === 'expired')
      return <Badge tone="danger">Denied</Badge>;
    if (!live) return <span className="text-xs text-faint">no end</span>;
    return (
      <span className="flex items-center gap-1.5 text-xs text-accent">
        <LoaderCircle className="size-3.5 animate-spin" aria-hidden />
        <span className="sr-only">Running for</span>
        <Elapsed since={startedAt + row.atMs} />
      </span>
    );
  }
  return (
    <>
      {done.isError && (
        <Badge tone="danger" icon={CircleAlert}>
          Failed
        </Badge>
      )}
      <span className="text-xs text-faint">{formatDuration(Math.max(0, done.atMs - row.atMs))}</span>
    </>
  );
}
