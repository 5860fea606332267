import { useSyncExternalStore } from 'react';
import type { SessionInfo } from '../../../src/contract/index.ts';
import { sessionStore } from './current-session.ts';
import type { SessionState } from './session-store.ts';

export function useSessionState(): SessionState {
  return useSyncExternalStore(sessionStore.subscribe, () => sessionStore.state);
}

/** Who is signed in, and whether they may change things. For use within pages, which are shown to nobody else. */
export function useSession(): SessionInfo & { readonly isAdmin: boolean } {
  const state = useSessionState();
  if (state.phase !== 'in') throw new TypeError('Nobody is signed in.');
  return { ...state.session, isAdmin: state.session.role === 'admin' };
}
