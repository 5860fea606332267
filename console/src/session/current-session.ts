import type { CodeChallenge, ConfirmedSession, SessionInfo } from '../../../src/contract/index.ts';
import { ConsoleError } from '../api/console-error.ts';
import { type SentInput, send } from '../api/send.ts';
import { SessionStore } from './session-store.ts';

export const sessionStore = new SessionStore();

/** Other tabs of the console: what one does to the session, all see. */
const tabs = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel('console-session');
tabs?.addEventListener('message', () => void loadSession());

const hint = 'console-signed-in';

/** At the page's start: asks who is signed in, unless nobody has been since the last sign-out. */
export async function findSession(): Promise<void> {
  if (hasHint()) await loadSession();
  else sessionStore.leave();
}

/** Asks the server who is signed in. */
export async function loadSession(): Promise<void> {
  try {
    enter(await ask<SessionInfo>('getSession', {}));
  } catch (error) {
    if (!(error instanceof ConsoleError)) throw error;
    if (error.status === 401) sessionStore.expire();
    else if (sessionStore.state.phase === 'loading' || sessionStore.state.phase === 'unreachable')
      sessionStore.fail(error);
  }
}

/** Resolves to a challenge where a code has to follow. @throws {ConsoleError} */
export async function signIn(username: string, password: string): Promise<string | undefined> {
  const answer = await ask<SessionInfo | CodeChallenge>('signIn', { body: { username, password } });
  if ('challenge' in answer) return answer.challenge;
  enter(answer);
  tabs?.postMessage('changed');
  return undefined;
}

/** Resolves to how many recovery codes are left; null where none was used. @throws {ConsoleError} */
export async function confirmSignIn(challenge: string, code: string): Promise<number | null> {
  const { recoveryCodesLeft, ...session } = await ask<ConfirmedSession>('confirmSignIn', {
    body: { challenge, code },
  });
  enter(session);
  tabs?.postMessage('changed');
  return recoveryCodesLeft;
}

/** @throws {ConsoleError} */
export async function changePassword(currentPassword: string, newPassword: string): Promise<void> {
  enter(await ask<SessionInfo>('changePassword', { body: { currentPassword, newPassword } }));
  tabs?.postMessage('changed');
}

/** The session goes on where the server could not be told. @throws {ConsoleError} */
export async function signOut(): Promise<void> {
  const { csrfToken } = sessionStore;
  try {
    await send('signOut', {}, { csrfToken });
  } catch (error) {
    if (!(error instanceof ConsoleError) || error.status !== 401) throw error;
  }
  leave();
  tabs?.postMessage('changed');
}

/** The page forgets who was signed in. */
export function leave(): void {
  setHint(false);
  sessionStore.leave();
}

function enter(session: SessionInfo): void {
  setHint(true);
  sessionStore.enter(session);
}

/** The cookie is not for scripts: this tells only whether it is worth asking. */
function hasHint(): boolean {
  try {
    return localStorage.getItem(hint) !== null;
  } catch {
    return true;
  }
}

function setHint(on: boolean): void {
  try {
    if (on) localStorage.setItem(hint, 'yes');
    else localStorage.removeItem(hint);
  } catch {
    // Storage may be forbidden; then it is asked each time.
  }
}

/** The answer is of the form that the contract says. */
async function ask<Answer>(
  name: 'getSession' | 'signIn' | 'confirmSignIn' | 'changePassword',
  input: SentInput,
): Promise<Answer> {
  const response = await send(name, input, { csrfToken: sessionStore.csrfToken });
  return await response.json();
}
