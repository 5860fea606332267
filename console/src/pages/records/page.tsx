import { getRouteApi } from '@tanstack/react-router';
import { ArrowUp, ListFilter, Pause, RefreshCw, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { scrollArea } from '../../layout/scroll-area.ts';
import { usePaletteActions } from '../../palette/palette-state.ts';
import { resolveRange } from '../../range/range.ts';
import { present } from '../../search/read-search.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { Chips } from './chips.tsx';
import { useColumnChoice } from './column-choice.ts';
import { columnChoices, columnsAtFirst, shownColumns } from './columns.tsx';
import { defaultRange } from './filter.ts';
import { FilterDrawer } from './filter-drawer.tsx';
import { Histogram } from './histogram.tsx';
import { ListFooter } from './list-footer.tsx';
import { RecordDrawer } from './record-drawer.tsx';
import type { RecordsSearch } from './search.ts';
import { RecordsToolbar } from './toolbar.tsx';
import { useRecords } from './use-records.ts';

const route = getRouteApi('/records');
const known = columnChoices.map(({ id }) => id);
/** Whoever has scrolled down further reads, and is not to be disturbed. */
const readsBelow = 400;

/** All requests, to be searched and watched. */
export function RecordsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [live, setLive] = useState(true);
  const [filtering, setFiltering] = useState(false);
  const [columns, showColumn, resetColumns] = useColumnChoice(known, columnsAtFirst);
  const { filter, query, rows, searchedTo, waiting, takeIn, refresh } = useRecords(
    search,
    live,
    () => (scrollArea()?.scrollTop ?? 0) > readsBelow,
  );

  const set = (change: object): void =>
    void navigate({ search: (before) => ({ ...before, ...change }), replace: true });
  const replace = (next: RecordsSearch): void => void navigate({ search: next, replace: true });
  const clear = (): void => replace(present({ range: search.range, view: search.view }));
  const shown = useMemo(
    () =>
      shownColumns(
        columns,
        ({ id }) => void navigate({ search: (before) => ({ ...before, peek: id }), replace: true }),
      ),
    [columns, navigate],
  );
  const showNew = (): void => {
    takeIn();
    scrollArea()?.scrollTo({ top: 0 });
  };
  usePaletteActions([
    {
      id: 'filters',
      label: 'Filter the requests',
      icon: ListFilter,
      shortcut: 'f',
      run: () => setFiltering(true),
    },
    {
      id: 'live',
      label: live ? 'Pause the live tail' : 'Resume the live tail',
      icon: Pause,
      shortcut: 'l',
      run: () => setLive(!live),
    },
    { id: 'refresh', label: 'Ask for the requests again', icon: RefreshCw, run: refresh },
  ]);

  const isFiltered = Object.keys(search).some((name) => !['range', 'peek', 'view'].includes(name));
  return (
    <Page title="Records" description="Every request to the API and every background run, newest first.">
      <div className="flex min-w-0 flex-col gap-3">
        <RecordsToolbar
          search={search}
          filter={filter}
          onChange={set}
          onView={(next, instead) => void navigate({ search: next, replace: instead })}
          onFilters={() => setFiltering(true)}
          live={live}
          onLive={(on) => {
            setLive(on);
            if (on) takeIn();
          }}
          columns={columns}
          onColumn={showColumn}
          onColumnsReset={resetColumns}
        />
        <Chips search={search} onChange={set} onClear={clear} />
      </div>
      <Histogram
        search={search}
        onRange={(range) => void navigate({ search: (before) => ({ ...before, range }) })}
      />
      <div className="relative min-w-0">
        <div aria-live="polite" className="pointer-events-none sticky top-11 z-30 flex h-0 justify-center">
          {waiting > 0 && (
            <Button
              variant="primary"
              size="sm"
              icon={ArrowUp}
              className="pointer-events-auto shadow-float"
              onClick={showNew}
            >
              {waiting === 1 ? '1 new request' : `${waiting} new requests`}
            </Button>
          )}
        </div>
        {query.error !== null && rows.length === 0 ? (
          <div className="rounded-lg border border-line bg-surface">
            <ErrorState error={query.error} onRetry={query.refetch} />
          </div>
        ) : (
          <DataTable
            label="Requests"
            columns={shown}
            rows={rows}
            rowId={({ id }) => id}
            rowLink={({ id }) => ({ to: '/records/$id', params: { id } })}
            rowTone={({ status }) => (status >= 500 ? 'danger' : undefined)}
            loading={query.isPending}
            empty={
              searchedTo !== null ? null : (
                <EmptyState
                  icon={SearchX}
                  title={isFiltered ? 'No request fits' : 'No requests in this range'}
                  action={
                    isFiltered ? (
                      <Button onClick={clear}>Clear the filters</Button>
                    ) : (
                      <Button onClick={() => set({ range: '30d' })}>Show the last 30 days</Button>
                    )
                  }
                >
                  {isFiltered
                    ? 'Take a filter away, or choose a longer range.'
                    : 'Choose a longer range, or send a first request.'}
                </EmptyState>
              )
            }
            footer={
              <ListFooter
                shown={rows.length}
                hasMore={query.hasNextPage}
                loading={query.isFetchingNextPage}
                failed={query.isFetchNextPageError}
                onLoad={query.fetchNextPage}
                searchedTo={searchedTo}
              />
            }
          />
        )}
      </div>
      {filtering && (
        <FilterDrawer
          search={search}
          span={resolveRange(search.range ?? defaultRange, Date.now())}
          onClose={() => setFiltering(false)}
          onApply={(next) => {
            setFiltering(false);
            replace(next);
          }}
        />
      )}
      {search.peek !== undefined && (
        <RecordDrawer id={search.peek} rows={rows} onShow={(id) => set({ peek: id })} />
      )}
    </Page>
  );
}
