import { type ReactNode, useState } from 'react';
import { errorMessage, fieldError } from '../api/console-error.ts';
import { useSession } from '../session/use-session.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Switch } from '../ui/toggle.tsx';

export interface ViewAnswers {
  readonly name: string;
  readonly isDefault: boolean;
  readonly shared: boolean;
}

interface ViewDialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** What it is called so far; undefined: it is new, and what becomes of it is asked for, too. */
  readonly name?: string;
  readonly busy: boolean;
  /** Why the server refused. */
  readonly error: Error | null;
  readonly onClose: () => void;
  readonly onSave: (answers: ViewAnswers) => void;
}

const formId = 'view-form';

/** What a view is to be called. */
export function ViewDialog({ title, description, name, busy, error, onClose, onSave }: ViewDialogProps) {
  const { isAdmin } = useSession();
  const [text, setText] = useState(name ?? '');
  const [isDefault, setDefault] = useState(false);
  const [shared, setShared] = useState(false);
  const nameError = fieldError(error, 'name');
  const trimmed = text.trim();
  return (
    <Dialog
      open
      onOpenChange={() => {
        if (!busy) onClose();
      }}
      title={title}
      description={description}
      size="sm"
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            Cancel
          </Button>
          <Button variant="primary" type="submit" form={formId} busy={busy} disabled={trimmed === ''}>
            Save
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy && trimmed !== '') onSave({ name: trimmed, isDefault, shared });
        }}
      >
        <Field label="Name" required error={nameError}>
          <Input
            value={text}
            onChange={(event) => setText(event.target.value)}
            maxLength={60}
            autoComplete="off"
          />
        </Field>
        {name === undefined && (
          <Field label="Open this page with it" hint="For you, where no link says otherwise." inline>
            <Switch checked={isDefault} onChange={setDefault} />
          </Field>
        )}
        {name === undefined && isAdmin && (
          <Field label="Share with everybody" hint="Others can use it, and not change it." inline>
            <Switch checked={shared} onChange={setShared} />
          </Field>
        )}
      </form>
      <p role="alert" className="mt-2 text-sm text-danger empty:hidden">
        {error === null || nameError !== undefined ? undefined : errorMessage(error)}
      </p>
    </Dialog>
  );
}
