import type { LinkProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';

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
