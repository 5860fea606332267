import { type FormEvent, useState } from 'react';
import { ConsoleError, errorMessage, fieldError } from '../api/console-error.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { changePassword } from './current-session.ts';

interface ChangePasswordFormProps {
  readonly username: string;
  readonly action: string;
  readonly onDone?: () => void;
}

const shortest = 8;

/** All other sessions of the user end with it. */
export function ChangePasswordForm({ username, action, onDone }: ChangePasswordFormProps) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [checked, setChecked] = useState(false);
  const tooShort = next.length < shortest ? `Use at least ${shortest} characters.` : undefined;
  const different = again !== next ? 'The two are not the same.' : undefined;

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setChecked(true);
    if (tooShort !== undefined || different !== undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      await changePassword(current, next);
      setCurrent('');
      setNext('');
      setAgain('');
      setChecked(false);
      onDone?.();
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  };
  const currentError = fieldError(error, 'currentPassword');
  const nextError = (checked ? tooShort : undefined) ?? fieldError(error, 'newPassword');
  const atField = error instanceof ConsoleError && error.param !== null;
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <Field label="Current password" error={currentError}>
        <Input
          type="password"
          autoComplete="current-password"
          required
          className="h-10"
          value={current}
          onChange={(event) => setCurrent(event.target.value)}
        />
      </Field>
      <Field label="New password" hint={`At least ${shortest} characters.`} error={nextError}>
        <Input
          type="password"
          autoComplete="new-password"
          required
          className="h-10"
          value={next}
          onChange={(event) => setNext(event.target.value)}
        />
      </Field>
      <Field label="New password again" error={checked ? different : undefined}>
        <Input
          type="password"
          autoComplete="new-password"
          required
          className="h-10"
          value={again}
          onChange={(event) => setAgain(event.target.value)}
        />
      </Field>
      <p role="alert" className="text-sm text-danger empty:hidden">
        {error !== undefined && !atField ? errorMessage(error) : undefined}
      </p>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        {action}
      </Button>
    </form>
  );
}
