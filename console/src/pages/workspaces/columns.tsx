import { Download, Trash2 } from 'lucide-react';
import type { WorkspaceEntry } from '../../../../src/contract/index.ts';
import { download } from '../../api/download.ts';
import { formatBytes, formatNumber } from '../../format/format.ts';
import { BudgetBar } from '../../ui/budget-bar.tsx';
import { IconButton } from '../../ui/button.tsx';
import type { Column } from '../../ui/data-table.tsx';
import { TimeText } from '../../ui/values.tsx';
import { isDeletable } from './delete-workspace.tsx';
import { kinds } from './kinds.ts';
import type { Quota } from './use-quota.ts';

interface ColumnOptions {
  readonly quota: Quota;
  /** Undefined: whoever is here may not. */
  readonly onDelete: ((workspace: WorkspaceEntry) => void) | undefined;
}

export function workspaceColumns({ quota, onDelete }: ColumnOptions): readonly Column<WorkspaceEntry>[] {
  return [
    {
      id: 'name',
      header: 'Name',
      width: 180,
      grow: 2,
      card: 'title',
      sortValue: ({ name }) => name,
      cell: ({ kind, name }) => {
        const Icon = kinds[kind].icon;
        return (
          <span className="flex min-w-0 items-center gap-2">
            <Icon className="size-4 shrink-0 text-faint" aria-hidden />
            <span className="truncate font-medium">{name}</span>
          </span>
        );
      },
    },
    {
      id: 'kind',
      header: 'Kind',
      width: 100,
      grow: 0,
      priority: 3,
      sortValue: ({ kind }) => kinds[kind].label,
      cell: ({ kind }) => <span className="text-muted">{kinds[kind].label}</span>,
    },
    {
      id: 'key',
      header: 'Key',
      width: 110,
      priority: 2,
      sortValue: ({ keyName, keyId }) => keyName ?? keyId,
      cell: ({ keyName, keyId }) => keyName ?? keyId ?? <span className="text-faint">–</span>,
    },
    {
      id: 'files',
      header: 'Files',
      width: quota.maxFiles === null ? 80 : 150,
      grow: quota.maxFiles === null ? 0 : 1,
      ...(quota.maxFiles === null && { align: 'right' }),
      priority: 1,
      sortValue: ({ files }) => files,
      cell: (one) => (
        <BudgetBar
          used={one.files}
          limit={quota.maxFiles}
          label={`Files of ${one.name}`}
          format={(count) => `${formatNumber(count)}${one.truncated && count === one.files ? '+' : ''}`}
        />
      ),
    },
    {
      id: 'bytes',
      header: 'Size',
      width: quota.maxBytes === null ? 90 : 170,
      grow: quota.maxBytes === null ? 0 : 1,
      ...(quota.maxBytes === null && { align: 'right' }),
      sortValue: ({ bytes }) => bytes,
      cell: (one) => (
        <BudgetBar
          used={one.bytes}
          limit={quota.maxBytes}
          label={`Size of ${one.name}`}
          format={(bytes) => `${formatBytes(bytes)}${one.truncated && bytes === one.bytes ? '+' : ''}`}
        />
      ),
    },
    {
      id: 'used',
      header: 'Last used',
      width: 100,
      grow: 0,
      align: 'right',
      sortValue: ({ lastUsedAt }) => lastUsedAt,
      cell: ({ lastUsedAt }) =>
        lastUsedAt === null ? (
          <span className="text-faint">not known</span>
        ) : (
          <TimeText at={lastUsedAt} className="relative z-10" />
        ),
    },
    {
      id: 'actions',
      header: '',
      width: 76,
      grow: 0,
      align: 'right',
      cell: (one) => (
        <span className="relative z-10 inline-flex">
          <IconButton
            size="sm"
            icon={Download}
            label={`Download ${one.name} as a zip`}
            onClick={() => download('archiveWorkspace', { params: { id: one.id } })}
          />
          {onDelete !== undefined && isDeletable(one) && (
            <IconButton size="sm" icon={Trash2} label={`Delete ${one.name}`} onClick={() => onDelete(one)} />
          )}
        </span>
      ),
    },
  ];
}
