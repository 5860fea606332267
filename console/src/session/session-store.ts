import type { SessionInfo } from '../../../src/contract/index.ts';
import { ConsoleError } from '../api/console-error.ts';

export type SessionState =
  | { readonly phase: 'loading' }
  | { readonly phase: 'unreachable'; readonly error: ConsoleError }
  | { readonly phase: 'out' }
  /** `expired`: the page stays, and a dialog asks to sign in again. */
  | { readonly phase: 'in'; readonly session: SessionInfo; readonly expired: boolean };

/** Who is signed in, for all of the page. Knows nothing of the network. */
export class SessionStore {
  #state: SessionState = { phase: 'loading' };
  readonly #listeners = new Set<() => void>();
  #waiting: { resolve: () => void; reject: (error: ConsoleError) => void }[] = [];

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

  /** Somebody signed in, or the session was asked for again. Calls that wait for it go on. */
  enter(session: SessionInfo): void {
    this.#set({ phase: 'in', session, expired: false });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve } of waiting) resolve();
  }

  leave(): void {
    this.#set({ phase: 'out' });
    const waiting = this.#waiting;
    this.#waiting = [];
    const error = new ConsoleError('You have signed out.', { status: 401, code: 'no_session' });
    for (const { reject } of waiting) reject(error);
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

  /** Resolves once somebody has signed in again. @throws {ConsoleError} when they sign out instead. */
  restored(): Promise<void> {
    if (this.#state.phase === 'in' && !this.#state.expired) return Promise.resolve();
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  #set(state: SessionState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
