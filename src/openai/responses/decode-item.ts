import { isJsonObject, type JsonObject } from '../../turn/index.ts';
import { invalidType, invalidValue, missingField, WireError } from '../errors.ts';
import { describeType, parseBody } from '../parse-body.ts';
import type { FindFile } from '../uploaded-files.ts';
import { decodeInputContent, decodeOutputContent, decodeSystemContent } from './decode-parts.ts';
import { type InputItemType, inputItemSchemas, type WireItem } from './input-item-schemas.ts';
import { idPrefixes, type StoredItem, type WebSearchAction } from './items.ts';

export interface ItemContext {
  /** A new id with this prefix, as `msg_`. */
  readonly newId: (prefix: string) => string;
  /** An item of the owner by its id. */
  readonly findItem: (id: string) => StoredItem | undefined;
  /** Uploaded files that `peekFileIds` and `fileIdsOf` name; absent: there are none. */
  readonly findFile?: FindFile | undefined;
}

/** Where an item stands in the request. */
export interface ItemPlacing {
  readonly name: string;
  readonly index: number;
  readonly path: string;
}

/** Undefined for `compaction_trigger`, which is a request and no item. */
export function decodeItem(
  given: unknown,
  place: ItemPlacing,
  { newId, findItem }: ItemContext,
): StoredItem | undefined {
  const { path } = place;
  if (!isJsonObject(given)) throw invalidType(path, 'an object', describeType(given));
  const type = typeOf(given, path);
  const parse = <Type extends InputItemType>(schema: Type): WireItem<Type> =>
    parseBody(inputItemSchemas[schema], given, [place.name, place.index]) as WireItem<Type>;
  const idOf = (wire: { readonly id?: string | null | undefined }, prefix: keyof typeof idPrefixes): string =>
    wire.id ?? newId(idPrefixes[prefix]);

  switch (type) {
    case 'message':
      return decodeMessage(parse(type), path, newId);
    case 'function_call': {
      const wire = parse(type);
      const { call_id, name, status } = wire;
      return {
        id: idOf(wire, type),
        type,
        call_id,
        name,
        ...optional('namespace', wire.namespace),
        arguments: wire.arguments,
        status: status ?? 'completed',
      };
    }
    case 'custom_tool_call': {
      const wire = parse(type);
      const { call_id, name, input, status } = wire;
      return {
        id: idOf(wire, type),
        type,
        call_id,
        name,
        ...optional('namespace', wire.namespace),
        input,
        status: status ?? 'completed',
      };
    }
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const wire = parse(type);
      const { call_id, output, status } = wire;
      return {
        id: idOf(wire, type),
        type,
        call_id,
        output: typeof output === 'string' ? output : decodeInputContent(output, `${path}.output`),
        status: status ?? 'completed',
      };
    }
    case 'reasoning': {
      const wire = parse(type);
      return {
        id: idOf(wire, type),
        type,
        summary: (wire.summary ?? []).map(({ text }) => ({ type: 'summary_text', text })),
        ...(wire.content && {
          content: wire.content.map(({ text }) => ({ type: 'reasoning_text' as const, text })),
        }),
        ...optional('encrypted_content', wire.encrypted_content),
        status: wire.status ?? 'completed',
      };
    }
    case 'item_reference': {
      const { id } = parse(type);
      const found = findItem(id);
      if (found === undefined) throw itemNotFound(id);
      return found;
    }
    case 'mcp_call': {
      const wire = parse(type);
      const { server_label, name, output, error } = wire;
      const status = wire.status === 'calling' ? 'in_progress' : wire.status;
      return {
        id: idOf(wire, type),
        type,
        server_label,
        name,
        arguments: wire.arguments,
        output: output ?? null,
        error: error === undefined || error === null ? null : asText(error),
        status: status ?? (error ? 'failed' : 'completed'),
        ...optional('approval_request_id', wire.approval_request_id),
      };
    }
    case 'mcp_list_tools': {
      const wire = parse(type);
      return {
        id: idOf(wire, type),
        type,
        server_label: wire.server_label,
        tools: wire.tools.map((tool) => ({
          name: tool.name,
          ...optional('description', tool.description),
          input_schema: tool.input_schema,
          ...(isJsonObject(tool.annotations) && { annotations: tool.annotations }),
        })),
        ...(wire.error && { error: asText(wire.error) }),
      };
    }
    case 'mcp_approval_request': {
      const wire = parse(type);
      const { server_label, name } = wire;
      return { id: idOf(wire, type), type, server_label, name, arguments: wire.arguments };
    }
    case 'mcp_approval_response': {
      const wire = parse(type);
      const { approval_request_id, approve, reason } = wire;
      return { id: idOf(wire, type), type, approval_request_id, approve, ...optional('reason', reason) };
    }
    case 'web_search_call': {
      const wire = parse(type);
      return {
        id: idOf(wire, type),
        type,
        status: wire.status ?? 'completed',
        action: decodeAction(wire.action),
      };
    }
    case 'code_interpreter_call': {
      const wire = parse(type);
      return {
        id: idOf(wire, type),
        type,
        status: wire.status ?? 'completed',
        code: wire.code ?? null,
        container_id: wire.container_id ?? '',
        outputs:
          wire.outputs?.map((output) =>
            output.type === 'logs' ? { type: 'logs', logs: output.logs } : { type: 'image', url: output.url },
          ) ?? null,
      };
    }
    case 'compaction': {
      const wire = parse(type);
      return { id: idOf(wire, type), type, encrypted_content: wire.encrypted_content };
    }
    case 'additional_tools': {
      const wire = parse(type);
      return { id: idOf(wire, type), type, role: 'developer', tools: wire.tools.filter(isJsonObject) };
    }
    case 'compaction_trigger':
      return undefined;
  }
}

