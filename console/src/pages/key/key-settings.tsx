import { type ReactNode, useId, useState } from 'react';
import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { ConsoleError, errorMessage, fieldError } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { useSession } from '../../session/use-session.ts';
import { Card } from '../../ui/card.tsx';
import { SaveBar } from '../../ui/save-bar.tsx';
import { showFirstProblem } from '../../ui/show-first-problem.ts';
import {
  checkKeyDraft,
  draftOfKey,
  isKeyChanged,
  type KeyDraft,
  keyChangeOf,
} from '../keys/form/key-draft.ts';
import { KeyFields } from '../keys/form/key-fields.tsx';

/** Every field of a key. Only what was changed is sent. */
export function KeySettings({ apiKey }: { readonly apiKey: ApiKeyWithUsage }) {
  const { isAdmin } = useSession();
  const formId = useId();
  const [changed, setChanged] = useState<KeyDraft>();
  const [checked, setChecked] = useState(false);
  const save = useChange('updateKey', {
    invalidates: ['listKeys', 'getKey'],
    success: 'Saved',
    errorToast: false,
  });
  const draft = changed ?? draftOfKey(apiKey);
  const dirty = changed !== undefined && isKeyChanged(apiKey, changed);
  const problems = checked ? problemsOf(apiKey, draft) : {};
  const errorOf = (param: string) => problems[param] ?? fieldError(save.error, param);

  const submit = async (): Promise<void> => {
    setChecked(true);
    if (Object.keys(problemsOf(apiKey, draft)).length > 0) return showFirstProblem(formId);
    const body = keyChangeOf(apiKey, draft);
    const done = await save.mutateAsync({ params: { id: apiKey.id }, body }).catch(() => undefined);
    if (done === undefined) return showFirstProblem(formId);
    setChanged(undefined);
    setChecked(false);
  };
  const discard = (): void => {
    setChanged(undefined);
    setChecked(false);
    save.reset();
  };
  const atField = save.error instanceof ConsoleError && save.error.param !== null;
  return (
    <form
      id={formId}
      noValidate
      className="flex max-w-4xl flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (dirty) void submit();
      }}
    >
      <KeyFields
        draft={draft}
        onChange={setChanged}
        errorOf={errorOf}
        disabled={!isAdmin}
        section={section}
      />
      <SaveBar
        dirty={dirty}
        busy={save.isPending}
        onSave={() => void submit()}
        onDiscard={discard}
        error={save.error !== null && !atField ? errorMessage(save.error) : undefined}
      />
    </form>
  );
}

/** A day in the past is no mistake where it stood there before. */
function problemsOf(before: ApiKeyWithUsage, draft: KeyDraft): Readonly<Record<string, string>> {
  const { expiresAt, ...others } = checkKeyDraft(draft, Date.now());
  return expiresAt === undefined || draft.expiresAt === before.expiresAt ? others : { ...others, expiresAt };
}

function section(title: string, description: string, children: ReactNode): ReactNode {
  return (
    <Card key={title} title={title} description={description}>
      {children}
    </Card>
  );
}
