import { type FormEvent, useId, useState } from 'react';
import type { User } from '../../../../src/contract/index.ts';
import { ConsoleError, errorMessage, fieldError } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { HandedOver } from './handed-over.tsx';
import { PasswordField, passwordProblem } from './password-field.tsx';
import { suggestPassword } from './suggest-password.ts';

interface ResetPasswordProps {
  readonly user: User;
  readonly onClose: () => void;
}

/** Gives a user a new first password. Lives as long as it is open. */
export function ResetPassword({ user, onClose }: ResetPasswordProps) {
  const formId = useId();
  const [password, setPassword] = useState(() => suggestPassword());
  const [checked, setChecked] = useState(false);
  const change = useChange('resetPassword', { invalidates: ['listUsers'], errorToast: false });
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setChecked(true);
    if (passwordProblem(password) !== undefined) return;
    await change.mutateAsync({ params: { id: user.id }, body: { password } }).catch(() => undefined);
  };
  const atField = change.error instanceof ConsoleError && change.error.param !== null;
  const done = change.data;
  const close = (): void => {
    if (!change.isPending) onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(next) => {
        if (!next) close();
      }}
      dismissible={done === undefined}
      title={
        done === undefined
          ? `Reset the password of “${user.username}”?`
          : `“${done.username}” has a new password`
      }
      description={
        done === undefined
          ? 'The old password stops working, and all sessions of the user end now.'
          : 'Give them these; the password is not shown again.'
      }
      footer={
        done === undefined ? (
          <>
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" form={formId} variant="danger" busy={change.isPending}>
              Reset password
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={close}>
            Done
          </Button>
        )
      }
    >
      {done !== undefined ? (
        <HandedOver username={done.username} password={password} />
      ) : (
        <form id={formId} noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <PasswordField
            value={password}
            onChange={setPassword}
            error={(checked ? passwordProblem(password) : undefined) ?? fieldError(change.error, 'password')}
          />
          <p role="alert" className="text-sm text-danger empty:hidden">
            {change.error !== null && !atField ? errorMessage(change.error) : undefined}
          </p>
        </form>
      )}
    </Dialog>
  );
}
