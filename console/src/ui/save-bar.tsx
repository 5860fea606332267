import { type ShouldBlockFn, useBlocker } from '@tanstack/react-router';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

interface SaveBarProps {
  /** Whether there is something to save; otherwise nothing is shown. */
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  /** Such as `3 changes`. */
  readonly text?: string;
  /** Why it could not be saved, where no field says so. */
  readonly error?: string | undefined;
  /** Default: `Save`. */
  readonly action?: string;
}

/** Below a form: save or discard. Whoever leaves the page with something unsaved is asked first. */
export function SaveBar(props: SaveBarProps) {
  const { dirty, busy, onSave, onDiscard, text = 'Not saved yet', error, action = 'Save' } = props;
  return (
    <>
      {dirty && (
        <section
          aria-label="Unsaved changes"
          className="rise-in sticky bottom-3 z-30 flex flex-wrap items-center justify-end gap-x-3 gap-y-2 rounded-lg border border-line bg-raised px-4 py-2.5 shadow-float"
        >
          <p className="mr-auto text-sm text-muted">{text}</p>
          <p role="alert" className="w-full text-sm text-danger empty:hidden sm:w-auto">
            {error}
          </p>
          <Button variant="ghost" disabled={busy} onClick={onDiscard}>
            Discard
          </Button>
          <Button variant="primary" busy={busy} onClick={onSave}>
            {action}
          </Button>
        </section>
      )}
      <LeaveGuard when={dirty} />
    </>
  );
}

interface LeaveGuardProps {
  readonly when: boolean;
  readonly title?: string;
  readonly description?: string;
}

/** Another tab or filter of the same page loses nothing. */
const leavesPage: ShouldBlockFn = ({ current, next }) => current.pathname !== next.pathname;

/** Asks before the page is left while something would be lost by it. */
export function LeaveGuard({
  when,
  title = 'Leave without saving?',
  description = 'What you changed on this page will be lost.',
}: LeaveGuardProps) {
  const blocker = useBlocker({ shouldBlockFn: leavesPage, disabled: !when, withResolver: true });
  const stay = (): void => blocker.reset?.();
  return (
    <Dialog
      open={blocker.status === 'blocked'}
      onOpenChange={(open) => {
        if (!open) stay();
      }}
      title={title}
      description={description}
      size="sm"
      footer={
        <>
          <Button onClick={stay}>Stay here</Button>
          <Button variant="danger" onClick={() => blocker.proceed?.()}>
            Leave
          </Button>
        </>
      }
    />
  );
}
