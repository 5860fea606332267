import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { BookOpenText, Plus, SearchX } from 'lucide-react';
import { useMemo } from 'react';
import { useApi } from '../../api/use-api.ts';
import { usePaletteActions } from '../../palette/palette-state.ts';
import { present, type SearchChange } from '../../search/read-search.ts';
import { useSession } from '../../session/use-session.ts';
import { Button, buttonStyle } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { profileColumns } from './columns.tsx';

const route = getRouteApi('/profiles');
const none: readonly never[] = [];

/** The profiles that clients choose among. */
export function ProfilesPage() {
  const search = route.useSearch();
  const change = route.useNavigate();
  const set = (next: SearchChange<typeof search>) =>
    void change({ search: (before) => present({ ...before, ...next }), replace: true });
  const navigate = useNavigate();
  const { isAdmin } = useSession();
  const { data, error, isPending, refetch } = useApi('listProfiles', {}, { refetchInterval: 30_000 });
  const columns = useMemo(() => profileColumns(isAdmin), [isAdmin]);
  const all = data?.items ?? none;
  const text = search.text?.toLowerCase() ?? '';
  const shown = useMemo(
    () => all.filter(({ name, description }) => `${name}\n${description}`.toLowerCase().includes(text)),
    [all, text],
  );
  const make = () => void navigate({ to: '/profiles/$name', params: { name: 'new' } });
  usePaletteActions(
    isAdmin ? [{ id: 'new-profile', label: 'New profile', icon: Plus, shortcut: 'n', run: make }] : [],
  );
  return (
    <Page
      title="Profiles"
      description="What an agent is made of: model, prompt, tools and permissions. Clients choose one by its name, as a model."
      actions={
        isAdmin && (
          <Link to="/profiles/$name" params={{ name: 'new' }} className={buttonStyle({ variant: 'primary' })}>
            <Plus className="size-4" aria-hidden />
            New profile
          </Link>
        )
      }
    >
      <Toolbar>
        <SearchInput
          label="Search profiles"
          value={search.text ?? ''}
          onChange={(next) => set({ text: next })}
        />
      </Toolbar>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={refetch} title="The profiles could not be loaded" />
      ) : (
        <DataTable
          label="Profiles"
          columns={columns}
          rows={shown}
          rowId={({ name }) => name}
          rowLink={({ name }) => ({ to: '/profiles/$name', params: { name } })}
          sort={search.sort}
          onSortChange={(sort) => set({ sort })}
          loading={isPending}
          empty={
            text === '' ? (
              <EmptyState icon={BookOpenText} title="There are no profiles" />
            ) : (
              <EmptyState
                icon={SearchX}
                title="No profile fits"
                action={<Button onClick={() => set({ text: undefined })}>Show all profiles</Button>}
              />
            )
          }
        />
      )}
    </Page>
  );
}
