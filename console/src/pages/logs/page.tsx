import { getRouteApi, Link } from '@tanstack/react-router';
import { Download, Pause, Play, SlidersHorizontal, SquareTerminal, Trash2 } from 'lucide-react';
import { useMemo } from 'react';
import { saveText } from '../../api/download.ts';
import { formatNumber } from '../../format/format.ts';
import { usePaletteActions } from '../../palette/palette-state.ts';
import { present, type SearchChange } from '../../search/read-search.ts';
import { Button, buttonStyle } from '../../ui/button.tsx';
import { SearchInput, Select } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx';
import { ViewsMenu } from '../../views/views-menu.tsx';
import type { LogView } from './log-buffer.ts';
import { LogList } from './log-list.tsx';
import { fitsFilter, levelNames } from './log-row.ts';
import { readLogsSearch } from './search.ts';
import { useLogView } from './use-log-view.ts';

const route = getRouteApi('/admin/logs');
const levelOptions = [
  { value: 'all', label: 'Every level' },
  { value: 'debug', label: 'Debug and above' },
  { value: 'info', label: 'Info and above' },
  { value: 'warn', label: 'Warnings and above' },
  { value: 'error', label: 'Errors only' },
] as const;

export function LogsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: SearchChange<typeof search>) =>
    void navigate({ search: (before) => present({ ...before, ...next }), replace: true });
  const { buffer, tail, view } = useLogView();
  const { text, level } = search;
  const filtered = text !== undefined || level !== undefined;
  const rows = useMemo(
    () => (filtered ? view.rows.filter((row) => fitsFilter(row, level, text)) : view.rows),
    [view.rows, level, text, filtered],
  );
  const togglePause = (): void => (view.paused ? buffer.resume() : buffer.pause());
  usePaletteActions([
    {
      id: 'pause-logs',
      label: view.paused ? 'Resume the log' : 'Pause the log',
      icon: view.paused ? Play : Pause,
      shortcut: 'p',
      run: togglePause,
    },
  ]);
  return (
    <Page
      title="Logs"
      description="What the server writes, as it does. The last 500 lines are there at once; 5,000 are kept on this page."
      actions={
        <>
          <Button
            icon={Download}
            disabled={rows.length === 0}
            onClick={() =>
              saveText('log.jsonl', rows.map(({ json }) => `${json}\n`).join(''), 'application/x-ndjson')
            }
          >
            Save lines
          </Button>
          <Link to="/settings" search={{ text: 'LOG_LEVEL' }} className={buttonStyle()}>
            <SlidersHorizontal className="size-4" aria-hidden />
            Log level
          </Link>
        </>
      }
    >
      <Toolbar>
        <SearchInput
          label="Search lines"
          value={text ?? ''}
          onChange={(next) => set({ text: next === '' ? undefined : next })}
        />
        <Select
          aria-label="Level"
          className="w-auto min-w-40 max-sm:flex-1"
          value={level === 'trace' || level === undefined ? 'all' : level === 'fatal' ? 'error' : level}
          options={levelOptions}
          onChange={(next) => set({ level: levelNames.find((one) => one === next) })}
        />
        <ViewsMenu
          page="logs"
          search={search}
          read={readLogsSearch}
          onSearch={(next, replace) => void navigate({ search: next, replace })}
        />
        <Button
          variant={view.paused ? 'primary' : 'secondary'}
          icon={view.paused ? Play : Pause}
          onClick={togglePause}
        >
          {view.paused ? 'Resume' : 'Pause'}
        </Button>
        <Button icon={Trash2} disabled={view.rows.length + view.waiting === 0} onClick={() => buffer.clear()}>
          Clear
        </Button>
        <Counts view={view} shown={rows.length} />
      </Toolbar>
      <section
        aria-label="Log"
        className="flex h-[calc(100dvh-15rem)] min-h-80 flex-col overflow-hidden rounded-lg border border-line bg-sunken"
      >
        {rows.length > 0 ? (
          <LogList rows={rows} />
        ) : tail.error !== null ? (
          <ErrorState error={tail.error} onRetry={tail.refetch} title="The log could not be loaded" />
        ) : tail.isPending ? (
          <SkeletonRows rows={10} label="Loading the log" />
        ) : (
          <EmptyState icon={SquareTerminal} title={filtered ? 'No line fits' : 'No lines yet'}>
            {filtered
              ? 'Take a filter away, or wait: lines that fit appear as they are written.'
              : 'They appear as they are written. With the log level at debug, each step of a run is logged.'}
          </EmptyState>
        )}
      </section>
    </Page>
  );
}

function Counts({ view, shown }: { readonly view: LogView; readonly shown: number }) {
  return (
    <p className="ml-auto flex flex-wrap gap-x-3 text-sm text-faint">
      {view.paused && (
        <span role="status" className="font-medium text-accent">
          Paused · {formatNumber(view.waiting)} new
        </span>
      )}
      {view.dropped > 0 && (
        <span className="text-warn" title="Too many for the live view, or more than the page keeps">
          {formatNumber(view.dropped)} dropped
        </span>
      )}
      <span>
        {formatNumber(shown)} of {formatNumber(view.rows.length)} lines
      </span>
    </p>
  );
}
