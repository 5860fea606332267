import type { OutputItem, StoredItem } from '../../openai/index.ts';
import type { StoredItem as ItemBody } from '../../storage/index.ts';
import type { JsonObject } from '../../turn/index.ts';

// Storage knows items as JSON; the dialect, which made every one of them, knows what they are.

export function fromStorage(items: readonly ItemBody[]): StoredItem[] {
  return items.map(({ body }) => body as unknown as StoredItem);
}

export function fromBody(body: JsonObject): StoredItem {
  return body as unknown as StoredItem;
}

export function toStorage(items: readonly (StoredItem | OutputItem)[]): ItemBody[] {
  return items.map((item) => ({ id: item.id, body: toJson(item) }));
}

/** Objects of the wire are JSON by their making; their types are interfaces, which TypeScript does not see as such. */
export function toJson(value: object): JsonObject {
  return value as JsonObject;
}
