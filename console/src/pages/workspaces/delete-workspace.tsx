import type { WorkspaceEntry } from '../../../../src/contract/index.ts';
import { useChange } from '../../api/use-change.ts';
import { formatBytes, formatNumber } from '../../format/format.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';

interface DeleteWorkspaceProps {
  /** Undefined: closed. */
  readonly workspace: WorkspaceEntry | undefined;
  readonly onClose: () => void;
  readonly onDeleted?: () => void;
}

/** Whether a workspace can be deleted at all. */
export function isDeletable({ kind }: Pick<WorkspaceEntry, 'kind'>): boolean {
  return kind !== 'shared';
}

/** Asks before all files of a workspace are gone. */
export function DeleteWorkspace({ workspace, onClose, onDeleted }: DeleteWorkspaceProps) {
  const remove = useChange('deleteWorkspace', {
    invalidates: ['listWorkspaces'],
    success: 'The workspace was deleted',
    errorToast: false,
  });
  if (workspace === undefined) return null;
  const { id, name, files, bytes } = workspace;
  const count = `${formatNumber(files)} ${files === 1 ? 'file' : 'files'}`;
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Delete the workspace “${name}”?`}
      description={`${files === 0 ? 'It is empty.' : `${count}, ${formatBytes(bytes)}, are gone for good.`} The next run that needs it begins in an empty one. It is refused while a run works there.`}
      action="Delete workspace"
      onConfirm={async () => {
        await remove.mutateAsync({ params: { id } });
        onDeleted?.();
      }}
    />
  );
}
