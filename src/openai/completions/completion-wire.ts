import type { CompletionUsage } from '../chat/chat-wire.ts';

/** What `POST /v1/completions` answers; the chunks of a stream have the same form. */
export interface TextCompletion {
  readonly id: string;
  readonly object: 'text_completion';
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly choices: readonly TextChoice[];
  readonly usage?: CompletionUsage;
}

export interface TextChoice {
  readonly index: number;
  readonly text: string;
  readonly logprobs: null;
  readonly finish_reason: TextFinishReason;
}

export interface TextCompletionChunk extends Omit<TextCompletion, 'choices'> {
  /** Empty in the chunk that carries the usage. */
  readonly choices: readonly (Omit<TextChoice, 'finish_reason'> & {
    readonly finish_reason: TextFinishReason | null;
  })[];
}

export type TextFinishReason = 'stop' | 'length' | 'content_filter';
