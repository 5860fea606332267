import type { TurnEvent, Usage } from '../../turn/index.ts';
import { type ChatEncoderOptions, ChatStreamEncoder } from './chat-stream-encoder.ts';
import type {
  ChatChoice,
  ChatCompletion,
  ChatDelta,
  ChatToolCall,
  ChatToolCallDelta,
  FinishReason,
} from './chat-wire.ts';
import { encodeUsage } from './encode-usage.ts';

export interface CollectedChoice {
  readonly choice: ChatChoice;
  readonly usage: Usage;
}

/** The answer of one turn without streaming: the chunks of the stream, put together. */
export class ChatChoiceCollector {
  readonly #encoder: ChatStreamEncoder;
  readonly #choiceIndex: number;
  readonly #toolCalls: ChatToolCall[] = [];
  #content = '';
  #reasoning = '';
  #functionCall: { readonly name: string; readonly arguments: string } | undefined;
  #artifacts: Pick<ChatDelta, 'artifacts' | 'artifacts_omitted'> = {};

  constructor(options: ChatEncoderOptions) {
    this.#encoder = new ChatStreamEncoder(options);
    this.#choiceIndex = options.choiceIndex;
  }

  /** The choice, once the turn is done. Throws the TurnError of an `error` event. */
  push(event: TurnEvent): CollectedChoice | undefined {
    if (event.type === 'error') throw event.error;
    if (event.type === 'text.reset') {
      this.#content = '';
      this.#encoder.forgetText();
      return undefined;
    }
    let finish: FinishReason | null = null;
    for (const chunk of this.#encoder.push(event)) {
      for (const choice of chunk.choices) {
        this.#add(choice.delta);
        finish = choice.finish_reason;
      }
    }
    if (event.type !== 'done' || finish === null) return undefined;
    return { choice: this.#choice(finish), usage: event.usage };
  }

  #add(delta: ChatDelta): void {
    this.#content += delta.content ?? '';
    this.#reasoning += delta.reasoning_content ?? '';
    const { artifacts, artifacts_omitted: omitted } = delta;
    if (artifacts !== undefined) {
      this.#artifacts = omitted === undefined ? { artifacts } : { artifacts, artifacts_omitted: omitted };
    }
    if (delta.function_call !== undefined) {
      const name = this.#functionCall?.name ?? delta.function_call.name ?? '';
      const before = this.#functionCall?.arguments ?? '';
      this.#functionCall = { name, arguments: before + delta.function_call.arguments };
    }
    for (const call of delta.tool_calls ?? []) {
      this.#toolCalls[call.index] = extendCall(this.#toolCalls[call.index], call);
    }
  }

  #choice(finish: FinishReason): ChatChoice {
    const hasCalls = this.#toolCalls.length > 0 || this.#functionCall !== undefined;
    return {
      index: this.#choiceIndex,
      message: {
        role: 'assistant',
        content: this.#content === '' && hasCalls ? null : this.#content,
        refusal: null,
        ...(this.#reasoning === '' ? {} : { reasoning_content: this.#reasoning }),
        ...(this.#toolCalls.length === 0 ? {} : { tool_calls: this.#toolCalls }),
        ...(this.#functionCall === undefined ? {} : { function_call: this.#functionCall }),
        ...this.#artifacts,
      },
      logprobs: null,
      finish_reason: finish,
    };
  }
}

/** The whole answer of the request, from its choices in any order. */
export function encodeChatCompletion(
  head: Pick<ChatEncoderOptions, 'id' | 'created' | 'model'>,
  collected: readonly CollectedChoice[],
): ChatCompletion {
  return {
    id: head.id,
    object: 'chat.completion',
    created: head.created,
    model: head.model,
    system_fingerprint: null,
    choices: collected.map(({ choice }) => choice).sort((a, b) => a.index - b.index),
    usage: encodeUsage(collected.map(({ usage }) => usage)),
  };
}

function extendCall(call: ChatToolCall | undefined, delta: ChatToolCallDelta): ChatToolCall {
  const id = call?.id ?? delta.id ?? '';
  if (call?.type === 'custom' || delta.type === 'custom') {
    const before = call?.type === 'custom' ? call.custom : { name: delta.custom?.name ?? '', input: '' };
    return { id, type: 'custom', custom: { ...before, input: before.input + (delta.custom?.input ?? '') } };
  }
  const before = call?.function ?? { name: delta.function?.name ?? '', arguments: '' };
  const fragment = delta.function?.arguments ?? '';
  return { id, type: 'function', function: { ...before, arguments: before.arguments + fragment } };
}
