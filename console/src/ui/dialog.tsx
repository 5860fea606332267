import { Dialog as Radix } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { errorMessage } from '../api/console-error.ts';
import { Button } from './button.tsx';
import { CloseButton } from './close-button.tsx';
import { cx } from './cx.ts';
import { Field } from './field.tsx';
import { Input } from './input.tsx';

interface DialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  /** Buttons, right to left by weight: put the main one last. */
  readonly footer?: ReactNode;
  readonly size?: 'sm' | 'md' | 'lg' | 'xl';
  /** False: neither Escape nor a click beside it closes it. */
  readonly dismissible?: boolean;
  readonly children?: ReactNode;
}

const widths = { sm: 'sm:max-w-sm', md: 'sm:max-w-lg', lg: 'sm:max-w-2xl', xl: 'sm:max-w-4xl' } as const;

/** In the middle of the page; on phones a sheet from below. */
export function Dialog(props: DialogProps) {
  const { open, onOpenChange, title, description, footer, size = 'md', dismissible = true, children } = props;
  const keep = (event: Event): void => {
    if (!dismissible) event.preventDefault();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fade-in fixed inset-0 z-50 bg-backdrop" />
        <Radix.Content
          onEscapeKeyDown={keep}
          onInteractOutside={keep}
          {...(description === undefined && { 'aria-describedby': undefined })}
          className={cx(
            'fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] w-full flex-col rounded-t-lg border border-line bg-surface shadow-float outline-none max-sm:slide-up sm:rise-in sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:max-h-[86dvh] sm:w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg',
            widths[size],
          )}
        >
          <header className="px-5 pt-4 pr-14">
            <div className="min-w-0">
              <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
              {description !== undefined && (
                <Radix.Description asChild>
                  <div className="mt-1 text-sm text-muted">{description}</div>
                </Radix.Description>
              )}
            </div>
          </header>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
              {footer}
            </footer>
          )}
          {/* Last, so that what comes first in the dialog gets the focus. */}
          {dismissible && (
            <Radix.Close asChild>
              <CloseButton className="absolute top-3.5 right-3.5" />
            </Radix.Close>
          )}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
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
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const close = (next: boolean): void => {
    if (busy) return;
    setTyped('');
    setError(undefined);
    onOpenChange(next);
  };
  const confirm = async (): Promise<void> => {
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      setTyped('');
      onOpenChange(false);
    } catch (failure) {
      setError(errorMessage(failure));
    } finally {
      setBusy(false);
    }
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
      {error !== undefined && (
        <p role="alert" className="mt-2 text-sm text-danger">
          {error}
        </p>
      )}
    </Dialog>
  );
}
