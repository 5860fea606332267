import { useState } from 'react';
import type { TwoFactorSetup } from '../../../../src/contract/index.ts';
import { useChange } from '../../api/use-change.ts';
import { ConfirmSetup } from './confirm-setup.tsx';
import { PasswordStep } from './password-step.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

interface SetUpTwoFactorProps {
  readonly username: string;
  /** What the last button says. */
  readonly action: string;
  /** It is on, and the recovery codes are on the page. */
  readonly onTurnedOn: () => void;
  /** The codes were seen. */
  readonly onDone: () => void;
}

/** Password, app and first code, recovery codes. */
export function SetUpTwoFactor({ username, action, onTurnedOn, onDone }: SetUpTwoFactorProps) {
  const [setup, setSetup] = useState<TwoFactorSetup>();
  const [problem, setProblem] = useState<string>();
  const turnOn = useChange('turnOnTwoFactor', {
    invalidates: ['getTwoFactor', 'listSessions'],
    errorToast: false,
    onSuccess: onTurnedOn,
  });
  if (turnOn.data !== undefined) {
    return (
      <RecoveryCodes username={username} codes={turnOn.data.recoveryCodes} action={action} onDone={onDone} />
    );
  }
  if (setup === undefined) {
    return (
      <PasswordStep
        username={username}
        problem={problem}
        onBegun={(begun) => {
          setProblem(undefined);
          setSetup(begun);
        }}
      />
    );
  }
  return (
    <ConfirmSetup
      setup={setup}
      turnOn={turnOn}
      onOver={(reason) => {
        setProblem(reason);
        setSetup(undefined);
        turnOn.reset();
      }}
    />
  );
}
