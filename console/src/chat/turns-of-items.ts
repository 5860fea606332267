import { isObject, type JsonObject, textField } from '../agent/json-object.ts';
import type { Part } from './parts.ts';
import { isOutput, partsOfItems, textOf } from './parts-of-items.ts';

/** A file that somebody sent along. */
export interface SentFile {
  readonly name: string;
  readonly fileId: string | undefined;
}

export type ItemTurn =
  | {
      readonly role: 'user' | 'system';
      readonly id: string;
      readonly text: string;
      readonly files: readonly SentFile[];
      readonly items: readonly JsonObject[];
    }
  | {
      readonly role: 'assistant';
      readonly id: string;
      readonly parts: readonly Part[];
      readonly items: readonly JsonObject[];
    };

/** A list of items as people read it: who said what, with all that one answer consists of put together. */
export function turnsOfItems(items: readonly unknown[]): readonly ItemTurn[] {
  const groups: { role: ItemTurn['role']; items: JsonObject[] }[] = [];
  for (const item of items) {
    if (!isObject(item)) continue;
    const role = roleOf(item);
    const last = groups.at(-1);
    if (role === 'assistant' && last?.role === 'assistant') last.items.push(item);
    else groups.push({ role, items: [item] });
  }
  return groups.map(({ role, items: own }, index) => {
    const id = textField(own[0], 'id') ?? `turn-${index}`;
    if (role === 'assistant') return { role, id, parts: partsOfItems(own), items: own };
    const { text, files } = readContent(own[0]?.['content']);
    return { role, id, text, files, items: own };
  });
}

function roleOf(item: JsonObject): ItemTurn['role'] {
  if (isOutput(item)) return 'assistant';
  const role = textField(item, 'role');
  if (item['type'] !== 'message' && item['type'] !== undefined) return 'assistant';
  if (role === 'system' || role === 'developer') return 'system';
  return role === 'assistant' ? 'assistant' : 'user';
}

/** The words and the files of a message, in the forms of both dialects. */
export function readContent(content: unknown): {
  readonly text: string;
  readonly files: readonly SentFile[];
} {
  if (!Array.isArray(content)) return { text: content === null ? '' : textOf(content), files: [] };
  const files = content.flatMap((part): SentFile[] => {
    if (!isObject(part) || textField(part, 'text') !== undefined) return [];
    const given = isObject(part['file']) ? part['file'] : part;
    const image = part['type'] === 'input_image' || part['type'] === 'image_url';
    const fileId = textField(given, 'file_id');
    return [{ name: textField(given, 'filename') ?? fileId ?? (image ? 'image' : 'file'), fileId }];
  });
  return { text: textOf(content), files };
}
