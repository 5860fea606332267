import { useSyncExternalStore } from 'react';
import { sessionStore } from '../../../session/current-session.ts';
import { ask } from '../api/ask.ts';
import { keepIn } from './keep-conversation.ts';
import { type PlaygroundState, PlaygroundStore } from './playground-store.ts';

/** The one conversation of this tab. */
export const playground = new PlaygroundStore({
  ask,
  keeper: keepIn(safeStorage(), 'console-playground', signedIn),
});

// Whoever signs out leaves nothing behind.
sessionStore.onLeft(() => playground.forget());

function signedIn(): string | undefined {
  const { state } = sessionStore;
  return state.phase === 'in' ? state.session.username : undefined;
}

export function usePlayground(): PlaygroundState {
  return useSyncExternalStore(playground.subscribe, playground.get);
}

function safeStorage(): globalThis.Storage | undefined {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}
