import { getRouteApi } from '@tanstack/react-router';
import { RefreshCw, ScrollText, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import type { AuditEntry } from '../../../../src/contract/index.ts';
import { useApi, useApiPages } from '../../api/use-api.ts';
import { isPreset, resolveRange } from '../../range/range.ts';
import { present, type SearchChange } from '../../search/read-search.ts';
import { Button } from '../../ui/button.tsx';
import { type Column, DataTable } from '../../ui/data-table.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { SearchInput, Select } from '../../ui/input.tsx';
import { LoadMore } from '../../ui/load-more.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { RangePicker } from '../../ui/range-picker.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { TimeText } from '../../ui/values.tsx';
import { ViewsMenu } from '../../views/views-menu.tsx';
import { auditActions, describeEntry, isWarning } from './describe-entry.ts';
import { EntryDrawer } from './entry-drawer.tsx';
import { exportEntries, filterEntries } from './export-entries.ts';
import { readAuditSearch } from './search.ts';

const route = getRouteApi('/admin/audit');
const usualRange = '90d';
const any = '';

const columns: readonly Column<AuditEntry>[] = [
  {
    id: 'what',
    header: 'What',
    width: 260,
    grow: 4,
    card: 'title',
    cell: (entry) => (
      <span className="inline-flex max-w-full items-center gap-1.5 align-top">
        {isWarning(entry) && (
          <TriangleAlert className="size-3.5 shrink-0 text-warn" aria-label="Warning" role="img" />
        )}
        <span className="truncate">{describeEntry(entry)}</span>
      </span>
    ),
  },
  { id: 'actor', header: 'Who', width: 110, cell: ({ actor }) => actor },
  {
    id: 'address',
    header: 'From',
    width: 120,
    priority: 2,
    cell: ({ address }) => <span className="text-muted">{address ?? 'this machine'}</span>,
  },
  {
    id: 'action',
    header: 'Action',
    width: 160,
    priority: 1,
    card: 'hidden',
    cell: ({ action }) => <code className="font-mono text-xs text-faint">{action}</code>,
  },
  { id: 'at', header: 'When', width: 110, grow: 0, align: 'right', cell: ({ at }) => <TimeText at={at} /> },
];

export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: SearchChange<typeof search>) =>
    void navigate({ search: (before) => present({ ...before, ...next }), replace: true });
  const { action, actor, text, range = usualRange } = search;
  // Without an end: what happens from now on is to be there after a refresh.
  const span = useMemo(() => {
    const { from, to } = resolveRange(range, Date.now());
    return { from: Math.round(from), ...(!isPreset(range) && { to: Math.round(to) }) };
  }, [range]);
  const list = useApiPages(
    'listAudit',
    { query: { action, actor, limit: 100, ...span } },
    { keepPrevious: true, staleTime: 0 },
  );
  const shown = useMemo(() => filterEntries(list.items, text), [list.items, text]);
  const filtered = [action, actor, search.range, text].some((one) => one !== undefined);
  const opened =
    search.entry === undefined ? undefined : list.items.find(({ id }) => String(id) === search.entry);

  return (
    <Page
      title="Audit"
      description="What was done to the server, and by whom."
      actions={
        <>
          <Button icon={RefreshCw} busy={list.isRefetching} onClick={() => void list.refetch()}>
            Refresh
          </Button>
          {shown.length > 0 && <ExportMenu filename="audit" rows={() => exportEntries(shown)} />}
        </>
      }
    >
      <Toolbar>
        <SearchInput
          label="Search loaded entries"
          value={text ?? ''}
          onChange={(next) => set({ text: next === '' ? undefined : next })}
        />
        <Select
          aria-label="Action"
          className="w-auto min-w-40 max-sm:flex-1"
          value={action ?? any}
          options={actionOptions(action)}
          onChange={(next) => set({ action: next === any ? undefined : next })}
        />
        <ActorSelect value={actor} seen={list.items} onChange={(next) => set({ actor: next })} />
        <RangePicker value={range} onChange={(next) => set({ range: next })} />
        <ViewsMenu
          page="audit"
          search={search}
          read={readAuditSearch}
          passing={['entry']}
          onSearch={(next, replace) => void navigate({ search: next, replace })}
        />
        {filtered && (
          <Button
            variant="ghost"
            onClick={() => set({ action: undefined, actor: undefined, range: undefined, text: undefined })}
          >
            Clear filters
          </Button>
        )}
      </Toolbar>
      {list.error !== null && list.items.length === 0 ? (
        <ErrorState error={list.error} onRetry={list.refetch} title="The audit could not be loaded" />
      ) : (
        <DataTable
          label="Audit entries"
          columns={columns}
          rows={shown}
          rowId={({ id }) => String(id)}
          onRowClick={({ id }) => set({ entry: String(id) })}
          loading={list.isPending}
          empty={
            <EmptyState
              icon={ScrollText}
              title={filtered ? 'Nothing fits these filters' : 'Nothing was done yet'}
            >
              {filtered
                ? 'Choose a longer range, or take a filter away. The search looks through what is loaded only.'
                : 'Sign-ins, and changes of keys, users, settings and profiles are kept here.'}
            </EmptyState>
          }
          footer={
            <LoadMore
              hasMore={list.hasNextPage}
              loading={list.isFetchingNextPage}
              failed={list.isFetchNextPageError}
              onLoad={list.fetchNextPage}
              shown={list.items.length}
              nouns={['entry', 'entries']}
            />
          }
        />
      )}
      <EntryDrawer entry={opened} onClose={() => set({ entry: undefined })} />
    </Page>
  );
}

function actionOptions(chosen: string | undefined) {
  const known = auditActions.map(([value, label]) => ({ value: value as string, label: label as string }));
  const other = chosen === undefined || known.some(({ value }) => value === chosen) ? [] : [chosen];
  return [
    { value: any, label: 'Every action' },
    ...known,
    ...other.map((value) => ({ value, label: value })),
  ];
}

interface ActorSelectProps {
  readonly value: string | undefined;
  readonly seen: readonly AuditEntry[];
  readonly onChange: (actor: string | undefined) => void;
}

/** Users there are, and those whose traces are left. */
function ActorSelect({ value, seen, onChange }: ActorSelectProps) {
  const users = useApi('listUsers', {}, { staleTime: 60_000 });
  const names = new Set([
    ...(users.data?.items.map(({ username }) => username) ?? []),
    ...seen.map(({ actor }) => actor),
    'command line',
    'not signed in',
    ...(value === undefined ? [] : [value]),
  ]);
  return (
    <Select
      aria-label="Who"
      className="w-auto min-w-32 max-sm:flex-1"
      value={value ?? any}
      options={[
        { value: any, label: 'Everybody' },
        ...[...names].sort().map((name) => ({ value: name, label: name })),
      ]}
      onChange={(next) => onChange(next === any ? undefined : next)}
    />
  );
}
