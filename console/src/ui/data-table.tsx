// biome-ignore-all lint/a11y/useSemanticElements: the elements of a table take no positions, which rows that are made as one scrolls need; the roles say the same.
// biome-ignore-all lint/a11y/useFocusableInteractive: the links of the rows and the buttons of the head have the focus.
import { type CSSProperties, type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { cx } from './cx.ts';
import { fitColumns } from './fit-columns.ts';
import { SkeletonRows } from './states.tsx';
import { SortBy } from './table/sort-by.tsx';
import { useSortedRows } from './table/sort-rows.ts';
import { TableBody } from './table/table-body.tsx';
import { TableHead } from './table/table-head.tsx';
import type { Column, DataTableProps } from './table/table-props.ts';

export type { Column };

const narrow = 640;
const noRows: readonly never[] = [];

/**
 * A table of any length: only the rows that are seen are in the page. It scrolls with the page, its head stays. Arrow
 * keys go from row to row, Enter opens one; on phones it is a list of cards.
 */
export function DataTable<Row extends object>(props: DataTableProps<Row>) {
  const { label, columns, rows, rowId, loading = false, empty, footer } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [ownSort, setOwnSort] = useState<string | undefined>(props.sort);
  const sort = props.onSortChange ? props.sort : ownSort;
  const setSort = props.onSortChange ?? setOwnSort;

  const sorted = useSortedRows({ columns, rows, rowId, sort });
  const cards = width > 0 && width < narrow;
  const shown = useMemo(() => fitColumns(columns, width), [columns, width]);
  const template = shown.map((column) => trackOf(column)).join(' ');
  const nothing = sorted.length === 0;

  return (
    <div
      ref={box}
      className="min-w-0 rounded-lg border border-line bg-surface"
      style={{ '--columns': template } as CSSProperties}
    >
      {cards && !nothing && <SortBy columns={columns} sort={sort} onSort={setSort} />}
      <div role="table" aria-label={label} aria-rowcount={sorted.length + 1} aria-busy={loading}>
        <div
          role="rowgroup"
          className={cx(
            'sticky top-0 z-20 rounded-t-lg border-b border-line bg-surface',
            (cards || (nothing && !loading)) && 'sr-only',
          )}
        >
          <div role="row" aria-rowindex={1} className="grid grid-cols-(--columns) items-center gap-x-4 px-4">
            {shown.map((column) => (
              <TableHead key={column.id} column={column} sort={sort} onSort={cards ? undefined : setSort} />
            ))}
          </div>
        </div>
        <TableBody
          {...props}
          rows={nothing ? noRows : sorted}
          columns={cards ? columns : shown}
          cards={cards}
        />
      </div>
      {nothing && loading && <SkeletonRows label={`Loading ${label}`} />}
      {nothing && !loading && empty}
      {footer}
    </div>
  );
}

function trackOf<Row>({ width = 120, grow = 1 }: Column<Row>): string {
  return grow === 0 ? `${width}px` : `minmax(${width}px,${grow}fr)`;
}

function useWidth(element: RefObject<HTMLElement | null>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    setWidth(current.clientWidth);
    const observer = new ResizeObserver(() => setWidth(current.clientWidth));
    observer.observe(current);
    return () => observer.disconnect();
  }, [element]);
  return width;
}
