import type { StopReason, TokenCounts, TurnEvent, Usage } from '../../turn/index.ts';
import { answerAlreadySent } from '../answer-already-sent.ts';
import { encodeUsage } from '../chat/encode-usage.ts';
import type { TextChoice, TextCompletion, TextCompletionChunk, TextFinishReason } from './completion-wire.ts';

export interface CompletionHead {
  readonly id: string;
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
}

export interface CompletionEncoderOptions extends CompletionHead {
  readonly choiceIndex: number;
  /** What the text begins with. */
  readonly echo: string;
}

/**
 * Turns the events of one turn into chunks of one choice. An `error` event gives no chunk: the caller writes the
 * error frame. Throws a TurnError for a `text.reset` after text.
 */
export class CompletionStreamEncoder {
  readonly #options: CompletionEncoderOptions;
  #echoed = false;
  #hasText = false;

  constructor(options: CompletionEncoderOptions) {
    this.#options = options;
  }

  push(event: TurnEvent): TextCompletionChunk[] {
    switch (event.type) {
      case 'text.delta':
        if (event.text === '') return [];
        this.#hasText = true;
        return this.#tell(event.text, null);
      case 'text.reset':
        if (this.#hasText) throw answerAlreadySent();
        return [];
      case 'done':
        return this.#tell('', mapTextFinishReason(event.stopReason));
      default:
        return [];
    }
  }

  /** The last chunk of a stream whose client asked for usage: the sum over the turns of all choices. */
  usageChunk(turns: readonly TokenCounts[]): TextCompletionChunk {
    return { ...envelope(this.#options), choices: [], usage: encodeUsage(turns) };
  }

  #tell(text: string, finish: TextFinishReason | null): TextCompletionChunk[] {
    const { echo, choiceIndex: index } = this.#options;
    const texts = this.#echoed || echo === '' ? [text] : [echo, text];
    this.#echoed = true;
    return texts.map((piece, at) => ({
      ...envelope(this.#options),
      choices: [
        { index, text: piece, logprobs: null, finish_reason: at === texts.length - 1 ? finish : null },
      ],
    }));
  }
}

export interface CollectedText {
  readonly choice: TextChoice;
  readonly usage: Usage;
}

/** The answer of one turn without streaming: the chunks of the stream, put together. */
export class CompletionCollector {
  readonly #encoder: CompletionStreamEncoder;
  readonly #index: number;
  #text = '';

  constructor(options: CompletionEncoderOptions) {
    this.#encoder = new CompletionStreamEncoder(options);
    this.#index = options.choiceIndex;
  }

  /** The choice, once the turn is done. Throws the TurnError of an `error` event. */
  push(event: TurnEvent): CollectedText | undefined {
    if (event.type === 'error') throw event.error;
    let finish: TextFinishReason | null = null;
    for (const { choices } of this.#encoder.push(event)) {
      for (const choice of choices) {
        this.#text += choice.text;
        finish = choice.finish_reason;
      }
    }
    if (event.type !== 'done' || finish === null) return undefined;
    const choice = { index: this.#index, text: this.#text, logprobs: null, finish_reason: finish };
    return { choice, usage: event.usage };
  }
}

/** The whole answer of the request, from its choices in any order. */
export function encodeTextCompletion(
  head: CompletionHead,
  collected: readonly CollectedText[],
): TextCompletion {
  return {
    ...envelope(head),
    choices: collected.map(({ choice }) => choice).sort((a, b) => a.index - b.index),
    usage: encodeUsage(collected.map(({ usage }) => usage)),
  };
}

function envelope({ id, created, model }: CompletionHead) {
  return { id, object: 'text_completion', created, model } as const;
}

function mapTextFinishReason(reason: StopReason): TextFinishReason {
  switch (reason) {
    case 'end':
    case 'stop-sequence':
    case 'client-calls':
      return 'stop';
    case 'length':
      return 'length';
    case 'refusal':
      return 'content_filter';
  }
}
