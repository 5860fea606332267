import type { StoredConversation } from '../../storage/index.ts';

export function encodeConversation({
  id,
  createdAt,
  metadata,
}: Pick<StoredConversation, 'id' | 'createdAt' | 'metadata'>) {
  return { id, object: 'conversation', created_at: Math.floor(createdAt / 1000), metadata };
}
