import { useState } from 'react';
import { useWork } from '../api/use-work.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Textarea } from '../ui/input.tsx';

interface DenyDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: string;
  /** With what the agent is told; empty: nothing. */
  readonly onDeny: (message: string) => Promise<unknown>;
}

/** A denial, with a word to the agent if one likes. */
export function DenyDialog({ open, onOpenChange, title, onDeny }: DenyDialogProps) {
  const [message, setMessage] = useState('');
  const { busy, error, work, forget } = useWork();
  const close = (next: boolean): void => {
    if (busy) return;
    forget();
    onOpenChange(next);
  };
  const deny = async (): Promise<void> => {
    if (!(await work(() => onDeny(message.trim())))) return;
    setMessage('');
    onOpenChange(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={title}
      description="The call is not made. The agent is told so and goes on."
      footer={
        <>
          <Button onClick={() => close(false)} disabled={busy}>
            Cancel
          </Button>
          <Button variant="danger" busy={busy} onClick={() => void deny()}>
            Deny
          </Button>
        </>
      }
    >
      <Field label="Message to the agent" hint="Optional: why, or what to do instead.">
        <Textarea
          rows={3}
          maxLength={2000}
          value={message}
          onChange={(event) => setMessage(event.target.value)}
        />
      </Field>
      <p role="alert" className="mt-2 text-sm text-danger empty:hidden">
        {error}
      </p>
    </Dialog>
  );
}