/** Clients leave `type` out of messages and of references. */
function typeOf(item: JsonObject, path: string): InputItemType {
  const { type, role, id } = item;
  if (typeof type === 'string' && isKnownType(type)) return type;
  if (type === undefined || type === null) {
    if (role !== undefined) return 'message';
    if (id !== undefined) return 'item_reference';
    throw missingField(`${path}.type`);
  }
  const supported = Object.keys(inputItemSchemas).map((known) => `'${known}'`);
  throw invalidValue(
    `${path}.type`,
    `Invalid value: '${String(type)}' at '${path}.type'. Supported values are: ${supported.join(', ')}.`,
  );
}

function isKnownType(type: string): type is InputItemType {
  return Object.hasOwn(inputItemSchemas, type);
}

export function decodeMessage(
  wire: WireItem<'message'>,
  path: string,
  newId: ItemContext['newId'],
): StoredItem {
  const { role } = wire;
  const content = wire.content ?? [];
  const contentPath = `${path}.content`;
  const head = {
    id: wire.id ?? newId(idPrefixes.message),
    type: 'message',
    status: wire.status ?? 'completed',
  } as const;
  switch (role) {
    case 'assistant':
      return {
        ...head,
        role,
        content: decodeOutputContent(content, contentPath),
        ...(wire.phase && { phase: wire.phase }),
      };
    case 'user':
      return { ...head, role, content: decodeInputContent(content, contentPath) };
    case 'system':
    case 'developer':
      return { ...head, role, content: decodeSystemContent(content, contentPath) };
  }
}

function decodeAction(action: WireItem<'web_search_call'>['action']): WebSearchAction {
  switch (action?.type) {
    case 'search':
      return {
        type: 'search',
        ...optional('query', action.query),
        ...(action.queries && { queries: action.queries }),
        ...(action.sources && { sources: action.sources.map(({ url }) => ({ type: 'url' as const, url })) }),
      };
    case 'open_page':
      return { type: 'open_page', ...optional('url', action.url) };
    case 'find_in_page':
      return { type: 'find_in_page', url: action.url, pattern: action.pattern };
    case undefined:
      return { type: 'search' };
  }
}

function optional<Key extends string>(
  key: Key,
  value: string | null | undefined,
): { readonly [K in Key]?: string } {
  return (value === null || value === undefined ? {} : { [key]: value }) as { readonly [K in Key]?: string };
}

function asText(error: string | object): string {
  return typeof error === 'string' ? error : JSON.stringify(error);
}

function itemNotFound(id: string): WireError {
  return new WireError({
    status: 404,
    type: 'invalid_request_error',
    message: `Item with id '${id}' not found. Items are not persisted when 'store' is set to false.`,
    param: 'input',
  });
}
