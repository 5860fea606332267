// biome-ignore-all lint/a11y/useSemanticElements: the elements of a table take no positions, which rows that are made as one scrolls need; the roles say the same.
// biome-ignore-all lint/a11y/useFocusableInteractive: the links of the rows and the buttons of the head have the focus.
import { Link, type LinkProps } from '@tanstack/react-router';
import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { scrollArea } from '../layout/scroll-area.ts';
import { cx } from './cx.ts';
import { fitColumns } from './fit-columns.ts';
import { SkeletonRows } from './states.tsx';

/** One column. Those with the highest `priority` make room first where the table is narrow. */
export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** What rows are sorted by; absent: not sortable. Null comes last. */
  readonly sortValue?: (row: Row) => string | number | null;
  /** Pixels that it needs. Default: 120. */
  readonly width?: number;
  /** Its share of what is left over; 0: keeps to its width. Default: 1. */
  readonly grow?: number;
  /** Figures stand on the right. */
  readonly align?: 'right';
  /** 0 (default): always shown. 1 and more: the higher, the sooner it gives way. */
  readonly priority?: number;
  /** On a phone each row is a card: its heading, a labelled line (default), or nothing. */
  readonly card?: 'title' | 'line' | 'hidden';
}

export interface DataTableProps<Row> {
  /** What the rows are, for screen readers. */
  readonly label: string;
  /** Stable: at module scope or memoised. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowId: (row: Row) => string;
  /** The page of a row: the whole row is a link. */
  readonly rowLink?: (row: Row) => Pick<LinkProps, 'to' | 'params' | 'search'>;
  /** Instead of a link, such as to open a drawer. */
  readonly onRowClick?: (row: Row) => void;
  readonly rowTone?: (row: Row) => 'danger' | 'muted' | undefined;
  /** Column id, with `-` before it for descending. With `onSortChange` it is yours to keep, such as in the URL. */
  readonly sort?: string | undefined;
  readonly onSortChange?: (sort: string | undefined) => void;
  readonly loading?: boolean;
  /** Where there are no rows: an `EmptyState`. */
  readonly empty?: ReactNode;
  /** Below the rows: a `LoadMore`. */
  readonly footer?: ReactNode;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });
const narrow = 640;
const rowHeight = 40;
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

  const definitions = useMemo(() => columns.map((column) => definitionOf(column)), [columns]);
  const sorting = useMemo(() => readSort(sort), [sort]);
  const table = useTable({
    features,
    columns: definitions,
    data: rows as Row[],
    getRowId: rowId,
    state: { sorting },
    enableSortingRemoval: true,
  });
  const sorted = table.getRowModel().rows.map((row) => row.original);
  const cards = width > 0 && width < narrow;
  const shown = useMemo(() => fitColumns(columns, width), [columns, width]);
  const template = shown.map((column) => trackOf(column)).join(' ');
  const nothing = sorted.length === 0;

  return (
    <div
      ref={box}
      className="min-w-0 rounded-lg border border-line bg-surface"
      style={{ '--columns': template } as React.CSSProperties}
    >
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
              <Head key={column.id} column={column} sort={sort} onSort={setSort} />
            ))}
          </div>
        </div>
        <Body {...props} rows={nothing ? noRows : sorted} columns={cards ? columns : shown} cards={cards} />
      </div>
      {nothing && loading && <SkeletonRows label={`Loading ${label}`} />}
      {nothing && !loading && empty}
      {footer}
    </div>
  );
}

interface HeadProps<Row> {
  readonly column: Column<Row>;
  readonly sort: string | undefined;
  readonly onSort: (sort: string | undefined) => void;
}

function Head<Row>({ column, sort, onSort }: HeadProps<Row>) {
  const direction = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : 'none';
  const right = column.align === 'right';
  const style = cx(
    'flex min-w-0 items-center text-xs font-medium text-faint',
    right && 'justify-end text-right',
  );
  if (column.sortValue === undefined) {
    return (
      <div role="columnheader" className={cx(style, 'h-9')}>
        <span className="truncate">{column.header}</span>
      </div>
    );
  }
  const next = direction === 'none' ? `-${column.id}` : direction === 'descending' ? column.id : undefined;
  const Arrow = direction === 'ascending' ? ArrowUp : ArrowDown;
  return (
    <div role="columnheader" aria-sort={direction} className={style}>
      <button
        type="button"
        className={cx(
          'focus-inset group flex h-9 min-w-0 items-center gap-1 hover:text-fg',
          right && 'flex-row-reverse',
        )}
        onClick={() => onSort(next)}
      >
        <span className={cx('truncate', direction !== 'none' && 'text-fg')}>{column.header}</span>
        <Arrow
          className={cx(
            'size-3 shrink-0',
            direction === 'none' ? 'opacity-0 group-hover:opacity-60' : 'text-fg',
          )}
          aria-hidden
        />
      </button>
    </div>
  );
}

