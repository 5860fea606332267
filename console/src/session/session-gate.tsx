import { Fragment, type ReactNode, useEffect, useState } from 'react';
import { live } from '../live/live.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorState } from '../ui/states.tsx';
import { ChangePasswordForm } from './change-password-form.tsx';
import { leave, loadSession, signOut } from './current-session.ts';
import { GatePage } from './gate-page.tsx';
import { SignInForm } from './sign-in-form.tsx';
import { TwoFactorGate } from './two-factor-gate.tsx';
import { useSessionState } from './use-session.ts';

/** Shows the console to whoever is signed in, and to the others the way in. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const state = useSessionState();
  /** Whose recovery codes are on the page. */
  const [held, setHeld] = useState<string>();
  useLiveWhileSignedIn();
  switch (state.phase) {
    case 'loading':
      return null;
    case 'unreachable':
      return (
        <GatePage title="No connection">
          <ErrorState
            error={state.error}
            onRetry={loadSession}
            title="The server did not answer"
            className="px-0 py-4"
          />
        </GatePage>
      );
    case 'out':
      return (
        <GatePage title="Sign in" description="The console of your Claude Code server.">
          <SignInForm />
        </GatePage>
      );
    case 'in':
      if (state.session.mustChangePassword) {
        return (
          <GatePage
            title="Choose a password"
            description={`You are signed in as ${state.session.username}, with a password that others know. Choose your own to go on.`}
          >
            <ChangePasswordForm username={state.session.username} action="Save and go on" />
            <Button variant="ghost" className="mt-3 w-full" onClick={() => void signOutAnyway()}>
              Sign out
            </Button>
          </GatePage>
        );
      }
      return (
        <>
          {/* Another user begins anew. */}
          <Fragment key={state.session.username}>
            {state.session.mustSetUpTwoFactor || held === state.session.username ? (
              <TwoFactorGate
                username={state.session.username}
                onHold={setHeld}
                onSignOut={() => void signOutAnyway()}
              />
            ) : (
              children
            )}
          </Fragment>
          <Dialog
            open={state.expired}
            onOpenChange={() => {}}
            dismissible={false}
            size="sm"
            title="Your session has ended"
            description="Sign in again to go on where you are; nothing that you typed is lost."
          >
            <SignInForm username={state.session.username} />
            <Button variant="ghost" className="mt-3 w-full" onClick={leave}>
              Leave this page
            </Button>
          </Dialog>
        </>
      );
    default:
      return state satisfies never;
  }
}

async function signOutAnyway(): Promise<void> {
  try {
    await signOut();
  } catch {
    // The gate shows itself whether the server could be told or not.
    leave();
  }
}

function useLiveWhileSignedIn(): void {
  const state = useSessionState();
  const watching =
    state.phase === 'in' &&
    !state.expired &&
    !state.session.mustChangePassword &&
    !state.session.mustSetUpTwoFactor;
  useEffect(() => {
    if (!watching) return undefined;
    live.start();
    return () => live.stop();
  }, [watching]);
}
