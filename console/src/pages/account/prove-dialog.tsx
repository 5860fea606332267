import { type FormEvent, useState } from 'react';
import { errorMessage, fieldError } from '../../api/console-error.ts';
import { useChange } from '../../api/use-change.ts';
import { loadSession } from '../../session/current-session.ts';
import { CodeField } from '../../session/two-factor/code-field.tsx';
import { PasswordInput } from '../../session/two-factor/password-input.tsx';
import { RecoveryCodes } from '../../session/two-factor/recovery-codes.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** What takes password and code. */
export type Proven = 'off' | 'codes';

interface ProveDialogProps {
  readonly what: Proven;
  readonly username: string;
  /** This server asks for two-factor sign-in. */
  readonly required: boolean;
  readonly onClose: () => void;
}

/** Turns two-factor sign-in off, or makes new recovery codes. Lives as long as it is open. */
export function ProveDialog({ what, username, required, onClose }: ProveDialogProps) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const turnOff = useChange('turnOffTwoFactor', {
    invalidates: ['getTwoFactor', 'listSessions'],
    success: 'Two-factor sign-in is off',
    errorToast: false,
    onSuccess: () => {
      onClose();
      // Where it is required, it has to be set up anew.
      void loadSession();
    },
  });
  const renew = useChange('renewRecoveryCodes', { invalidates: ['getTwoFactor'], errorToast: false });
  const { error, isPending } = what === 'off' ? turnOff : renew;
  const made = renew.data?.recoveryCodes;
  const errors = { password: fieldError(error, 'password'), code: fieldError(error, 'code') };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const input = { body: { password, code } };
    try {
      await (what === 'off' ? turnOff.mutateAsync(input) : renew.mutateAsync(input));
    } catch {
      setCode('');
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      dismissible={made === undefined}
      size="sm"
      title={made === undefined ? texts[what].title : 'Your new recovery codes'}
      description={
        made === undefined
          ? `${texts[what].description}${what === 'off' && required ? ' This server asks for it: you set it up anew right after.' : ''}`
          : undefined
      }
    >
      {made !== undefined ? (
        <RecoveryCodes username={username} codes={made} action="I have saved them" onDone={onClose} />
      ) : (
        <form className="flex flex-col gap-4" onSubmit={(event) => void submit(event)}>
          <PasswordInput
            username={username}
            value={password}
            onChange={setPassword}
            error={errors.password}
          />
          <CodeField
            value={code}
            onChange={setCode}
            error={errors.code}
            recovery={recovery}
            onRecoveryChange={setRecovery}
          />
          <p role="alert" className="text-sm text-danger empty:hidden">
            {error !== null && errors.password === undefined && errors.code === undefined
              ? errorMessage(error)
              : undefined}
          </p>
          <Button type="submit" variant={what === 'off' ? 'danger' : 'primary'} size="lg" busy={isPending}>
            {texts[what].action}
          </Button>
        </form>
      )}
    </Dialog>
  );
}

const texts: Readonly<Record<Proven, { title: string; description: string; action: string }>> = {
  off: {
    title: 'Turn two-factor sign-in off?',
    description: 'You sign in with the password alone then, and your recovery codes work no more.',
    action: 'Turn off',
  },
  codes: {
    title: 'Make new recovery codes?',
    description: 'The old ones work no more.',
    action: 'Make new codes',
  },
};