interface BodyProps<Row> extends DataTableProps<Row> {
  readonly cards: boolean;
}

function Body<Row extends object>(props: BodyProps<Row>) {
  const { rows, rowId, cards, columns } = props;
  const body = useRef<HTMLDivElement>(null);
  const [margin, setMargin] = useState(0);
  // What is above the table may change its height.
  useLayoutEffect(() => {
    const area = scrollArea();
    if (body.current === null || area === null) return;
    const top = body.current.getBoundingClientRect().top - area.getBoundingClientRect().top + area.scrollTop;
    if (Math.abs(top - margin) > 1) setMargin(top);
  });
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
            {cards ? <CardCells {...props} row={row} /> : <Cells {...props} row={row} />}
          </div>
        );
      })}
    </div>
  );
}

interface CellsProps<Row> extends DataTableProps<Row> {
  readonly row: Row;
}

function Cells<Row extends object>({ columns, row, ...props }: CellsProps<Row>) {
  return columns.map((column, index) => (
    <div
      key={column.id}
      role="cell"
      className={cx('min-w-0 truncate text-sm', column.align === 'right' && 'text-right')}
    >
      {index === 0 ? (
        <RowOpener {...props} row={row}>
          {column.cell(row)}
        </RowOpener>
      ) : (
        column.cell(row)
      )}
    </div>
  ));
}

function CardCells<Row extends object>({ columns, row, ...props }: CellsProps<Row>) {
  const title = columns.find((column) => column.card === 'title') ?? columns[0];
  return (
    <>
      {title && (
        <div role="cell" className="min-w-0 pb-0.5 text-base font-medium">
          <RowOpener {...props} row={row}>
            {title.cell(row)}
          </RowOpener>
        </div>
      )}
      {columns
        .filter((column) => column !== title && column.card !== 'hidden')
        .map((column) => (
          <div
            key={column.id}
            role="cell"
            className="flex min-w-0 items-baseline justify-between gap-4 text-sm"
          >
            <span className="shrink-0 text-xs text-faint">{column.header}</span>
            <span className="min-w-0 truncate text-right">{column.cell(row)}</span>
          </div>
        ))}
    </>
  );
}

interface RowOpenerProps<Row> extends Pick<DataTableProps<Row>, 'rowLink' | 'onRowClick'> {
  readonly row: Row;
  readonly children: ReactNode;
}

/** Covers its row, so that all of it can be clicked; what else can be clicked there has to be `relative z-10`. */
function RowOpener<Row>({ row, rowLink, onRowClick, children }: RowOpenerProps<Row>) {
  const style =
    'block max-w-full truncate text-left after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent';
  if (rowLink) {
    return (
      <Link {...rowLink(row)} data-row-opener className={style}>
        {children}
      </Link>
    );
  }
  if (onRowClick) {
    return (
      <button type="button" data-row-opener className={style} onClick={() => onRowClick(row)}>
        {children}
      </button>
    );
  }
  return <span className="block truncate">{children}</span>;
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

function trackOf<Row>({ width = 120, grow = 1 }: Column<Row>): string {
  return grow === 0 ? `${width}px` : `minmax(${width}px,${grow}fr)`;
}

function definitionOf<Row extends object>(column: Column<Row>): ColumnDef<typeof features, Row> {
  return {
    id: column.id,
    accessorFn: (row: Row) => column.sortValue?.(row) ?? undefined,
    enableSorting: column.sortValue !== undefined,
    sortUndefined: 'last',
    sortFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
  };
}

const inWords = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

function compare(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : inWords.compare(String(a), String(b));
}

function readSort(sort: string | undefined): SortingState {
  if (sort === undefined || sort === '') return [];
  return sort.startsWith('-') ? [{ id: sort.slice(1), desc: true }] : [{ id: sort, desc: false }];
}

function useWidth(element: React.RefObject<HTMLElement | null>): number {
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
