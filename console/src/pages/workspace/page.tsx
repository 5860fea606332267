import { getRouteApi } from '@tanstack/react-router';
import { Download, FolderOpen, SearchX, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { WorkspaceFileEntry } from '../../../../src/contract/index.ts';
import { download } from '../../api/download.ts';
import { useApi } from '../../api/use-api.ts';
import { useChange } from '../../api/use-change.ts';
import { formatBytes, formatNumber } from '../../format/format.ts';
import { present } from '../../search/read-search.ts';
import { useSession } from '../../session/use-session.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { DataTable } from '../../ui/data-table.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { SearchInput } from '../../ui/input.tsx';
import { Page } from '../../ui/page.tsx';
import { EmptyState, ErrorState } from '../../ui/states.tsx';
import { DeleteWorkspace, isDeletable } from '../workspaces/delete-workspace.tsx';
import { kinds } from '../workspaces/kinds.ts';
import { Breadcrumbs } from './breadcrumbs.tsx';
import { parentOf } from './crumbs.ts';
import { compactFileColumns, fileColumns } from './file-columns.tsx';
import { FilePanel } from './file-panel.tsx';

const route = getRouteApi('/workspaces/$id');
const none: readonly never[] = [];

/** The files of one workspace, to look at, to save and to delete. */
export function WorkspacePage() {
  const { id } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { isAdmin } = useSession();
  const { file: shown, text } = search;
  const path = search.path ?? parentOf(shown ?? '');
  const workspaces = useApi('listWorkspaces', {}, { staleTime: 30_000 });
  const workspace = workspaces.data?.items.find((one) => one.id === id);
  const files = useApi(
    'listWorkspaceFiles',
    { params: { id }, query: { path } },
    { refetchInterval: 30_000 },
  );
  const [deleting, setDeleting] = useState<WorkspaceFileEntry>();
  const [deletingAll, setDeletingAll] = useState(false);
  const remove = useChange('deleteWorkspaceFile', {
    invalidates: ['listWorkspaceFiles', 'listWorkspaces'],
    success: (_, { query }) => `${query.path} was deleted`,
    errorToast: false,
  });
  const set = (
    next: { [Key in keyof typeof search]?: (typeof search)[Key] | undefined },
    replace = true,
  ): void => void navigate({ search: (before) => present({ ...before, ...next }), replace });

  const all = files.data?.items ?? none;
  const rows = useMemo(() => {
    const words = (text ?? '').toLowerCase().trim();
    return words === '' ? all : all.filter(({ name }) => name.toLowerCase().includes(words));
  }, [all, text]);
  const opened = all.find((one) => one.path === shown);
  // Beside an open file, and on phones, there is no room for columns.
  const compact = opened !== undefined || window.matchMedia('(width < 44rem)').matches;
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // On a narrow page the file is below the list.
    if (shown !== undefined && window.matchMedia('(width < 64rem)').matches)
      panel.current?.scrollIntoView({ block: 'start' });
  }, [shown]);

  const name = workspace?.name ?? 'Workspace';
  const kind = workspace === undefined ? undefined : kinds[workspace.kind];
  return (
    <Page
      title={name}
      back={{ label: 'Workspaces', link: { to: '/workspaces' } }}
      description={
        workspace !== undefined &&
        kind !== undefined && (
          <>
            {kind.about} {formatNumber(workspace.files)}
            {workspace.truncated && '+'} {workspace.files === 1 ? 'file' : 'files'},{' '}
            {formatBytes(workspace.bytes)}.
          </>
        )
      }
      actions={
        <>
          <Button icon={Download} onClick={() => download('archiveWorkspace', { params: { id } })}>
            Download all
          </Button>
          {isAdmin && workspace !== undefined && isDeletable(workspace) && (
            <Button icon={Trash2} variant="dangerQuiet" onClick={() => setDeletingAll(true)}>
              Delete
            </Button>
          )}
        </>
      }
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Breadcrumbs id={id} top={name} path={path} />
        <SearchInput
          label="Find in this directory"
          value={text ?? ''}
          onChange={(next) => set({ text: next })}
        />
      </div>
      <div
        className={cx(
          'grid min-w-0 items-start gap-4',
          opened !== undefined && 'lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]',
        )}
      >
        {files.error !== null && files.data === undefined ? (
          <ErrorState error={files.error} onRetry={files.refetch} title="The directory could not be loaded" />
        ) : (
          <DataTable
            label={path === '' ? 'Files' : `Files in ${path}`}
            columns={compact ? compactFileColumns : fileColumns}
            rows={rows}
            rowId={(one) => one.path}
            onRowClick={(one) => {
              if (one.type === 'directory') void navigate({ search: { path: one.path } });
              else if (one.type === 'file') set({ file: one.path, view: undefined }, shown !== undefined);
            }}
            rowTone={(one) => (one.type === 'link' || one.type === 'other' ? 'muted' : undefined)}
            sort={search.sort}
            onSortChange={(sort) => set({ sort })}
            loading={files.isPending}
            empty={
              text === undefined ? (
                <EmptyState icon={FolderOpen} title="Nothing is in here">
                  What an agent leaves in its workspace appears here.
                </EmptyState>
              ) : (
                <EmptyState
                  icon={SearchX}
                  title="No name fits"
                  action={<Button onClick={() => set({ text: undefined })}>Show all</Button>}
                />
              )
            }
            footer={
              files.data?.truncated === true && (
                <p className="border-t border-line px-4 py-2 text-xs text-faint">
                  {formatNumber(all.length)} are listed; there are more. Download all to have them.
                </p>
              )
            }
          />
        )}
        {opened !== undefined && (
          <div ref={panel} className="min-w-0 scroll-mt-4 lg:sticky lg:top-4">
            <FilePanel
              id={id}
              file={opened}
              rendered={search.view === 'rendered'}
              onRenderedChange={(rendered) => set({ view: rendered ? 'rendered' : undefined })}
              onClose={() => set({ file: undefined, view: undefined })}
              onDelete={isAdmin ? () => setDeleting(opened) : undefined}
            />
          </div>
        )}
      </div>
      {shown !== undefined && opened === undefined && files.data !== undefined && (
        <p className="text-sm text-muted" role="status">
          {shown} is not in this directory any more.
        </p>
      )}
      <ConfirmDialog
        open={deleting !== undefined}
        onOpenChange={(open) => !open && setDeleting(undefined)}
        title={`Delete “${deleting?.name}”?`}
        description={`${deleting?.path} (${formatBytes(deleting?.bytes)}) is gone from the workspace for good.`}
        action="Delete file"
        onConfirm={async () => {
          await remove.mutateAsync({ params: { id }, query: { path: deleting?.path ?? '' } });
          set({ file: undefined, view: undefined });
        }}
      />
      <DeleteWorkspace
        workspace={deletingAll ? workspace : undefined}
        onClose={() => setDeletingAll(false)}
        onDeleted={() => void navigate({ to: '/workspaces' })}
      />
    </Page>
  );
}
