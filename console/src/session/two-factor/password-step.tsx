import { type FormEvent, useState } from 'react';
import type { TwoFactorSetup } from '../../../../src/contract/index.ts';
import { errorMessage, fieldError } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { Button } from '../../ui/button.tsx';
import { PasswordInput } from './password-input.tsx';

interface PasswordStepProps {
  readonly username: string;
  /** Why it begins anew. */
  readonly problem: string | undefined;
  readonly onBegun: (setup: TwoFactorSetup) => void;
}

export function PasswordStep({ username, problem, onBegun }: PasswordStepProps) {
  const [password, setPassword] = useState('');
  const begin = useChange('beginTwoFactor', { errorToast: false, onSuccess: onBegun });
  const atField = fieldError(begin.error, 'password');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    begin.mutate({ body: { password } });
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={submit}>
      <p className="text-sm text-muted">
        You need an authenticator app, such as one on your phone or in your password manager.
      </p>
      <PasswordInput username={username} value={password} onChange={setPassword} error={atField} />
      <p role="alert" className="text-sm text-danger empty:hidden">
        {begin.error !== null && atField === undefined ? errorMessage(begin.error) : problem}
      </p>
      <Button type="submit" variant="primary" size="lg" busy={begin.isPending}>
        Next
      </Button>
    </form>
  );
}
