import { Button } from '../ui/button.tsx';
import { loadSession } from './current-session.ts';
import { GatePage } from './gate-page.tsx';
import { LazySetUp } from './two-factor/lazy-set-up.tsx';

interface TwoFactorGateProps {
  readonly username: string;
  /** The gate stays for this user, from when it is on until the recovery codes were seen. */
  readonly onHold: (username: string | undefined) => void;
  readonly onSignOut: () => void;
}

/** For who has to have two-factor sign-in: it is set up before anything else. */
export function TwoFactorGate({ username, onHold, onSignOut }: TwoFactorGateProps) {
  return (
    <GatePage
      title="Set up two-factor sign-in"
      description={`You are signed in as ${username}. This server asks for a code of an authenticator app, too.`}
    >
      <LazySetUp
        username={username}
        action="Go on to the console"
        onTurnedOn={() => onHold(username)}
        onDone={() => void loadSession().finally(() => onHold(undefined))}
      />
      <Button variant="ghost" className="mt-3 w-full" onClick={onSignOut}>
        Sign out
      </Button>
    </GatePage>
  );
}
