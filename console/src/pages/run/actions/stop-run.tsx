import { CircleStop } from 'lucide-react';
import { useState } from 'react';
import type { ActiveRun } from '../../../../../src/contract/index.ts';
import { useChange } from '../../../api/use-change.ts';
import { useSession } from '../../../session/use-session.ts';
import { Button, IconButton } from '../../../ui/button.tsx';
import { ConfirmDialog } from '../../../ui/dialog.tsx';

interface StopRunProps {
  readonly run: Pick<ActiveRun, 'id' | 'model' | 'keyName' | 'state'>;
  /** Only the icon, for rows. */
  readonly small?: boolean;
}

/** Ends a run, after a question. Nothing for viewers. */
export function StopRun({ run, small = false }: StopRunProps) {
  const [asking, setAsking] = useState(false);
  const { isAdmin } = useSession();
  const stop = useChange('stopRun', {
    invalidates: ['listRuns'],
    success: 'The run is being stopped',
    errorToast: false,
    optimistic: ({ params }, shown) =>
      shown.update('listRuns', ({ items }) => ({
        items: items.map((one) => (one.id === params.id ? { ...one, state: 'stopping' as const } : one)),
      })),
  });
  if (!isAdmin) return null;
  const what = [run.model ?? 'the run', run.keyName && `of ${run.keyName}`].filter(Boolean).join(' ');
  const disabled = run.state === 'stopping';
  return (
    <>
      {small ? (
        <IconButton
          size="sm"
          icon={CircleStop}
          label={`Stop ${what}`}
          className="relative z-10 -my-1 align-middle text-danger"
          disabled={disabled}
          onClick={() => setAsking(true)}
        />
      ) : (
        <Button variant="dangerQuiet" icon={CircleStop} disabled={disabled} onClick={() => setAsking(true)}>
          {disabled ? 'Stopping' : 'Stop'}
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={`Stop ${what}?`}
        description="Its client is told that the run was stopped. What the agent has done so far stays; the rest of the answer is lost."
        action="Stop the run"
        onConfirm={() => stop.mutateAsync({ params: { id: run.id } })}
      />
    </>
  );
}
