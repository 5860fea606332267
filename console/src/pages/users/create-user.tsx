import { type FormEvent, useId, useState } from 'react';
import type { Role } from '../../../../src/contract/index.ts';
import { ConsoleError, errorMessage, fieldError } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Field } from '../../ui/field.tsx';
import { Input, Select } from '../../ui/input.tsx';
import { showFirstProblem } from '../../ui/show-first-problem.ts';
import { HandedOver } from './handed-over.tsx';
import { PasswordField, passwordProblem } from './password-field.tsx';
import { suggestPassword } from './suggest-password.ts';

const roles = [
  { value: 'viewer', label: 'Viewer: sees everything, changes nothing' },
  { value: 'admin', label: 'Admin: changes everything' },
] as const;

/** Adds a user, and then shows what to give to them. Lives as long as it is open. */
export function CreateUser({ onClose }: { readonly onClose: () => void }) {
  const formId = useId();
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState(() => suggestPassword());
  const [role, setRole] = useState<Role>('viewer');
  const [checked, setChecked] = useState(false);
  const create = useChange('createUser', { invalidates: ['listUsers'], errorToast: false });
  const nameProblem = username.trim() === '' ? 'Give the user a name.' : undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setChecked(true);
    if (nameProblem === undefined && passwordProblem(password) === undefined) {
      await create.mutateAsync({ body: { username, password, role } }).catch(() => undefined);
    }
    showFirstProblem(formId);
  };
  const atField = create.error instanceof ConsoleError && create.error.param !== null;
  const made = create.data;
  const close = (): void => {
    if (!create.isPending) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) close();
      }}
      dismissible={made === undefined}
      title={made === undefined ? 'Add user' : `“${made.username}” was added`}
      description={made === undefined ? undefined : 'Give them these; the password is not shown again.'}
      footer={
        made === undefined ? (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" form={formId} variant="primary" busy={create.isPending}>
              Add user
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={close}>
            Done
          </Button>
        )
      }
    >
      {made !== undefined ? (
        <HandedOver username={made.username} password={password} />
      ) : (
        <form id={formId} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <Field
            label="Name"
            hint="Letters, digits and . _ @ + -"
            required
            error={(checked ? nameProblem : undefined) ?? fieldError(create.error, 'username')}
          >
            <Input
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              value={username}
              onChange={(event) => setUsername(event.target.value)}
            />
          </Field>
          <Field label="Role" error={fieldError(create.error, 'role')}>
            <Select value={role} options={roles} onChange={setRole} />
          </Field>
          <PasswordField
            value={password}
            onChange={setPassword}
            error={(checked ? passwordProblem(password) : undefined) ?? fieldError(create.error, 'password')}
          />
          <p role="alert" className="text-sm text-danger empty:hidden">
            {create.error !== null && !atField ? errorMessage(create.error) : undefined}
          </p>
        </form>
      )}
    </Dialog>
  );
}
