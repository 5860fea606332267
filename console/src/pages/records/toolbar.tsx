import { Columns3, Download, ListFilter, Pause, Play } from 'lucide-react';
import { download } from '../../api/download.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { SearchInput, Select } from '../../ui/input.tsx';
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuSeparator } from '../../ui/menu.tsx';
import { Toolbar } from '../../ui/page.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { ViewsMenu } from '../../views/views-menu.tsx';
import { columnChoices } from './columns.tsx';
import { defaultRange, type Filter } from './filter.ts';
import { type RecordsSearch, readRecordsSearch } from './search.ts';

interface RecordsToolbarProps {
  readonly search: RecordsSearch;
  readonly filter: Filter;
  readonly onChange: (
    change: Partial<RecordsSearch> | { readonly [Key in keyof RecordsSearch]?: undefined },
  ) => void;
  /** A saved view is opened or left; `instead`: in place of the address so far. */
  readonly onView: (search: RecordsSearch, instead: boolean) => void;
  readonly onFilters: () => void;
  readonly live: boolean;
  readonly onLive: (live: boolean) => void;
  readonly columns: ReadonlySet<string>;
  readonly onColumn: (id: string, shown: boolean) => void;
  readonly onColumnsReset: () => void;
}

const statuses = [
  { value: '', label: 'Any status' },
  { value: 'ok', label: 'Succeeded' },
  { value: 'error', label: 'Failed' },
  { value: '400', label: '400 Bad request' },
  { value: '401', label: '401 No valid key' },
  { value: '403', label: '403 Not allowed' },
  { value: '404', label: '404 Not found' },
  { value: '429', label: '429 Limit reached' },
  { value: '499', label: '499 Ended early' },
  { value: '500', label: '500 Server error' },
  { value: '502', label: '502 Upstream error' },
  { value: '503', label: '503 Overloaded' },
];

/** The filters that are used most, and what else can be done with the list. */
export function RecordsToolbar(props: RecordsToolbarProps) {
  const { search, filter, onChange, onView, onFilters, live, onLive, columns, onColumn, onColumnsReset } =
    props;
  const status = search.status?.toString() ?? '';
  const options = statuses.some(({ value }) => value === status)
    ? statuses
    : [...statuses, { value: status, label: status }];
  const exported = (format: 'csv' | 'jsonl') => (): void =>
    download('exportRecords', { query: { ...filter, format } });
  return (
    <Toolbar>
      <SearchInput
        label="Find in ids, errors, models, files"
        value={search.text ?? ''}
        onChange={(text) => onChange({ text: text === '' ? undefined : text })}
        pauseMs={300}
        maxLength={200}
        className="sm:w-72"
      />
      <Select
        aria-label="Status"
        className="w-auto max-sm:min-w-40 max-sm:flex-1"
        value={status}
        options={options}
        onChange={(next) => onChange({ status: statusOf(next) })}
      />
      <Button icon={ListFilter} onClick={onFilters}>
        Filters
      </Button>
      <RangePicker value={search.range ?? defaultRange} onChange={(range) => onChange({ range })} />
      <ViewsMenu
        page="records"
        search={search}
        read={readRecordsSearch}
        passing={['peek']}
        onSearch={onView}
      />
      <span className="flex flex-wrap items-center gap-2 sm:ml-auto">
        <Button
          icon={live ? Pause : Play}
          aria-pressed={live}
          aria-label={live ? 'Live: pause the live tail' : 'Paused: resume the live tail'}
          onClick={() => onLive(!live)}
        >
          {live ? 'Live' : 'Paused'}
        </Button>
        <Menu trigger={<IconButton icon={Columns3} label="Columns" variant="secondary" />}>
          <MenuLabel>Columns</MenuLabel>
          {columnChoices.map(({ id, label }) => (
            <MenuCheck key={id} checked={columns.has(id)} onChange={(shown) => onColumn(id, shown)}>
              {label}
            </MenuCheck>
          ))}
          <MenuSeparator />
          <MenuItem onSelect={onColumnsReset}>As they were at first</MenuItem>
        </Menu>
        <Menu trigger={<Button icon={Download}>Export</Button>}>
          <MenuLabel>All requests that fit</MenuLabel>
          <MenuItem onSelect={exported('csv')}>CSV</MenuItem>
          <MenuItem onSelect={exported('jsonl')}>JSON, one object a line</MenuItem>
        </Menu>
      </span>
    </Toolbar>
  );
}

function statusOf(text: string): RecordsSearch['status'] {
  if (text === '') return undefined;
  return text === 'ok' || text === 'error' ? text : Number(text);
}
