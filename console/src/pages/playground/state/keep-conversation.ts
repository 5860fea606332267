import { isObject } from '../../../agent/json-object.ts';
import type { Conversation, Settings, Turn } from './conversation.ts';

export interface Kept {
  readonly conversation: Conversation;
  readonly settings: Settings;
}

/** Where a conversation outlives a reload of the page. */
export interface Keeper {
  read(): Partial<Kept>;
  write(kept: Kept): void;
}

type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Characters; browsers give a page about five million. */
const most = 1_500_000;

/**
 * Keeps as much of a conversation as there is room for, the latest of it.
 * @param user who is signed in: what another has left is not read.
 */
export function keepIn(storage: Storage | undefined, name: string, user: () => string | undefined): Keeper {
  return {
    read() {
      try {
        const value: unknown = JSON.parse(storage?.getItem(name) ?? 'null');
        return isKept(value) && value.user === user()
          ? { conversation: settled(value.conversation), settings: value.settings }
          : {};
      } catch {
        return {};
      }
    },
    write({ conversation, settings }) {
      try {
        const kept = { user: user(), conversation: shortened(conversation), settings };
        storage?.setItem(name, JSON.stringify(kept));
      } catch {
        // Storage may be forbidden or full; then it is known until the page is loaded anew.
      }
    },
  };
}

/** Without the earliest turns where it is too long. A stored conversation or a chain goes on from its end all the same. */
export function shortened(conversation: Conversation, limit = most): Conversation {
  let left = limit;
  const turns: Turn[] = [];
  for (const turn of conversation.turns.toReversed()) {
    left -= JSON.stringify(turn).length;
    if (left < 0) break;
    turns.unshift(turn);
  }
  while (turns[0]?.role === 'assistant') turns.shift();
  return { ...conversation, turns };
}

/** An answer that was coming when the page was left came no further. */
function settled(conversation: Conversation): Conversation {
  const turns = conversation.turns.map((turn) =>
    turn.role === 'assistant' && turn.state === 'streaming' ? { ...turn, state: 'stopped' as const } : turn,
  );
  return { ...conversation, turns };
}

function isKept(value: unknown): value is Kept & { readonly user?: unknown } {
  return (
    isObject(value) &&
    isObject(value['settings']) &&
    isObject(value['conversation']) &&
    Array.isArray(value['conversation']['turns'])
  );
}
