// biome-ignore-all lint/a11y/useSemanticElements: the elements of a table take no positions, which rows that are made as one scrolls need; the roles say the same.
// biome-ignore-all lint/a11y/useFocusableInteractive: the links of the rows and the buttons of the head have the focus.
import { ArrowDown, ArrowUp } from 'lucide-react';
import { cx } from '../cx.ts';
import type { Column } from './table-props.ts';

interface TableHeadProps<Row> {
  readonly column: Column<Row>;
  readonly sort: string | undefined;
  /** Undefined: it is not seen, so nothing in it takes the focus. */
  readonly onSort: ((sort: string | undefined) => void) | undefined;
}

/** The name of a column, and a button where it can be sorted by. */
export function TableHead<Row>({ column, sort, onSort }: TableHeadProps<Row>) {
  const direction = sort === column.id ? 'ascending' : sort === `-${column.id}` ? 'descending' : 'none';
  const right = column.align === 'right';
  const style = cx(
    'flex min-w-0 items-center text-xs font-medium text-faint',
    right && 'justify-end text-right',
  );
  if (column.sortValue === undefined || onSort === undefined) {
    return (
      <div
        role="columnheader"
        {...(column.sortValue !== undefined && { 'aria-sort': direction })}
        className={cx(style, 'h-9')}
      >
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
