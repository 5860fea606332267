import type { Conversation } from './conversation.ts';

/** Whether what is said next goes to what the server keeps of a conversation that was loaded. */
export function isTied({ origin, stored, turns }: Conversation): boolean {
  if (origin === undefined) return false;
  return (
    stored !== undefined || turns.some((turn) => turn.role === 'assistant' && turn.responseId !== undefined)
  );
}

/** The same conversation on its own: all of it is sent with the next request, and what the server keeps stays as it is. */
export function copyOf(conversation: Conversation): Conversation {
  const turns = conversation.turns.map((turn) =>
    turn.role === 'assistant' ? { ...turn, responseId: undefined } : turn,
  );
  return { turns, stored: undefined, origin: undefined };
}
