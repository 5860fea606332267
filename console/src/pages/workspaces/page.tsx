import { getRouteApi } from '@tanstack/react-router';
import { FolderTree, SearchX } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { WorkspaceEntry } from '../../../../src/contract/index.ts';
import { useApi } from '../../api/use-api.ts';
import { formatBytes, formatNumber } from '../../format/format.ts';
import { present } from '../../search/read-search.ts';
import { useSession } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { DataTable } from '../../ui/data-table.tsx';
import { ExportMenu } from '../../ui/export-menu.tsx';
import { SearchInput, Select } from '../../ui/input.tsx';
import { Page, Toolbar } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { ViewsMenu } from '../../views/views-menu.tsx';
import { workspaceColumns } from './columns.tsx';
import { DeleteWorkspace } from './delete-workspace.tsx';
import { filterWorkspaces } from './filter-workspaces.ts';
import { kinds } from './kinds.ts';
import { readWorkspacesSearch, workspaceKinds } from './search.ts';
import { useQuota } from './use-quota.ts';

const route = getRouteApi('/workspaces');
const none: readonly never[] = [];
const kindOptions = [
  { value: 'all', label: 'Every kind' },
  ...workspaceKinds.map((kind) => ({ value: kind, label: kinds[kind].label })),
];

/** The directories that agents work in, and what they take. */
export function WorkspacesPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const set = (next: { [Key in keyof typeof search]?: (typeof search)[Key] | undefined }): void =>
    void navigate({ search: (before) => present({ ...before, ...next }), replace: true });
  const { isAdmin } = useSession();
  const { data, error, isPending, refetch } = useApi('listWorkspaces', {}, { refetchInterval: 60_000 });
  const { maxBytes, maxFiles } = useQuota();
  const [deleting, setDeleting] = useState<WorkspaceEntry>();
  const columns = useMemo(
    () => workspaceColumns({ quota: { maxBytes, maxFiles }, onDelete: isAdmin ? setDeleting : undefined }),
    [maxBytes, maxFiles, isAdmin],
  );
  const all = data?.items ?? none;
  const { text, kind } = search;
  const shown = useMemo(
    () => filterWorkspaces(all, { ...(text !== undefined && { text }), ...(kind !== undefined && { kind }) }),
    [all, text, kind],
  );
  return (
    <Page
      title="Workspaces"
      description="The directories that agents work in, and what they hold."
      actions={
        all.length > 0 && <ExportMenu filename="workspaces" rows={() => shown.map((one) => ({ ...one }))} />
      }
    >
      <Toolbar>
        <SearchInput label="Search workspaces" value={text ?? ''} onChange={(next) => set({ text: next })} />
        <Select
          aria-label="Kind"
          className="w-auto min-w-36 max-sm:flex-1"
          value={kind ?? 'all'}
          options={kindOptions}
          onChange={(next) => set({ kind: workspaceKinds.find((one) => one === next) })}
        />
        <ViewsMenu
          page="workspaces"
          search={search}
          read={readWorkspacesSearch}
          onSearch={(next, replace) => void navigate({ search: next, replace })}
        />
        <p className="ml-auto text-sm text-faint" aria-live="polite">
          {data !== undefined && summary(shown, all.length)}
        </p>
      </Toolbar>
      {error !== null && data === undefined ? (
        <ErrorState error={error} onRetry={refetch} title="The workspaces could not be loaded" />
      ) : (
        <DataTable
          label="Workspaces"
          columns={columns}
          rows={shown}
          rowId={({ id }) => id}
          rowLink={({ id }) => ({ to: '/workspaces/$id', params: { id } })}
          sort={search.sort}
          onSortChange={(sort) => set({ sort })}
          loading={isPending}
          empty={
            all.length > 0 ? (
              <EmptyState
                icon={SearchX}
                title="No workspace fits"
                action={
                  <Button onClick={() => set({ text: undefined, kind: undefined })}>
                    Show all workspaces
                  </Button>
                }
              >
                Search looks at names, keys and ids.
              </EmptyState>
            ) : (
              <EmptyState icon={FolderTree} title="There are no workspaces yet">
                The first run of an agent makes one: try it in the playground.
              </EmptyState>
            )
          }
        />
      )}
      <DeleteWorkspace workspace={deleting} onClose={() => setDeleting(undefined)} />
    </Page>
  );
}

function summary(shown: readonly WorkspaceEntry[], all: number): string {
  const bytes = shown.reduce((sum, one) => sum + one.bytes, 0);
  const count = formatNumber(shown.length);
  const noun = all === 1 ? 'workspace' : 'workspaces';
  return `${shown.length === all ? count : `${count} of ${formatNumber(all)}`} ${noun}, ${formatBytes(bytes)}`;
}
