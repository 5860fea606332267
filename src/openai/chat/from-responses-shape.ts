import { isJsonObject, type JsonObject } from '../../turn/index.ts';
import { invalidType, invalidValue } from '../errors.ts';
import { describeType } from '../parse-body.ts';

/**
 * Cursor sends bodies of the Responses API to `/chat/completions` and expects chat chunks back. Such a body
 * (`input` and no `messages`) is rewritten as the chat body that says the same; anything else comes back as
 * it is. What is wrong inside an item is told later, in terms of the chat body.
 */
export function fromResponsesShape(body: unknown): unknown {
  if (!isJsonObject(body)) return body;
  const { input, messages, instructions, reasoning, text, max_output_tokens, ...rest } = body;
  if (messages !== undefined || input === undefined) return body;
  const system = typeof instructions === 'string' ? [{ role: 'system', content: instructions }] : [];
  const effort = isJsonObject(reasoning) ? reasoning['effort'] : undefined;
  const format = isJsonObject(text) ? fromTextFormat(text['format']) : undefined;
  const verbosity = isJsonObject(text) ? text['verbosity'] : undefined;
  return {
    ...(effort === undefined ? {} : { reasoning_effort: effort }),
    ...(format === undefined ? {} : { response_format: format }),
    ...(verbosity === undefined ? {} : { verbosity }),
    ...(max_output_tokens === undefined ? {} : { max_completion_tokens: max_output_tokens }),
    ...rest,
    messages: [...system, ...fromInput(input)],
  };
}

function fromInput(input: unknown): unknown[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  if (!Array.isArray(input)) throw invalidType('input', 'one of a string or an array', describeType(input));
  return input.flatMap((item: unknown, index) => fromItem(item, `input[${index}]`));
}

function fromItem(item: unknown, path: string): unknown[] {
  if (!isJsonObject(item)) throw invalidType(path, 'an object', describeType(item));
  const callId = item['call_id'];
  switch (item['type']) {
    case undefined:
    case 'message':
      return [{ ...item, content: fromContent(item['content']) }];
    case 'function_call': {
      const call = { name: item['name'], arguments: item['arguments'] };
      return [{ role: 'assistant', tool_calls: [{ id: callId, type: 'function', function: call }] }];
    }
    case 'custom_tool_call': {
      const call = { name: item['name'], input: item['input'] };
      return [{ role: 'assistant', tool_calls: [{ id: callId, type: 'custom', custom: call }] }];
    }
    case 'function_call_output':
    case 'custom_tool_call_output':
      return [{ role: 'tool', tool_call_id: callId, content: fromContent(item['output']) }];
    // Thinking of another turn: Claude takes back only its own, and that the engine keeps.
    case 'reasoning':
      return [];
    default:
      throw invalidValue(
        `${path}.type`,
        `Invalid value: '${String(item['type'])}'. Only messages, tool calls and their outputs are supported here; ` +
          'use POST /v1/responses for other items.',
      );
  }
}

function fromContent(content: unknown): unknown {
  return Array.isArray(content) ? content.map(fromContentPart) : content;
}

function fromContentPart(part: unknown): unknown {
  if (!isJsonObject(part)) return part;
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: part['text'] };
    case 'input_image':
      if (typeof part['file_id'] === 'string') return { type: 'file', file: { file_id: part['file_id'] } };
      return { type: 'image_url', image_url: part['image_url'] };
    case 'input_file': {
      const { file_data, file_id, filename } = part;
      return { type: 'file', file: { file_data, file_id, filename } };
    }
    default:
      return part;
  }
}

/** Responses has the schema in the format itself, chat one level deeper. */
function fromTextFormat(format: unknown): JsonObject | undefined {
  if (!isJsonObject(format)) return undefined;
  if (format['type'] !== 'json_schema') return format;
  const { type, ...schema } = format;
  return { type, json_schema: schema };
}
