import { type ReactNode, useState } from 'react';
import { useWork } from '../api/use-work.ts';
import { Button } from './button.tsx';
import { cx } from './cx.ts';
import { Field } from './field.tsx';
import { Input } from './input.tsx';
import { Panel, type PanelProps } from './panel.tsx';

interface DialogProps extends PanelProps {
  readonly size?: 'sm' | 'md' | 'lg' | 'xl';
}

const widths = { sm: 'sm:max-w-sm', md: 'sm:max-w-lg', lg: 'sm:max-w-2xl', xl: 'sm:max-w-4xl' } as const;

/** In the middle of the page; on phones a sheet from below. */
export function Dialog({ size = 'md', ...panel }: DialogProps) {
  return (
    <Panel
      {...panel}
      place={cx(
        'inset-x-0 bottom-0 max-h-[92dvh] rounded-t-lg border max-sm:slide-up sm:rise-in sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:max-h-[86dvh] sm:w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg',
        widths[size],
      )}
      header="px-5 pt-4"
    />
  );
}

interface ConfirmDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  /** Names what it is done to: `Revoke “ci-runner”?` */
  readonly title: ReactNode;
  /** What it leads to, and whether it can be taken back. */
  readonly description: ReactNode;
  /** What the button says, such as `Revoke key`. */
  readonly action: string;
  /** Has to be typed first, for what cannot be undone and is large. */
  readonly typeToConfirm?: string;
  /** False: nothing is destroyed. Default: true. */
  readonly danger?: boolean;
  /** The dialog closes when it resolves, and shows why where it rejects. */
  readonly onConfirm: () => Promise<unknown>;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const { open, onOpenChange, title, description, action, typeToConfirm, danger = true, onConfirm } = props;
  const [typed, setTyped] = useState('');
  const { busy, error, work, forget } = useWork();
  const close = (next: boolean): void => {
    if (busy) return;
    setTyped('');
    forget();
    onOpenChange(next);
  };
  const confirm = async (): Promise<void> => {
    if (!(await work(onConfirm))) return;
    setTyped('');
    onOpenChange(false);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={close}
      title={title}
      description={description}
      size="sm"
      footer={
        <>
          <Button onClick={() => close(false)} disabled={busy}>
            Cancel
          </Button>
          <Button
            variant={danger ? 'danger' : 'primary'}
            busy={busy}
            disabled={typeToConfirm !== undefined && typed !== typeToConfirm}
            onClick={() => void confirm()}
          >
            {action}
          </Button>
        </>
      }
    >
      {typeToConfirm !== undefined && (
        <Field label={<>Type {typeToConfirm} to confirm</>}>
          <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" />
        </Field>
      )}
      <p role="alert" className="mt-2 text-sm text-danger empty:hidden">
        {error}
      </p>
    </Dialog>
  );
}
