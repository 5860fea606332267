import { isObject, type JsonObject, textField } from '../../../agent/json-object.ts';
import { type Part, parseInput, type ToolPart } from '../../../chat/parts.ts';
import { splitActivity } from '../../../chat/split-activity.ts';
import {
  type Answer,
  type AnswerReader,
  type Artifact,
  numberField,
  readArtifacts,
  type TokenCount,
} from './answer.ts';
import { type Failure, failureOf } from './failure.ts';

interface Call {
  id: string;
  name: string;
  custom: boolean;
  input: string;
}

/** What the server adds to the text about files; the cards below the answer say the same. */
const filesBlock = /\s*<!-- claudecode-api:files -->[\s\S]*$/;

/** Reads the chunks of Chat Completions. */
export class ChatAnswer implements AnswerReader {
  #content = '';
  #reasoning = '';
  #refusal = '';
  readonly #calls: Call[] = [];
  #artifacts: readonly Artifact[] = [];
  #omitted = 0;
  #tokens: TokenCount | undefined;
  #finish: string | undefined;
  #failure: Failure | undefined;

  take(data: unknown): boolean {
    if (!isObject(data)) return false;
    if (isObject(data['error'])) {
      this.#failure = failureOf(data);
      return false;
    }
    if (isObject(data['usage'])) this.#tokens = readUsage(data['usage']);
    const choices = Array.isArray(data['choices']) ? data['choices'] : [];
    const choice = choices.find((one) => numberField(one, 'index') === 0);
    if (!isObject(choice)) return false;
    this.#finish = textField(choice, 'finish_reason') ?? this.#finish;
    return this.#takeDelta(choice['delta']);
  }

  #takeDelta(delta: unknown): boolean {
    if (!isObject(delta)) return false;
    const content = textField(delta, 'content') ?? '';
    const reasoning = textField(delta, 'reasoning_content') ?? '';
    const refusal = textField(delta, 'refusal') ?? '';
    this.#content += content;
    this.#reasoning += reasoning;
    this.#refusal += refusal;
    const calls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] : [];
    for (const call of calls) this.#takeCall(call);
    if (delta['artifacts'] !== undefined) this.#artifacts = readArtifacts(delta['artifacts']);
    this.#omitted = numberField(delta, 'artifacts_omitted') || this.#omitted;
    return content !== '' || reasoning !== '' || refusal !== '' || calls.length > 0;
  }

  #takeCall(call: unknown): void {
    const index = numberField(call, 'index');
    if (!isObject(call)) return;
    const known = this.#calls[index] ?? { id: '', name: '', custom: false, input: '' };
    const custom = isObject(call['custom']);
    const given = custom ? call['custom'] : call['function'];
    known.id = textField(call, 'id') ?? known.id;
    known.custom ||= custom;
    known.name = textField(given, 'name') ?? known.name;
    known.input += textField(given, custom ? 'input' : 'arguments') ?? '';
    this.#calls[index] = known;
  }

  read(): Answer {
    const text = this.#content.replace(filesBlock, '');
    const calls = this.#calls.filter((call) => call !== undefined);
    const parts: Part[] = [...splitActivity(this.#reasoning)];
    if (text !== '') parts.push({ kind: 'text', text, cited: [] });
    if (this.#refusal !== '') parts.push({ kind: 'refusal', text: this.#refusal });
    parts.push(...calls.map(toPart));
    return {
      parts,
      raw: this.#content === '' && calls.length === 0 ? [] : [this.#message(calls)],
      artifacts: this.#artifacts,
      artifactsOmitted: this.#omitted,
      tokens: this.#tokens,
      responseId: undefined,
      finish: this.#finish,
      failure: this.#failure,
    };
  }

  #message(calls: readonly Call[]): JsonObject {
    return {
      role: 'assistant',
      content: this.#content === '' ? null : this.#content,
      ...(calls.length > 0 && { tool_calls: calls.map(toWire) }),
    };
  }
}

function toPart({ id, name, input }: Call): ToolPart {
  return {
    kind: 'tool',
    id,
    name,
    server: undefined,
    input: parseInput(input),
    output: undefined,
    state: 'open',
  };
}

function toWire({ id, name, custom, input }: Call): JsonObject {
  return custom
    ? { id, type: 'custom', custom: { name, input } }
    : { id, type: 'function', function: { name, arguments: input } };
}

function readUsage(usage: JsonObject): TokenCount {
  return {
    input: numberField(usage, 'prompt_tokens'),
    cached: numberField(usage['prompt_tokens_details'], 'cached_tokens'),
    output: numberField(usage, 'completion_tokens'),
    reasoning: numberField(usage['completion_tokens_details'], 'reasoning_tokens'),
  };
}
