import { ArrowDownToLine, CircleAlert, FoldVertical, UnfoldVertical } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatNumber } from '../../../format/format.ts';
import { usePaletteActions } from '../../../palette/palette-state.ts';
import { Button, IconButton } from '../../../ui/button.tsx';

interface TimelineBarProps {
  readonly rows: number;
  readonly summary: ReactNode;
  readonly live: boolean;
  readonly follows: boolean;
  readonly onFollow: (on: boolean) => void;
  /** Opens or closes all entries. */
  readonly onExpand: (open: boolean) => void;
  /** Absent: nothing failed. */
  readonly onFirstError?: () => void;
}

/** Stays at the top while the timeline scrolls. */
export function TimelineBar({
  rows,
  summary,
  live,
  follows,
  onFollow,
  onExpand,
  onFirstError,
}: TimelineBarProps) {
  usePaletteActions([
    { id: 'expand', label: 'Open all entries', icon: UnfoldVertical, run: () => onExpand(true) },
    { id: 'collapse', label: 'Close all entries', icon: FoldVertical, run: () => onExpand(false) },
    ...(onFirstError
      ? [
          {
            id: 'first-error',
            label: 'Go to the first error',
            icon: CircleAlert,
            shortcut: 'x',
            run: onFirstError,
          },
        ]
      : []),
    ...(live
      ? [
          {
            id: 'follow',
            label: 'Follow the run',
            icon: ArrowDownToLine,
            shortcut: 'f',
            run: () => onFollow(!follows),
          },
        ]
      : []),
  ]);
  return (
    <div className="sticky top-0 z-20 -mx-2 -mt-2 mb-1 flex min-h-11 items-center gap-2 bg-bg/95 px-2 py-1 backdrop-blur-sm">
      <span className="shrink-0 text-xs text-faint">
        {rows === 1 ? '1 entry' : `${formatNumber(rows)} entries`}
      </span>
      {summary}
      <span className="ml-auto flex items-center gap-1">
        {onFirstError && (
          <Button size="sm" variant="ghost" icon={CircleAlert} className="text-danger" onClick={onFirstError}>
            First error
          </Button>
        )}
        <IconButton size="sm" icon={UnfoldVertical} label="Open all entries" onClick={() => onExpand(true)} />
        <IconButton size="sm" icon={FoldVertical} label="Close all entries" onClick={() => onExpand(false)} />
        {live && (
          <Button
            size="sm"
            icon={ArrowDownToLine}
            aria-pressed={follows}
            className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
            onClick={() => onFollow(!follows)}
          >
            {follows ? 'Following' : 'Follow'}
          </Button>
        )}
      </span>
    </div>
  );
}
