import { getRouteApi } from '@tanstack/react-router';
import { KeyRound, Plus, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useApi } from '../../api/use-api.ts';
import { formatMoney, formatNumber } from '../../format/format.ts';
import { usePaletteActions } from '../../palette/palette-state.ts';
import { present, type SearchChange } from '../../search/read-search.ts';
import { useSession } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { SearchInput, Select } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { ViewsMenu } from '../../views/views-menu.tsx';
import { keyColumns } from './columns.tsx';
import { CreateKey } from './create-key.tsx';
import { exportKeys } from './export-keys.ts';
import { filterKeys } from './filter-keys.ts';
import type { IssuedKey } from './issued-key.ts';
import { knownTags } from './known-tags.ts';
import { keyStates, readKeysSearch } from './search.ts';
import { SecretDialog } from './secret-dialog.tsx';
import { useKeyChanges } from './use-key-changes.ts';
import { useTrends } from './use-trends.ts';

const route = getRouteApi('/keys');
const stateOptions = [
  { value: 'all', label: 'Every state' },
  { value: 'active', label: 'Active' },
  { value: 'inactive', label: 'Inactive' },
  { value: 'expired', label: 'Expired' },
] as const;
const noKeys: readonly never[] = [];

/** All keys with their limits and what they have used. */
export function KeysPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: SearchChange<typeof search>) =>
    void navigate({ search: (before) => present({ ...before, ...next }), replace: true });
  const { isAdmin } = useSession();
  const keys = useApi('listKeys', {}, { refetchInterval: 30_000 });
  useKeyChanges();
  const trends = useTrends();
  const [issued, setIssued] = useState<IssuedKey>();
  const all = keys.data?.items ?? noKeys;
  const { text, state, tag } = search;
  const tags = useMemo(
    () => [...new Set([...knownTags(all), ...(tag === undefined ? [] : [tag])])],
    [all, tag],
  );
  const hasTags = tags.length > 0;
  const columns = useMemo(() => keyColumns(trends, hasTags), [trends, hasTags]);
  const shown = useMemo(() => filterKeys(all, present({ text, state, tag })), [all, text, state, tag]);
  const create = (): void => set({ create: true });
  usePaletteActions(
    isAdmin ? [{ id: 'new-key', label: 'New API key', icon: Plus, shortcut: 'n', run: create }] : [],
  );
  const newKey = isAdmin ? (
    <Button variant="primary" icon={Plus} onClick={create}>
      New key
    </Button>
  ) : undefined;

  return (
    <Page
      title="API keys"
      description="Who may call the API, and how much."
      actions={
        <>
          {all.length > 0 && <ExportMenu filename="api-keys" rows={() => exportKeys(shown)} />}
          {newKey}
        </>
      }
    >
      <Toolbar>
        <SearchInput label="Search keys" value={search.text ?? ''} onChange={(next) => set({ text: next })} />
        <Select
          aria-label="State"
          className="w-auto min-w-36 max-sm:flex-1"
          value={search.state ?? 'all'}
          options={stateOptions}
          onChange={(next) => set({ state: keyStates.find((one) => one === next) })}
        />
        {hasTags && (
          <Select
            aria-label="Tag"
            className="w-auto min-w-36 max-sm:flex-1"
            value={tag ?? ''}
            options={[{ value: '', label: 'Every tag' }, ...tags.map((one) => ({ value: one, label: one }))]}
            onChange={(next) => set({ tag: next === '' ? undefined : next })}
          />
        )}
        <ViewsMenu
          page="keys"
          search={search}
          read={readKeysSearch}
          passing={['create']}
          onSearch={(next, replace) => void navigate({ search: next, replace })}
        />
        <p className="ml-auto text-sm text-faint" aria-live="polite">
          {keys.data !== undefined &&
            summary(
              shown.length,
              all.length,
              shown.reduce((sum, { usage }) => sum + usage.costUsdThisMonth, 0),
            )}
        </p>
      </Toolbar>
      {keys.error !== null && keys.data === undefined ? (
        <ErrorState error={keys.error} onRetry={keys.refetch} title="The keys could not be loaded" />
      ) : (
        <DataTable
          label="API keys"
          columns={columns}
          rows={shown}
          rowId={({ id }) => id}
          rowLink={({ id }) => ({ to: '/keys/$id', params: { id } })}
          rowTone={(key) => (key.state === 'active' ? undefined : 'muted')}
          sort={search.sort}
          onSortChange={(sort) => set({ sort })}
          loading={keys.isPending}
          empty={
            all.length > 0 ? (
              <EmptyState
                icon={SearchX}
                title="No key fits"
                action={
                  <Button onClick={() => set({ text: undefined, state: undefined, tag: undefined })}>
                    Show all keys
                  </Button>
                }
              >
                Search looks at names, owners, tags, descriptions and prefixes.
              </EmptyState>
            ) : (
              <EmptyState icon={KeyRound} title="There are no keys yet" action={newKey}>
                {isAdmin
                  ? 'Make one for each person or program: limits, budgets and records are kept by key.'
                  : 'An admin can make one for each person or program.'}
              </EmptyState>
            )
          }
        />
      )}
      {isAdmin && (
        <CreateKey
          open={search.create === true}
          onClose={() => set({ create: undefined })}
          onIssued={setIssued}
        />
      )}
      {issued && <SecretDialog issued={issued} onDone={() => setIssued(undefined)} />}
    </Page>
  );
}

function summary(shown: number, all: number, cost: number): string {
  const count =
    shown === all
      ? `${formatNumber(all)} ${all === 1 ? 'key' : 'keys'}`
      : `${formatNumber(shown)} of ${formatNumber(all)} keys`;
  return `${count}, ${formatMoney(cost)} this month`;
}
