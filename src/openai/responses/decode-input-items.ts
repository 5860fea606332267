import { FileAttacher, type ResolveFile } from '../attach-files.ts';
import { invalidType, invalidValue } from '../errors.ts';
import { describeType, parseBody } from '../parse-body.ts';
import { toToolContent } from '../text-parts.ts';
import { decodeItem, decodeMessage, type ItemContext } from './decode-item.ts';
import { toTurnParts } from './decode-parts.ts';
import { inputItemSchemas } from './input-item-schemas.ts';
import { idPrefixes, type StoredItem } from './items.ts';

/** An item and where it stands in the request. */
export interface PlacedItem {
  readonly item: StoredItem;
  readonly path: string;
  /** Of what this server keeps, and not of the request. */
  readonly kept?: boolean;
}

export interface DecodedInput {
  readonly items: readonly PlacedItem[];
  /** The client asks for the conversation to be compacted (Codex). */
  readonly compactionTrigger: boolean;
}

/** The items of `input`; `path` names the field. Items without an id get one; references are resolved. */
export function decodeInputItems(input: unknown, path: string, context: ItemContext): DecodedInput {
  if (input === undefined || input === null) return { items: [], compactionTrigger: false };
  if (typeof input === 'string') {
    const message = parseBody(inputItemSchemas.message, { role: 'user', content: input });
    return { items: [{ item: decodeMessage(message, path, context.newId), path }], compactionTrigger: false };
  }
  if (!Array.isArray(input)) throw invalidType(path, 'one of a string or an array', describeType(input));
  const items: PlacedItem[] = [];
  let compactionTrigger = false;
  for (const [index, given] of input.entries()) {
    const place = `${path}[${index}]`;
    const item = decodeItem(given, { name: path, index, path: place }, context);
    if (item === undefined) compactionTrigger = true;
    else items.push({ item, path: place });
  }
  return { items: giveDistinctIds(items, context.newId), compactionTrigger };
}

/** Items that are stored without being asked about (Conversations API): their content is checked as well. */
export function decodeConversationItems(items: unknown, path: string, context: ItemContext): StoredItem[] {
  if (items !== undefined && items !== null && !Array.isArray(items)) {
    throw invalidType(path, 'an array', describeType(items));
  }
  const decoded = decodeInputItems(items, path, context);
  if (decoded.compactionTrigger) {
    throw invalidValue(path, `Invalid '${path}': 'compaction_trigger' is no item of a conversation.`);
  }
  // With whom the items will be talked about is not known yet.
  const files = new FileAttacher({ findFile: context.findFile, intoWorkspace: true });
  for (const placed of decoded.items) checkContent(placed, files.resolve);
  return decoded.items.map(({ item }) => item);
}

/** A client may send one id twice (parts of one message, say); what is stored is told apart by id. */
function giveDistinctIds(items: readonly PlacedItem[], newId: ItemContext['newId']): PlacedItem[] {
  const seen = new Set<string>();
  return items.map(({ item, path }) => {
    const id = seen.has(item.id) ? newId(idPrefixes[item.type]) : item.id;
    seen.add(id);
    return { item: { ...item, id }, path };
  });
}

function checkContent({ item, path }: PlacedItem, resolveFile: ResolveFile): void {
  if (item.type === 'message' && item.role === 'user') {
    toTurnParts(item.content, `${path}.content`, resolveFile);
  }
  if (item.type !== 'function_call_output' && item.type !== 'custom_tool_call_output') return;
  if (typeof item.output === 'string') return;
  toToolContent(toTurnParts(item.output, `${path}.output`, resolveFile), `${path}.output`);
}
