import { useState } from 'react';
import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { errorMessage } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/input.tsx';
import type { IssuedKey } from '../keys/issued-key.ts';

interface RotateDialogProps {
  readonly apiKey: ApiKeyWithUsage;
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly onIssued: (issued: IssuedKey) => void;
}

const hour = 3600;
const graces = [
  { value: '0', label: 'Not at all: it stops now' },
  { value: String(hour), label: '1 hour' },
  { value: String(24 * hour), label: '1 day' },
  { value: String(7 * 24 * hour), label: '7 days' },
  { value: String(30 * 24 * hour), label: '30 days' },
] as const;

/** A new secret; the old one may go on for a while, so that nothing stands still. */
export function RotateDialog({ apiKey, open, onOpenChange, onIssued }: RotateDialogProps) {
  const [grace, setGrace] = useState<string>(String(24 * hour));
  const rotate = useChange('rotateKey', { invalidates: ['listKeys', 'getKey'], errorToast: false });
  const close = (next: boolean): void => {
    if (rotate.isPending) return;
    rotate.reset();
    onOpenChange(next);
  };
  const confirm = async (): Promise<void> => {
    const input = { params: { id: apiKey.id }, body: { graceSeconds: Number(grace) } };
    const issued = await rotate.mutateAsync(input).catch(() => undefined);
    if (issued === undefined) return;
    onOpenChange(false);
    onIssued(issued);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      size="sm"
      title={`Rotate “${apiKey.name}”?`}
      description="The key gets a new secret, shown once. Name, limits and usage stay."
      footer={
        <>
          <Button disabled={rotate.isPending} onClick={() => close(false)}>
            Cancel
          </Button>
          <Button variant="primary" busy={rotate.isPending} onClick={() => void confirm()}>
            Rotate key
          </Button>
        </>
      }
    >
      <Field label="The old secret works for another">
        <Select value={grace} options={graces} onChange={setGrace} />
      </Field>
      <p role="alert" className="mt-2 text-sm text-danger empty:hidden">
        {rotate.error === null ? undefined : errorMessage(rotate.error)}
      </p>
    </Dialog>
  );
}
