import {
  type ColumnDef,
  createSortedRowModel,
  rowSortingFeature,
  type SortingState,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import type { Column, DataTableProps } from './table-props.ts';

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel() });

/** The rows in their order; without a sort as they came. */
export function useSortedRows<Row extends object>({
  columns,
  rows,
  rowId,
  sort,
}: Pick<DataTableProps<Row>, 'columns' | 'rows' | 'rowId' | 'sort'>): readonly Row[] {
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
  return table.getRowModel().rows.map((row) => row.original);
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
