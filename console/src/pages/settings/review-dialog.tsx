import { ArrowRight } from 'lucide-react';
import { errorMessage } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { PlannedChange } from './draft.ts';
import { settingTitle } from './setting-title.ts';
import { changedText, valueText } from './value-text.ts';

interface ReviewDialogProps {
  readonly changes: readonly PlannedChange[];
  /** Names of those that somebody else changed meanwhile. */
  readonly overtaken?: ReadonlySet<string>;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onSaved: () => void;
  /** It is on its way. */
  readonly onSubmit?: () => void;
  /** The server refused; true: the page shows why, and the dialog closes. */
  readonly onRefused?: (error: unknown) => boolean;
}

const none: ReadonlySet<string> = new Set();

/** What is about to change, before it does. */
export function ReviewDialog(props: ReviewDialogProps) {
  const { changes, overtaken = none, open, onClose, onSaved, onSubmit, onRefused } = props;
  const count = changes.length === 1 ? '1 change' : `${changes.length} changes`;
  const save = useChange('updateSettings', {
    invalidates: ['getSettings', 'settingHistory'],
    success: changes.length === 1 ? 'Setting saved' : `${changes.length} settings saved`,
    errorToast: false,
    onSuccess: onSaved,
  });
  const submit = (): void => {
    onSubmit?.();
    const body = { changes: Object.fromEntries(changes.map(({ setting, value }) => [setting.name, value])) };
    save.mutate({ body }, { onError: (error) => onRefused?.(error) === true && onClose() });
  };
  const close = (): void => {
    if (save.isPending) return;
    save.reset();
    onClose();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && close()}
      title={`Save ${count}?`}
      description="All of them are saved, or none. Every server has them within seconds; nothing restarts."
      size="lg"
      footer={
        <>
          <Button disabled={save.isPending} onClick={close}>
            Cancel
          </Button>
          <Button variant="primary" busy={save.isPending} onClick={submit}>
            Save {count}
          </Button>
        </>
      }
    >
      <ul aria-label="Changes" className="divide-y divide-line rounded-md border border-line">
        {changes.map(({ setting, value }) => (
          <li key={setting.name} className="flex flex-col gap-1.5 px-3 py-2.5">
            <div className="flex flex-wrap items-baseline gap-x-2">
              <span className="text-sm font-medium">{settingTitle(setting.name)}</span>
              <code className="font-mono text-xs break-all text-faint">{setting.name}</code>
            </div>
            <BeforeAfter
              before={valueText(setting.kind, setting.value)}
              after={changedText(setting, value)}
            />
            {overtaken.has(setting.name) && (
              <p className="text-xs text-warn">Somebody else changed it while you were editing.</p>
            )}
          </li>
        ))}
      </ul>
      {save.error !== null && (
        <p role="alert" className="mt-3 text-sm whitespace-pre-line text-danger">
          {errorMessage(save.error)}
        </p>
      )}
    </Dialog>
  );
}

interface BeforeAfterProps {
  readonly before: string;
  readonly after: string;
}

export function BeforeAfter({ before, after }: BeforeAfterProps) {
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-1.5 text-sm">
      <del className="min-w-0 rounded-sm bg-danger-soft px-1.5 break-words text-danger no-underline">
        <span className="sr-only">Before: </span>
        {before}
      </del>
      <ArrowRight className="size-3.5 shrink-0 text-faint" aria-hidden />
      <ins className="min-w-0 rounded-sm bg-ok-soft px-1.5 break-words text-ok no-underline">
        <span className="sr-only">After: </span>
        {after}
      </ins>
    </span>
  );
}
