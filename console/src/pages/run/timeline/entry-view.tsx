import { ChevronRight, CircleAlert, Info, RotateCcw } from 'lucide-react';
import { ApprovalOutcomeBadge } from '../../../agent/approval-outcome.tsx';
import { leftOutLength } from '../../../agent/left-out.ts';
import { LeftOut } from '../../../agent/left-out-note.tsx';
import { ToolInput } from '../../../agent/tool-input.tsx';
import { CutNote } from '../../../agent/tool-output.tsx';
import { splitToolName } from '../../../agent/tool-summary.ts';
import { formatMoney, formatNumber } from '../../../format/format.ts';
import { cx } from '../../../ui/cx.ts';
import { Markdown } from '../../../ui/markdown.tsx';
import { AnswerHere } from './answer-here.tsx';
import type { EntryRow } from './build-rows.ts';
import { FilesCard } from './files-card.tsx';

interface EntryViewProps {
  readonly row: EntryRow;
  readonly live: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
}

/** What is no call of a tool. */
export function EntryView({ row, live, open, onToggle }: EntryViewProps) {
  const { entry } = row;
  switch (entry.type) {
    case 'started':
      return (
        <Line>
          <b className="font-medium text-fg">{entry.model}</b> began{sourceWords[entry.source] ?? ''}
        </Line>
      );
    case 'text': {
      const leftOut = leftOutLength(entry.text);
      if (leftOut !== undefined || entry.text === '')
        return <LeftOut what="A text" length={leftOut ?? entry.fullLength} />;
      return (
        <div className={cx('max-w-3xl min-w-0', row.discarded && 'opacity-60')}>
          {row.discarded && <p className="text-xs text-faint">Taken back: the model was asked anew.</p>}
          <Markdown text={entry.text} />
          <CutNote shown={entry.text.length} fullLength={entry.fullLength} />
        </div>
      );
    }
    case 'thinking':
      return <Thinking text={entry.text} fullLength={entry.fullLength} open={open} onToggle={onToggle} />;
    case 'text_reset':
      return (
        <Note icon="reset">
          The answer broke off and was begun anew. What was said before it does not count.
        </Note>
      );
    case 'client_call':
      return (
        <section className="min-w-0 rounded-lg border border-line bg-surface px-3 py-2.5">
          <h2 className="mb-2 text-sm">
            <b className="font-semibold">{entry.name}</b>{' '}
            <span className="text-faint">is asked of the client</span>
          </h2>
          <ToolInput name={entry.name} input={entry.arguments} />
        </section>
      );
    case 'approval_requested':
      return <Asked row={row} entry={entry} live={live} />;
    case 'files':
      return <FilesCard entry={entry} />;
    case 'notice':
      return (
        <Note icon="info">
          {entry.message === '' ? noticeWords(entry.code) : entry.message}
          {entry.message !== '' && <span className="ml-2 font-mono text-xs text-faint">{entry.code}</span>}
        </Note>
      );
    case 'done':
      return (
        <Line>
          Ended: {entry.stopReason.replaceAll('_', ' ')} · {formatNumber(entry.usage.outputTokens)} tokens out
          {entry.usage.costUsd !== null && ` · ${formatMoney(entry.usage.costUsd)}`}
        </Line>
      );
    case 'error':
      return (
        <div
          role="alert"
          className="min-w-0 rounded-lg border border-danger/50 bg-danger-soft px-3 py-2.5 text-sm"
        >
          <p className="flex items-center gap-1.5 font-medium text-danger">
            <CircleAlert className="size-4 shrink-0" aria-hidden />
            {entry.code}
          </p>
          <p className="mt-1 whitespace-pre-wrap">{entry.message}</p>
        </div>
      );
    default:
      return entry satisfies never;
  }
}

const sourceWords: Readonly<Record<string, string>> = {
  new: ', in a fresh process',
  live: ', going on in the process that was there',
  stored: ', going on from the stored session',
  synthesised: ', with the history that the client sent',
};

function noticeWords(code: string): string {
  const words = code.replaceAll(/[_.-]+/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function Line({ children }: { readonly children: React.ReactNode }) {
  return <p className="py-0.5 text-sm text-muted">{children}</p>;
}

function Note({ icon, children }: { readonly icon: 'info' | 'reset'; readonly children: React.ReactNode }) {
  const Icon = icon === 'info' ? Info : RotateCcw;
  return (
    <p className="flex min-w-0 items-start gap-2 rounded-md bg-sunken px-3 py-2 text-sm text-muted">
      <Icon className="mt-0.5 size-4 shrink-0 text-faint" aria-hidden />
      <span className="min-w-0">{children}</span>
    </p>
  );
}

interface ThinkingProps {
  readonly text: string;
  readonly fullLength: number | undefined;
  readonly open: boolean;
  readonly onToggle: () => void;
}

function Thinking({ text, fullLength, open, onToggle }: ThinkingProps) {
  const leftOut = leftOutLength(text);
  if (leftOut !== undefined || text === '') return <LeftOut what="Thinking" length={leftOut ?? fullLength} />;
  return (
    <div className="max-w-3xl min-w-0">
      <button
        type="button"
        aria-expanded={open}
        className="focus-inset flex min-h-7 max-w-full min-w-0 items-center gap-1 rounded-md pr-2 text-left text-sm text-muted hover:text-fg pointer-coarse:min-h-10"
        onClick={onToggle}
      >
        <ChevronRight
          className={cx('size-4 shrink-0 text-faint transition-transform', open && 'rotate-90')}
          aria-hidden
        />
        <span className="shrink-0">Thinking</span>
        {!open && <span className="min-w-0 truncate text-faint italic">{text.trim().slice(0, 200)}</span>}
      </button>
      {open && (
        <div className="ml-2 border-l-2 border-line pl-3 text-sm whitespace-pre-wrap text-muted">
          {text.trim()}
          <CutNote shown={text.length} fullLength={fullLength} />
        </div>
      )}
    </div>
  );
}

interface AskedProps {
  readonly row: EntryRow;
  readonly entry: Extract<EntryRow['entry'], { readonly type: 'approval_requested' }>;
  readonly live: boolean;
}

function Asked({ row, entry, live }: AskedProps) {
  const { name } = splitToolName(entry.name, entry.server);
  const open = live && row.answered === undefined;
  return (
    <section className={cx('min-w-0 rounded-lg border bg-surface', open ? 'border-warn' : 'border-line')}>
      <h2 className="px-3 pt-2.5 text-sm">
        <b className="font-semibold">{name}</b>{' '}
        <span className="text-faint">
          {entry.approvalId === undefined ? 'waits for the client’s word' : 'needs approval'}
        </span>
      </h2>
      <div className="flex min-w-0 flex-col gap-3 px-3 py-2.5">
        <ToolInput name={entry.name} input={entry.arguments} />
        {row.answered !== undefined && (
          <div>
            <ApprovalOutcomeBadge outcome={row.answered.outcome} by={row.answered.by} />
          </div>
        )}
      </div>
      {open && entry.approvalId !== undefined && <AnswerHere approvalId={entry.approvalId} name={name} />}
    </section>
  );
}
