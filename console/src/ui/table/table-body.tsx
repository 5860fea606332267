// biome-ignore-all lint/a11y/useSemanticElements: the elements of a table take no positions, which rows that are made as one scrolls need; the roles say the same.
// biome-ignore-all lint/a11y/useFocusableInteractive: the links of the rows and the buttons of the head have the focus.
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useRef } from 'react';
import { scrollArea } from '../../layout/scroll-area.ts';
import { useScrollMargin } from '../../layout/use-scroll-margin.ts';
import { cx } from '../cx.ts';
import { CardCells, RowCells } from './row-cells.tsx';
import type { DataTableProps } from './table-props.ts';

const rowHeight = 40;

interface TableBodyProps<Row> extends DataTableProps<Row> {
  readonly cards: boolean;
}

/** The rows that are seen, and the keys that go from one to the next. */
export function TableBody<Row extends object>(props: TableBodyProps<Row>) {
  const { rows, rowId, cards, columns } = props;
  const body = useRef<HTMLDivElement>(null);
  const margin = useScrollMargin(body);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: scrollArea,
    estimateSize: () => (cards ? 40 + 22 * columns.length : rowHeight),
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : rowId(row);
    },
    overscan: 12,
    scrollMargin: margin,
  });

  const onKeyDown = (event: KeyboardEvent<HTMLElement>): void => {
    const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15 };
    const step = steps[event.key];
    const row =
      event.target instanceof HTMLElement ? event.target.closest<HTMLElement>('[data-index]') : null;
    if (step === undefined || row === null || !isRowOpener(event.target)) return;
    event.preventDefault();
    const index = Math.max(0, Math.min(rows.length - 1, Number(row.dataset['index']) + step));
    virtual.scrollToIndex(index, { align: 'auto' });
    focusRow(body.current, index);
  };

  return (
    <div
      ref={body}
      role="rowgroup"
      className="relative"
      style={{ height: virtual.getTotalSize() }}
      onKeyDown={onKeyDown}
    >
      {virtual.getVirtualItems().map((item) => {
        const row = rows[item.index];
        if (row === undefined) return null;
        return (
          <div
            key={item.key}
            ref={virtual.measureElement}
            data-index={item.index}
            role="row"
            aria-rowindex={item.index + 2}
            className={cx(
              'absolute inset-x-0 top-0 border-b border-line last:border-b-0',
              (props.rowLink ?? props.onRowClick) && 'hover:bg-hover focus-within:bg-hover',
              cards
                ? 'flex flex-col gap-1 px-4 py-3'
                : 'grid min-h-10 grid-cols-(--columns) items-center gap-x-4 px-4 py-1.5',
              toneOf(props.rowTone?.(row)),
            )}
            style={{ transform: `translateY(${item.start - margin}px)` }}
          >
            {cards ? <CardCells {...props} row={row} /> : <RowCells {...props} row={row} />}
          </div>
        );
      })}
    </div>
  );
}

/** A row that was out of sight is in the page some frames later. */
function focusRow(body: HTMLElement | null, index: number, frames = 10): void {
  const opener = body?.querySelector<HTMLElement>(`[data-index="${index}"] [data-row-opener]`);
  if (opener) opener.focus({ preventScroll: true });
  else if (frames > 0) requestAnimationFrame(() => focusRow(body, index, frames - 1));
}

function isRowOpener(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.closest('[data-row-opener]') !== null;
}

function toneOf(tone: 'danger' | 'muted' | undefined): string | undefined {
  if (tone === 'danger') return 'shadow-[inset_2px_0_0_var(--color-danger)]';
  return tone === 'muted' ? 'text-faint' : undefined;
}
