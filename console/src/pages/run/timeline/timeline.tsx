import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useContext, useMemo, useRef, useState } from 'react';
import type { TimelineEntry } from '../../../../../src/contract/index.ts';
import { hasLeftOut } from '../../../agent/left-out.ts';
import { formatTime } from '../../../format/format.ts';
import { scrollArea } from '../../../layout/scroll-area.ts';
import { useScrollMargin } from '../../../layout/use-scroll-margin.ts';
import { KeepMore } from '../keep-more.tsx';
import { buildRows, firstError, type TimelineRow } from './build-rows.ts';
import { EntryView } from './entry-view.tsx';
import { PublicView } from './public-view.ts';
import { RowMark } from './row-mark.tsx';
import { sinceStart } from './run-clock.ts';
import { TimelineBar } from './timeline-bar.tsx';
import { opensByItself, ToolCard } from './tool-card.tsx';
import { useFollow } from './use-follow.ts';

interface TimelineProps {
  readonly entries: readonly TimelineEntry[];
  readonly startedAt: number;
  /** It still goes on. */
  readonly live: boolean;
  /** How the run goes, in one line. */
  readonly summary?: ReactNode;
  /** Some of it was left out to keep to the size. */
  readonly truncated: boolean;
}

/** What happened in a run, in order; of thousands of entries only those that are seen are in the page. */
export function Timeline({ entries, startedAt, live, summary, truncated }: TimelineProps) {
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState<ReadonlyMap<string, boolean>>(new Map());
  const [all, setAll] = useState<boolean>();
  const rows = useMemo(() => buildRows(entries, folded), [entries, folded]);
  const error = useMemo(() => firstError(rows), [rows]);
  const leftOut = useMemo(() => hasLeftOut(entries), [entries]);
  const isPublic = useContext(PublicView);
  const severalAnswers = entries.some(({ choice }) => choice > 0);
  const [follows, setFollows] = useFollow(live, entries);
  const body = useRef<HTMLOListElement>(null);
  const margin = useScrollMargin(body);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: scrollArea,
    estimateSize: (index) => (rows[index]?.kind === 'tool' ? 120 : 60),
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: 8,
    scrollMargin: margin,
    scrollPaddingStart: 60,
  });

  const isOpen = (row: TimelineRow): boolean =>
    chosen.get(row.key) ?? all ?? (row.kind === 'tool' && opensByItself(row));
  const toggle = (row: TimelineRow): void => setChosen(new Map(chosen).set(row.key, !isOpen(row)));
  const fold = (callId: string): void => {
    const next = new Set(folded);
    if (!next.delete(callId)) next.add(callId);
    setFolded(next);
  };
  const goToError = (): void => {
    if (error === undefined) return;
    setFollows(false);
    virtual.scrollToIndex(error, { align: 'start' });
    requestAnimationFrame(() =>
      body.current?.querySelector<HTMLElement>(`[data-index="${error}"]`)?.focus({ preventScroll: true }),
    );
  };

  return (
    <div className="flex min-w-0 flex-col">
      <TimelineBar
        rows={rows.length}
        summary={summary}
        live={live}
        follows={follows}
        onFollow={setFollows}
        onExpand={(open) => {
          setChosen(new Map());
          setAll(open);
        }}
        {...(error !== undefined && { onFirstError: goToError })}
      />
      {leftOut && !isPublic && (
        <div className="mb-3">
          <KeepMore />
        </div>
      )}
      {truncated && (
        <p className="mb-3 text-xs text-faint">
          Some of it was left out to keep {isPublic ? 'the record small' : 'to RECORD_BODY_MAX_KB'}.
        </p>
      )}
      <ol ref={body} aria-label="Timeline" className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const { atMs, choice } = row.kind === 'tool' ? row : row.entry;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              tabIndex={-1}
              className="absolute inset-x-0 top-0 flex min-w-0 gap-3 rounded-lg pb-3 outline-none focus:bg-accent-soft"
              style={{
                transform: `translateY(${item.start - margin}px)`,
                // Calls of subagents stand in; on phones a little.
                paddingInlineStart: `min(${row.depth * 2}rem, ${row.depth * 5}vw)`,
              }}
            >
              <RowMark row={row} isLast={item.index === rows.length - 1} />
              <div className="min-w-0 flex-1">
                <p className="flex gap-2 pb-1 text-2xs leading-6 text-faint sm:hidden">
                  <RowTime atMs={atMs} startedAt={startedAt} />
                </p>
                {severalAnswers && <p className="text-2xs text-faint">Answer {choice + 1}</p>}
                {row.kind === 'tool' ? (
                  <ToolCard
                    row={row}
                    startedAt={startedAt}
                    live={live}
                    open={isOpen(row)}
                    onToggle={() => toggle(row)}
                    folded={folded.has(row.callId)}
                    onFold={() => fold(row.callId)}
                  />
                ) : (
                  <EntryView row={row} live={live} open={isOpen(row)} onToggle={() => toggle(row)} />
                )}
              </div>
              <p className="w-16 shrink-0 pt-1 text-right text-xs text-faint max-sm:hidden">
                <RowTime atMs={atMs} startedAt={startedAt} />
              </p>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function RowTime({ atMs, startedAt }: { readonly atMs: number; readonly startedAt: number }) {
  const at = startedAt + atMs;
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at)}>
      {sinceStart(atMs)}
    </time>
  );
}
