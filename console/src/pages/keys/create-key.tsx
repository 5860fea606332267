import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { ConsoleError, errorMessage, fieldError } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { Button } from '../../ui/button.tsx';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { Drawer } from '../../ui/drawer.tsx';
import { showFirstProblem } from '../../ui/show-first-problem.ts';
import { checkKeyDraft, emptyKeyDraft, newKeyOf } from './form/key-draft.ts';
import { KeyFields } from './form/key-fields.tsx';
import type { IssuedKey } from './issued-key.ts';

interface CreateKeyProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onIssued: (issued: IssuedKey) => void;
}

/** The form for a new key. What was typed is not lost by a click beside it. */
export function CreateKey({ open, onClose, onIssued }: CreateKeyProps) {
  const [draft, setDraft] = useState(emptyKeyDraft);
  const [checked, setChecked] = useState(false);
  const [asking, setAsking] = useState(false);
  const formId = useId();
  const create = useChange('createKey', { invalidates: ['listKeys'], errorToast: false });
  const problems = checked ? checkKeyDraft(draft, Date.now()) : {};
  const errorOf = (param: string) => problems[param] ?? fieldError(create.error, param);

  const reset = (): void => {
    setDraft(emptyKeyDraft);
    setChecked(false);
    create.reset();
    onClose();
  };
  const close = (): void => {
    if (create.isPending) return;
    if (JSON.stringify(draft) === JSON.stringify(emptyKeyDraft)) reset();
    else setAsking(true);
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(checkKeyDraft(draft, Date.now())).length > 0) return showFirstProblem(formId);
    const issued = await create.mutateAsync({ body: newKeyOf(draft) }).catch(() => undefined);
    if (issued === undefined) return showFirstProblem(formId);
    reset();
    onIssued(issued);
  };
  const general =
    create.error !== null && !(create.error instanceof ConsoleError && create.error.param !== null);
  return (
    <>
      <Drawer
        open={open}
        onOpenChange={(next) => {
          if (!next) close();
        }}
        size="lg"
        title="New API key"
        description="Only the name is needed; everything can be changed later."
        footer={
          <>
            <p role="alert" className="mr-auto self-center text-sm text-danger empty:hidden">
              {general ? errorMessage(create.error) : undefined}
            </p>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" form={formId} variant="primary" busy={create.isPending}>
              Create key
            </Button>
          </>
        }
      >
        <form id={formId} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-8">
          <KeyFields draft={draft} onChange={setDraft} errorOf={errorOf} section={section} />
        </form>
      </Drawer>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title="Discard the new key?"
        description="What you have filled in will be lost."
        action="Discard"
        onConfirm={async () => reset()}
      />
    </>
  );
}

function section(title: string, description: string, children: ReactNode): ReactNode {
  return (
    <section aria-label={title} key={title}>
      <h3 className="text-base font-semibold">{title}</h3>
      <p className="mb-3 text-xs text-faint">{description}</p>
      {children}
    </section>
  );
}
