import type { Artifact } from '../artifacts.ts';

/** What `POST /v1/chat/completions` answers, with exactly the fields that this server sends. */
export interface ChatCompletion {
  readonly id: string;
  readonly object: 'chat.completion';
  /** Unix seconds. */
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: null;
  readonly choices: readonly ChatChoice[];
  readonly usage: CompletionUsage;
}

export interface ChatChoice {
  readonly index: number;
  readonly message: ChatMessage;
  readonly logprobs: null;
  readonly finish_reason: FinishReason;
}

interface ChatMessage {
  readonly role: 'assistant';
  /** Null if the answer is calls only. */
  readonly content: string | null;
  readonly refusal: null;
  /** DeepSeek's field, which most clients show: thinking, and what the agent did. */
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ChatToolCall[];
  readonly function_call?: FunctionCall;
  /** This server's own: the files that the agent made or changed. */
  readonly artifacts?: readonly Artifact[];
  /** How many more there are; absent: none. */
  readonly artifacts_omitted?: number;
}

interface FunctionCall {
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

export type ChatToolCall =
  | { readonly id: string; readonly type: 'function'; readonly function: FunctionCall }
  | {
      readonly id: string;
      readonly type: 'custom';
      readonly custom: { readonly name: string; readonly input: string };
    };

export type FinishReason = 'stop' | 'length' | 'tool_calls' | 'function_call' | 'content_filter';

export interface ChatCompletionChunk {
  readonly id: string;
  readonly object: 'chat.completion.chunk';
  readonly created: number;
  readonly model: string;
  readonly system_fingerprint: null;
  /** Empty in the chunk that carries the usage. */
  readonly choices: readonly ChatChunkChoice[];
  readonly usage?: CompletionUsage;
}

interface ChatChunkChoice {
  readonly index: number;
  readonly delta: ChatDelta;
  readonly logprobs: null;
  readonly finish_reason: FinishReason | null;
}

export interface ChatDelta {
  readonly role?: 'assistant';
  readonly content?: string;
  readonly refusal?: null;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly ChatToolCallDelta[];
  readonly function_call?: { readonly name?: string; readonly arguments: string };
  /** Whole, with the last delta: clients that put deltas together have them where the message has them. */
  readonly artifacts?: readonly Artifact[];
  readonly artifacts_omitted?: number;
}

/** `id`, `type` and the name come with the first fragment only; clients look calls up by `index`. */
export interface ChatToolCallDelta {
  readonly index: number;
  readonly id?: string;
  readonly type?: 'function' | 'custom';
  readonly function?: { readonly name?: string; readonly arguments: string };
  readonly custom?: { readonly name?: string; readonly input: string };
}

export interface CompletionUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details: { readonly cached_tokens: number; readonly audio_tokens: 0 };
  readonly completion_tokens_details: {
    readonly reasoning_tokens: number;
    readonly audio_tokens: 0;
    readonly accepted_prediction_tokens: 0;
    readonly rejected_prediction_tokens: 0;
  };
}
