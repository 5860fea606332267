import { type FormEvent, useState } from 'react';
import { useWork } from '../api/use-work.ts';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { signIn } from './current-session.ts';
import { ConfirmForm } from './two-factor/confirm-form.tsx';

interface SignInFormProps {
  /** Who was signed in before. */
  readonly username?: string;
}

export function SignInForm({ username: before = '' }: SignInFormProps) {
  const [username, setUsername] = useState(before);
  const [password, setPassword] = useState('');
  const [challenge, setChallenge] = useState<string>();
  const [reason, setReason] = useState<string>();
  const { busy, error, work } = useWork();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setReason(undefined);
    const enter = async (): Promise<void> => setChallenge(await signIn(username, password));
    if (!(await work(enter))) setPassword('');
  };
  if (challenge !== undefined) {
    return (
      <ConfirmForm
        username={username}
        challenge={challenge}
        onBack={(why) => {
          setChallenge(undefined);
          setPassword('');
          setReason(why);
        }}
      />
    );
  }
  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
      <Field label="User name">
        <Input
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus={before === ''}
          required
          className="h-10"
          value={username}
          onChange={(event) => setUsername(event.target.value)}
        />
      </Field>
      <Field label="Password">
        <Input
          name="password"
          type="password"
          autoComplete="current-password"
          autoFocus={before !== ''}
          required
          className="h-10"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
      </Field>
      <p role="alert" className="text-sm text-danger empty:hidden">
        {error ?? reason}
      </p>
      <Button type="submit" variant="primary" size="lg" busy={busy}>
        Sign in
      </Button>
    </form>
  );
}
