import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../api/call.ts';
import { errorMessage } from '../../../api/console-error.ts';
import { useChange } from '../../../api/use-change.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorState, SkeletonRows } from '../../../ui/states.tsx';

interface RollBackDialogProps {
  readonly id: string;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

/** Says first what would be put back, or why nothing can be; then does it. */
export function RollBackDialog({ id, open, onOpenChange }: RollBackDialogProps) {
  const [error, setError] = useState<string>();
  const params = { id };
  const trial = useQuery({
    queryKey: ['rollBackRun', 'trial', id],
    queryFn: () => call('rollBackRun', { params, body: { dryRun: true } }),
    enabled: open,
    staleTime: 0,
    gcTime: 0,
  });
  const rollBack = useChange('rollBackRun', {
    invalidates: ['listWorkspaceFiles'],
    errorToast: false,
    success: ({ files }) =>
      files.length === 1 ? '1 file was put back' : `${files.length} files were put back`,
  });
  const confirm = async (): Promise<void> => {
    setError(undefined);
    try {
      const done = await rollBack.mutateAsync({ params, body: { dryRun: false } });
      if (done.reason === null) onOpenChange(false);
      else setError(done.reason);
    } catch (failure) {
      setError(errorMessage(failure));
    }
  };
  const files = trial.data?.files ?? [];
  const reason = trial.data?.reason ?? null;
  const nothing = trial.data !== undefined && reason === null && files.length === 0;
  const possible = trial.data !== undefined && reason === null && files.length > 0;
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !rollBack.isPending && onOpenChange(next)}
      title="Roll back the file changes?"
      description="Files that this run’s file tools wrote go back to what they were before it. What its shell commands did stays. This cannot be taken back."
      footer={
        <>
          <Button onClick={() => onOpenChange(false)} disabled={rollBack.isPending}>
            {possible ? 'Cancel' : 'Close'}
          </Button>
          {possible && (
            <Button variant="danger" busy={rollBack.isPending} onClick={() => void confirm()}>
              {files.length === 1 ? 'Put 1 file back' : `Put ${files.length} files back`}
            </Button>
          )}
        </>
      }
    >
      {trial.isPending && <SkeletonRows rows={3} label="Looking what can be put back" />}
      {trial.error !== null && (
        <ErrorState
          error={trial.error}
          onRetry={trial.refetch}
          title="Nothing can be rolled back"
          className="py-4"
        />
      )}
      {reason !== null && <p className="text-sm text-warn">{reason}</p>}
      {nothing && <p className="text-sm text-muted">All of its files are as they were before it already.</p>}
      {possible && (
        <ul
          aria-label="Files that are put back"
          className="max-h-64 overflow-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs leading-6"
        >
          {files.map((file) => (
            <li key={file}>{file}</li>
          ))}
        </ul>
      )}
      {error !== undefined && (
        <p role="alert" className="mt-3 text-sm text-danger">
          {error}
        </p>
      )}
    </Dialog>
  );
}
