import type { Fingerprint, Turn } from '../../turn/index.ts';
import { splitConversation } from '../claude/split-conversation.ts';
import type { ConversationWorkspaceStore } from '../ports.ts';
import { newConversationWorkspaceId } from './workspace-names.ts';

type Continued = Pick<Turn, 'id' | 'owner' | 'partOf' | 'after' | 'messages'>;

/**
 * The workspace of the conversation that a turn belongs to: that of the conversation or turn which the client names, else of
 * the longest beginning of what was said that is known; a new one for a conversation of which nothing is known. A conversation
 * that branches off from another works in the workspace of that other.
 */
export async function findConversationWorkspace(
  turn: Continued,
  conversations: Pick<ConversationWorkspaceStore, 'find'>,
): Promise<string> {
  const { past, pastFingerprints } = splitConversation(turn.messages);
  const answered = pastFingerprints.filter((_, index) => past[index]?.role === 'assistant').reverse();
  const marks = [...namesOf(turn), ...answered];
  const known = marks.length === 0 ? null : await conversations.find(turn.owner, marks);
  return known ?? newConversationWorkspaceId(turn);
}

/** What a conversation is found by after a turn of it; `conversation`: as it stands then. */
export function marksOf({ id, partOf }: Pick<Turn, 'id' | 'partOf'>, conversation: Fingerprint): string[] {
  return [turnMark(id), conversation, ...(partOf?.type === 'conversation' ? [markOf(partOf)] : [])];
}

/** The client's own word comes first. */
function namesOf({ partOf, after }: Continued): string[] {
  return [
    ...(partOf === undefined ? [] : [markOf(partOf)]),
    ...(after === undefined ? [] : [turnMark(after)]),
  ];
}

function markOf({ type, id }: NonNullable<Turn['partOf']>): string {
  return `${type}:${id}`;
}

function turnMark(id: string): string {
  return markOf({ type: 'turn', id });
}
