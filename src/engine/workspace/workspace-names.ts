import { createHash } from 'node:crypto';
import { directoryNameOf, sharedWorkspaceId, type Turn } from '../../turn/index.ts';

/** One workspace of an owner's. */
export interface WorkspacePlace {
  readonly owner: string;
  /** Its name in this server: as in `FilesChanged`. */
  readonly workspaceId: string;
}

/** Of the directories of others in the root, as patterns of git and of Claude Code. What is being removed has the last. */
export const othersInRoot = [
  'owner-*',
  'container-*',
  'conversation-*',
  'directory-*',
  '.removing-*',
] as const;

/** The same, to the letter. */
export const hiddenInRoot =
  /^(?:(?:owner|container|conversation)-[0-9a-f]{24}|directory-[a-z0-9][a-z0-9._-]{0,62}|\.removing-[0-9a-f-]{36})$/;

const conversationPrefix = 'conversation-';
const directoryName = /^[a-z0-9][a-z0-9._-]{0,62}$/;

/** The workspace that an owner has of its own. */
export function ownWorkspaceId(owner: string): string {
  return `owner-${digest(owner)}`;
}

export function isConversationWorkspace(workspaceId: string): boolean {
  return workspaceId.startsWith(conversationPrefix);
}

/**
 * The workspace of a conversation that nothing is known of yet: by its own id where the server keeps it, so that turns
 * that begin it together agree; else by the turn that begins it.
 */
export function newConversationWorkspaceId({ id, partOf }: Pick<Turn, 'id' | 'partOf'>): string {
  const begunBy = partOf?.type === 'conversation' ? ['conversation', partOf.id] : ['turn', id];
  return conversationPrefix + digest(JSON.stringify(begunBy));
}

/**
 * The name of the directory in the root; undefined for the root itself. An owner's own is found by that owner alone, and
 * so are its conversations' and containers': somebody else's id leads to another directory.
 */
export function directoryOfPlace({ owner, workspaceId }: WorkspacePlace): string | undefined {
  if (workspaceId === sharedWorkspaceId) return undefined;
  if (workspaceId === ownWorkspaceId(owner)) return workspaceId;
  const named = directoryNameOf(workspaceId);
  if (named !== undefined && directoryName.test(named)) return workspaceId;
  const kind = isConversationWorkspace(workspaceId) ? conversationPrefix : 'container-';
  return kind + digest(JSON.stringify([owner, workspaceId]));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24);
}
