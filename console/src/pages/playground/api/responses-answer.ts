import { isObject, type JsonObject, textField } from '../../../agent/json-object.ts';
import { partsOfItems } from '../../../chat/parts-of-items.ts';
import {
  type Answer,
  type AnswerReader,
  type Artifact,
  numberField,
  readArtifacts,
  type TokenCount,
} from './answer.ts';
import { type Failure, failureOf } from './failure.ts';

/** Reads the events of the Responses API: its items as they grow, and the whole response at the end. */
export class ResponsesAnswer implements AnswerReader {
  #items: JsonObject[] = [];
  #artifacts: readonly Artifact[] = [];
  #omitted = 0;
  #tokens: TokenCount | undefined;
  #responseId: string | undefined;
  #finish: string | undefined;
  #failure: Failure | undefined;

  take(data: unknown): boolean {
    if (!isObject(data)) return false;
    const type = textField(data, 'type') ?? '';
    if (type === 'error') {
      this.#failure = failureOf(data);
      return false;
    }
    if (isObject(data['response'])) this.#takeResponse(data['response'], type);
    const index = data['output_index'];
    return typeof index === 'number' && this.#takeItemEvent(type, index, data);
  }

  #takeItemEvent(type: string, index: number, data: JsonObject): boolean {
    if (isObject(data['item'])) {
      this.#items[index] = data['item'];
      return data['item']['type'] !== 'message' && data['item']['type'] !== 'reasoning';
    }
    const item = this.#items[index];
    if (item === undefined) return false;
    const changed = grow(item, type, data);
    if (changed === undefined) return false;
    this.#items[index] = changed;
    return true;
  }

  #takeResponse(response: JsonObject, type: string): void {
    this.#responseId = textField(response, 'id') ?? this.#responseId;
    if (isObject(response['usage'])) this.#tokens = readUsage(response['usage']);
    if (Array.isArray(response['output']) && response['output'].length > 0)
      this.#items = response['output'].filter(isObject);
    const more = response['claudecode'];
    if (isObject(more)) {
      this.#artifacts = readArtifacts(more['artifacts']);
      this.#omitted = numberField(more, 'artifacts_omitted');
    }
    if (type === 'response.completed') this.#finish = 'stop';
    if (type === 'response.incomplete')
      this.#finish = textField(response['incomplete_details'], 'reason') ?? 'incomplete';
    if (type === 'response.failed') this.#failure = failureOf(response['error']);
  }

  read(): Answer {
    const items = this.#items.filter((item) => item !== undefined);
    return {
      parts: partsOfItems(items),
      raw: items,
      artifacts: this.#artifacts,
      artifactsOmitted: this.#omitted,
      tokens: this.#tokens,
      responseId: this.#finish === undefined ? undefined : this.#responseId,
      finish: this.#finish,
      failure: this.#failure,
    };
  }
}

/** The item with what an event adds; undefined for an event that adds nothing. */
function grow(item: JsonObject, type: string, data: JsonObject): JsonObject | undefined {
  const delta = textField(data, 'delta');
  switch (type) {
    case 'response.output_text.delta':
      return withText(item, 'content', numberField(data, 'content_index'), delta, {
        type: 'output_text',
        annotations: [],
      });
    case 'response.reasoning_summary_text.delta':
      return withText(item, 'summary', numberField(data, 'summary_index'), delta, { type: 'summary_text' });
    case 'response.function_call_arguments.delta':
    case 'response.mcp_call_arguments.delta':
      return { ...item, arguments: (textField(item, 'arguments') ?? '') + (delta ?? '') };
    case 'response.custom_tool_call_input.delta':
      return { ...item, input: (textField(item, 'input') ?? '') + (delta ?? '') };
    case 'response.code_interpreter_call_code.delta':
      return { ...item, code: (textField(item, 'code') ?? '') + (delta ?? '') };
    default:
      return undefined;
  }
}

function withText(
  item: JsonObject,
  field: 'content' | 'summary',
  index: number,
  delta: string | undefined,
  fresh: JsonObject,
): JsonObject {
  const list: unknown[] = Array.isArray(item[field]) ? [...item[field]] : [];
  const before = isObject(list[index]) ? list[index] : fresh;
  list[index] = { ...before, text: (textField(before, 'text') ?? '') + (delta ?? '') };
  return { ...item, [field]: list };
}

function readUsage(usage: JsonObject): TokenCount {
  return {
    input: numberField(usage, 'input_tokens'),
    cached: numberField(usage['input_tokens_details'], 'cached_tokens'),
    output: numberField(usage, 'output_tokens'),
    reasoning: numberField(usage['output_tokens_details'], 'reasoning_tokens'),
  };
}
