import { isObject, type JsonObject, textField } from '../agent/json-object.ts';
import { type CitedFile, type Part, parseInput, type ToolPart, type ToolState } from './parts.ts';

/** The items of a response as the parts of an answer. Outputs and decisions go to the calls that they answer. */
export function partsOfItems(items: readonly unknown[]): readonly Part[] {
  const known = collectAnswers(items);
  return items.flatMap((item) => (isObject(item) ? partsOfItem(item, known) : []));
}

interface KnownAnswers {
  readonly outputs: ReadonlyMap<string, string>;
  readonly decisions: ReadonlyMap<string, boolean>;
}

function collectAnswers(items: readonly unknown[]): KnownAnswers {
  const outputs = new Map<string, string>();
  const decisions = new Map<string, boolean>();
  for (const item of items) {
    if (!isObject(item)) continue;
    const callId = textField(item, 'call_id');
    if (callId !== undefined && isOutput(item)) outputs.set(callId, textOf(item['output']));
    const asked = textField(item, 'approval_request_id');
    if (asked !== undefined && item['type'] === 'mcp_approval_response')
      decisions.set(asked, item['approve'] === true);
  }
  return { outputs, decisions };
}

/** Whether an item only answers another one, with which it is shown. */
export function isOutput(item: JsonObject): boolean {
  const type = item['type'];
  return (
    type === 'function_call_output' || type === 'custom_tool_call_output' || type === 'mcp_approval_response'
  );
}

function partsOfItem(item: JsonObject, { outputs, decisions }: KnownAnswers): readonly Part[] {
  const id = textField(item, 'id') ?? textField(item, 'call_id') ?? '';
  switch (item['type']) {
    case 'message':
      return messageParts(item);
    case 'reasoning': {
      const text = reasoningText(item);
      return text === '' ? [] : [{ kind: 'thinking', text }];
    }
    case 'function_call':
    case 'custom_tool_call': {
      const callId = textField(item, 'call_id') ?? id;
      const output = outputs.get(callId);
      const given = textField(item, 'arguments') ?? textField(item, 'input') ?? '';
      const state: ToolState =
        output !== undefined ? 'done' : item['status'] === 'in_progress' ? 'running' : 'open';
      const name = textField(item, 'name') ?? '';
      return [{ kind: 'tool', id: callId, name, server: undefined, input: parseInput(given), output, state }];
    }
    case 'mcp_call':
      return [mcpPart(item, id)];
    case 'web_search_call':
      return [searchPart(item, id)];
    case 'code_interpreter_call':
      return [
        {
          kind: 'tool',
          id,
          name: 'Bash',
          server: 'code_interpreter',
          input: { command: textField(item, 'code') ?? '' },
          output: logsOf(item['outputs']),
          state: stateOf(item['status']),
        },
      ];
    case 'mcp_approval_request':
      return [
        {
          kind: 'approval',
          id,
          name: textField(item, 'name') ?? '',
          server: textField(item, 'server_label') ?? '',
          input: parseInput(textField(item, 'arguments') ?? ''),
          approved: decisions.get(id),
        },
      ];
    case 'compaction':
      return [{ kind: 'note', text: 'What came before was summed up here.' }];
    case 'mcp_list_tools': {
      const tools = Array.isArray(item['tools']) ? item['tools'].length : 0;
      return [
        { kind: 'note', text: `${textField(item, 'server_label') ?? 'A server'} offers ${tools} tools.` },
      ];
    }
    case 'additional_tools':
      return [{ kind: 'note', text: 'More tools were given.' }];
    default:
      return [];
  }
}

function messageParts(item: JsonObject): readonly Part[] {
  const { content } = item;
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'text', text: content, cited: [] }];
  if (!Array.isArray(content)) return [];
  return content.flatMap((part): Part[] => {
    const refusal = textField(part, 'refusal');
    if (refusal !== undefined) return [{ kind: 'refusal', text: refusal }];
    const text = textField(part, 'text');
    if (text === undefined || text === '') return [];
    return [{ kind: 'text', text, cited: citedFiles(isObject(part) ? part['annotations'] : undefined) }];
  });
}

function citedFiles(annotations: unknown): readonly CitedFile[] {
  if (!Array.isArray(annotations)) return [];
  const files = annotations.flatMap((one): CitedFile[] => {
    const fileId = textField(one, 'file_id');
    const containerId = textField(one, 'container_id');
    const path = textField(one, 'filename');
    if (fileId === undefined || containerId === undefined || path === undefined) return [];
    return [{ path, fileId, containerId }];
  });
  return [...new Map(files.map((file) => [file.fileId, file])).values()];
}

function reasoningText(item: JsonObject): string {
  const texts = (list: unknown): string[] =>
    Array.isArray(list) ? list.flatMap((one) => textField(one, 'text') ?? []) : [];
  const whole = texts(item['content']);
  return (whole.length > 0 ? whole : texts(item['summary'])).join('\n\n').trim();
}

function mcpPart(item: JsonObject, id: string): ToolPart {
  const error = item['error'];
  const output = textField(item, 'output');
  const failed = error !== null && error !== undefined;
  return {
    kind: 'tool',
    id,
    name: textField(item, 'name') ?? '',
    server: textField(item, 'server_label') ?? '',
    input: parseInput(textField(item, 'arguments') ?? ''),
    output: failed ? textOf(error) : output,
    state: failed ? 'failed' : stateOf(item['status']),
  };
}

function searchPart(item: JsonObject, id: string): ToolPart {
  const action = item['action'];
  const sources = isObject(action) ? action['sources'] : undefined;
  const urls = Array.isArray(sources) ? sources.flatMap((source) => textField(source, 'url') ?? []) : [];
  const query = textField(action, 'query') ?? textField(action, 'url') ?? textField(action, 'pattern') ?? '';
  return {
    kind: 'tool',
    id,
    name: 'WebSearch',
    server: 'web_search',
    input: { query },
    output: urls.length > 0 ? urls.join('\n') : undefined,
    state: stateOf(item['status']),
  };
}

function stateOf(status: unknown): ToolState {
  if (status === 'failed') return 'failed';
  return status === 'in_progress' || status === 'searching' || status === 'interpreting' ? 'running' : 'done';
}

function logsOf(outputs: unknown): string | undefined {
  if (!Array.isArray(outputs)) return undefined;
  return outputs.flatMap((output) => textField(output, 'logs') ?? []).join('\n');
}

/** A text, or the texts of a list of parts; anything else as JSON. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.flatMap((part) => textField(part, 'text') ?? []).join('\n');
  return JSON.stringify(value ?? '');
}
