import { useSyncExternalStore } from 'react';
import { useApi } from '../api/use-api.ts';
import { useChange } from '../api/use-change.ts';
import { sessionStore } from '../session/current-session.ts';
import { useSession } from '../session/use-session.ts';
import { KeyStore } from './key-store.ts';

const store = new KeyStore(safeStorage());

// Whoever signs out leaves nothing behind.
sessionStore.onLeft(() => store.forget());

const hours = 8;

export interface PlaygroundKey {
  /** To be sent as `Authorization: Bearer …`; undefined: there is none. */
  readonly secret: string | undefined;
  /** Whether the server wants a key; undefined as long as it is not known. */
  readonly required: boolean | undefined;
  /** Requests can be sent. */
  readonly ready: boolean;
  /** Takes a key that somebody has. */
  readonly use: (secret: string) => void;
  /** Such as after an answer with status 401. */
  readonly forget: () => void;
  /** Makes one that expires by itself; undefined for those who may not. Failures become a toast. */
  readonly make: (() => void) | undefined;
  readonly making: boolean;
}

/** The key that pages of the console call /v1 with, where the server wants one. */
export function usePlaygroundKey(): PlaygroundKey {
  const { username, isAdmin } = useSession();
  const secret = useSyncExternalStore(store.subscribe, () => store.secretOf(username));
  const settings = useApi('getSettings', {}, { staleTime: 60_000 }).data?.settings;
  const required =
    settings && settings.find(({ name }) => name === 'OPENAI_API_KEY_REQUIRED')?.value === true;
  const create = useChange('createKey', {
    invalidates: ['listKeys'],
    success: `A key for ${hours} hours was made`,
    onSuccess: (issued) => store.keep(username, issued.secret),
  });
  const make = (): void =>
    create.mutate({
      body: {
        name: `console playground (${username})`,
        description: 'Made by the console for trying things out.',
        owner: username,
        expiresAt: Date.now() + hours * 3_600_000,
      },
    });
  return {
    secret,
    required,
    ready: required === false || secret !== undefined,
    use: (given) => store.keep(username, given.trim()),
    forget: () => store.forget(),
    make: isAdmin ? make : undefined,
    making: create.isPending,
  };
}

function safeStorage(): globalThis.Storage | undefined {
  try {
    return window.sessionStorage;
  } catch {
    return undefined;
  }
}
