import { Select } from '../input.tsx';
import type { Column } from './table-props.ts';

interface SortByProps<Row> {
  readonly columns: readonly Column<Row>[];
  readonly sort: string | undefined;
  readonly onSort: (sort: string | undefined) => void;
}

/** What cards are sorted by, whose head nobody sees; nothing where they cannot be sorted. */
export function SortBy<Row>({ columns, sort, onSort }: SortByProps<Row>) {
  const sortable = columns.filter(({ sortValue }) => sortValue !== undefined);
  if (sortable.length === 0) return null;
  const options = sortable.flatMap(({ id, header }) => [
    { value: id, label: `${header}, ascending` },
    { value: `-${id}`, label: `${header}, descending` },
  ]);
  return (
    <div className="flex items-center gap-3 border-b border-line px-4 py-2">
      <span className="shrink-0 text-xs text-faint" aria-hidden>
        Sort by
      </span>
      <Select
        aria-label="Sort by"
        value={sort ?? ''}
        options={[{ value: '', label: 'as they come' }, ...options]}
        onChange={(next) => onSort(next === '' ? undefined : next)}
      />
    </div>
  );
}
