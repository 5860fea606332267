import type { Transaction } from 'kysely';
import { chunksOf, type ItemRef } from '../items/stored-items.ts';
import type { Schema } from '../schema.ts';

/**
 * Keeps everybody else from adding to a conversation until the transaction ends, and returns where the next item
 * goes; undefined where the owner has no such conversation.
 */
export async function lockConversation(
  transaction: Transaction<Schema>,
  owner: string,
  id: string,
  now: number,
): Promise<number | undefined> {
  const conversation = await transaction
    .updateTable('conversations')
    .set({ updated_at: now })
    .where('id', '=', id)
    .where('owner', '=', owner)
    .returning('next_position')
    .executeTakeFirst();
  return conversation?.next_position;
}

/** Those of the items, each once, whose id the locked conversation does not have yet. */
export async function withoutPresent<Item extends { readonly id: string }>(
  transaction: Transaction<Schema>,
  conversationId: string,
  items: readonly Item[],
): Promise<Item[]> {
  const missing = new Map<string, Item>();
  for (const item of items) if (!missing.has(item.id)) missing.set(item.id, item);
  for (const ids of chunksOf([...missing.keys()])) {
    const present = await transaction
      .selectFrom('conversation_items')
      .select('item_id')
      .where('conversation_id', '=', conversationId)
      .where('item_id', 'in', ids)
      .execute();
    for (const { item_id: id } of present) missing.delete(id);
  }
  return [...missing.values()];
}

/** Adds stored items to a locked conversation in this order; one whose id it has already stays where it is. */
export async function linkToConversation(
  transaction: Transaction<Schema>,
  conversation: { readonly id: string; readonly owner: string; readonly position: number },
  refs: readonly ItemRef[],
): Promise<void> {
  const { id, owner, position } = conversation;
  const missing = await withoutPresent(transaction, id, refs);
  if (missing.length === 0) return;
  const rows = missing.map((ref, index) => ({
    conversation_id: id,
    position: position + index,
    owner,
    item_id: ref.id,
    digest: ref.digest,
  }));
  for (const chunk of chunksOf(rows)) {
    await transaction.insertInto('conversation_items').values(chunk).execute();
  }
  await transaction
    .updateTable('conversations')
    .set({ next_position: position + rows.length })
    .where('id', '=', id)
    .execute();
}
