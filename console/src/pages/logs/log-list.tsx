import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDownToLine } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { LogLineRow } from './log-line-row.tsx';
import type { LogRow } from './log-row.ts';

interface LogListProps {
  readonly rows: readonly LogRow[];
}

const nearEnd = 24;

/**
 * The lines, newest last. At the end it follows what comes; whoever scrolls up stays where they read, until they come
 * back to the end.
 */
export function LogList({ rows }: LogListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const getItemKey = useCallback((index: number) => rows[index]?.id ?? index, [rows]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => 29,
    getItemKey,
    overscan: 20,
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: nearEnd,
  });
  // It begins with the newest.
  useEffect(() => virtual.scrollToEnd(), [virtual]);
  const toggle = (id: number): void =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const onScroll = (): void => {
    const { current } = box;
    if (current === null) return;
    setFollows(current.scrollHeight - current.scrollTop - current.clientHeight <= nearEnd);
  };
  return (
    <div className="relative min-h-0 flex-1">
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled with keys. */}
      <div
        ref={box}
        role="log"
        aria-label="Log lines"
        // Read out line by line it would never end; the page tells the numbers.
        aria-live="off"
        tabIndex={0}
        className="focus-inset h-full overflow-y-auto overscroll-contain"
        onScroll={onScroll}
      >
        <div className="relative w-full" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogLineRow row={row} open={open.has(row.id)} onToggle={toggle} />
              </div>
            );
          })}
        </div>
      </div>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: as above. */}
      {!follows && (
        <Button
          size="sm"
          icon={ArrowDownToLine}
          className="absolute right-4 bottom-3 shadow-float"
          onClick={() => virtual.scrollToEnd()}
        >
          Follow the newest
        </Button>
      )}
    </div>
  );
}
