import type { ItemList } from '../storage/index.ts';
import type { JsonObject } from '../turn/index.ts';

/** A page as OpenAI tells lists. */
export function encodeItemList({ items, hasMore }: ItemList) {
  return {
    object: 'list',
    data: items.map(({ body }): JsonObject => body),
    first_id: items[0]?.id ?? null,
    last_id: items.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}
