import {
  decodeConversationItems,
  invalidValue,
  peekFileIds,
  peekReferences,
  type StoredItem,
} from '../../openai/index.ts';
import { loadFiles } from '../files/load-files.ts';
import { newId } from '../new-id.ts';
import { fromBody } from '../responses/item-bodies.ts';
import type { ConversationDeps } from './conversation-deps.ts';

const mostItems = 20;

/** The `items` of a request of the Conversations API, references resolved. Rejects with a WireError. */
export async function decodeItems(
  items: unknown,
  owner: string,
  { responses, files }: Pick<ConversationDeps, 'responses' | 'files'>,
): Promise<StoredItem[]> {
  if (Array.isArray(items) && items.length > mostItems) {
    throw invalidValue(
      'items',
      `Invalid 'items': array too long. Expected an array with maximum length ${mostItems}, but got an array ` +
        `with length ${items.length} instead.`,
    );
  }
  const { itemIds } = peekReferences({ input: items });
  const found = itemIds.length === 0 ? new Map() : await responses.findItems(owner, itemIds);
  return decodeConversationItems(items, 'items', {
    newId,
    findFile: await loadFiles(owner, peekFileIds({ input: items }), files),
    findItem: (id) => {
      const body = found.get(id);
      return body === undefined ? undefined : fromBody(body);
    },
  });
}
