// biome-ignore-all lint/a11y/useSemanticElements: the elements of a table take no positions, which rows that are made as one scrolls need; the roles say the same.
// biome-ignore-all lint/a11y/useFocusableInteractive: the links of the rows and the buttons of the head have the focus.
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { cx } from '../cx.ts';
import type { DataTableProps } from './table-props.ts';

interface CellsProps<Row> extends DataTableProps<Row> {
  readonly row: Row;
}

/** A row of the table: the first column leads to what it stands for. */
export function RowCells<Row extends object>({ columns, row, ...props }: CellsProps<Row>) {
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

/** The same as a card. */
export function CardCells<Row extends object>({ columns, row, ...props }: CellsProps<Row>) {
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
