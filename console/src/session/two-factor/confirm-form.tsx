import { type FormEvent, useState } from 'react';
import { toast } from 'sonner';
import { ConsoleError } from '../../api/console-error.ts';
import { useWork } from '../../api/use-work.ts';
import { Button } from '../../ui/button.tsx';
import { confirmSignIn } from '../current-session.ts';
import { CodeField } from './code-field.tsx';

interface ConfirmFormProps {
  readonly username: string;
  readonly challenge: string;
  /** Back to the password; `reason`: why it cannot go on from here. */
  readonly onBack: (reason?: string) => void;
}

/** The second step of a sign-in. */
export function ConfirmForm({ username, challenge, onBack }: ConfirmFormProps) {
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const { busy, error, work, forget } = useWork();
  const confirm = async (): Promise<void> => {
    try {
      const left = await confirmSignIn(challenge, code);
      if (left !== null) toast.warning(`You used a recovery code. ${leftText(left)}`);
    } catch (failure) {
      if (!(failure instanceof ConsoleError) || failure.code !== 'sign_in_expired') throw failure;
      onBack(failure.message);
    }
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!(await work(confirm))) setCode('');
  };
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
      <p className="text-sm text-muted">The password of {username} is right. One more step.</p>
      <CodeField
        value={code}
        onChange={setCode}
        recovery={recovery}
        onRecoveryChange={(next) => {
          forget();
          setRecovery(next);
        }}
        autoFocus
      />
      <p role="alert" className="text-sm text-danger empty:hidden">
        {error}
      </p>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        Sign in
      </Button>
      <Button variant="ghost" onClick={() => onBack()}>
        Back
      </Button>
    </form>
  );
}

function leftText(left: number): string {
  if (left === 0) return 'None are left: make new ones on your account page.';
  return left === 1 ? 'One is left.' : `${left} are left.`;
}
