import type { SessionInfo } from '../../../src/contract/index.ts';
import { ConsoleError } from '../api/console-error.ts';

export type SessionState =
  | { readonly phase: 'loading' }
  | { readonly phase: 'unreachable'; readonly error: ConsoleError }
  | { readonly phase: 'out' }
  /** `expired`: the page stays, and a dialog asks to sign in again. */
  | { readonly phase: 'in'; readonly session: SessionInfo; readonly expired: boolean };

/** A call that the session has run out for. */
interface Waiting {
  readonly resolve: () => void;
  readonly reject: (error: ConsoleError) => void;
}

/** Who is signed in, for all of the page. Knows nothing of the network. */
export class SessionStore {
  #state: SessionState = { phase: 'loading' };
  readonly #listeners = new Set<() => void>();
  readonly #leftListeners = new Set<() => void>();
  #waiting: Waiting[] = [];

  get state(): SessionState {
    return this.#state;
  }

  get csrfToken(): string | undefined {
    return this.#state.phase === 'in' ? this.#state.session.csrfToken : undefined;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Tells when whoever was signed in is so no more: they have left, or somebody else came in their place. It is told before
   * anything else, so that nothing of one user is shown to another.
   */
  onLeft = (listener: () => void): (() => void) => {
    this.#leftListeners.add(listener);
    return () => this.#leftListeners.delete(listener);
  };

  /** Somebody signed in, or the session was asked for again. Calls that wait for it go on, unless they are another's. */
  enter(session: SessionInfo): void {
    const before = userOf(this.#state);
    const waiting = this.#takeWaiting();
    this.#set({ phase: 'in', session, expired: false });
    if (before === undefined || before === session.username) for (const { resolve } of waiting) resolve();
    else rejectAll(waiting, 'Somebody else has signed in.');
  }

  leave(): void {
    const waiting = this.#takeWaiting();
    this.#set({ phase: 'out' });
    rejectAll(waiting, 'You have signed out.');
  }

  fail(error: ConsoleError): void {
    this.#set({ phase: 'unreachable', error });
  }

  /** The server knows the session no more. */
  expire(): void {
    if (this.#state.phase === 'in') this.#set({ ...this.#state, expired: true });
    else this.leave();
  }

  /** The password has to be changed before anything else. */
  demandPassword(): void {
    if (this.#state.phase !== 'in') return;
    this.#set({ ...this.#state, session: { ...this.#state.session, mustChangePassword: true } });
  }

  /** Two-factor sign-in has to be set up before anything else. */
  demandTwoFactor(): void {
    if (this.#state.phase !== 'in') return;
    this.#set({ ...this.#state, session: { ...this.#state.session, mustSetUpTwoFactor: true } });
  }

  /** Resolves once somebody has signed in again. @throws {ConsoleError} when they sign out instead. */
  restored(): Promise<void> {
    if (this.#state.phase === 'in' && !this.#state.expired) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #takeWaiting(): readonly Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  #set(state: SessionState): void {
    const before = userOf(this.#state);
    this.#state = state;
    if (before !== undefined && before !== userOf(state))
      for (const listener of this.#leftListeners) listener();
    for (const listener of this.#listeners) listener();
  }
}

function userOf(state: SessionState): string | undefined {
  return state.phase === 'in' ? state.session.username : undefined;
}

function rejectAll(waiting: readonly Waiting[], message: string): void {
  const error = new ConsoleError(message, { status: 401, code: 'no_session' });
  for (const { reject } of waiting) reject(error);
}
