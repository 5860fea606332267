import type { Usage } from '../../turn/index.ts';
import type { Artifact } from '../artifacts.ts';
import type { OutputItem } from './items.ts';
import type { ResponseSettings } from './response-settings.ts';

export type ResponseStatus = 'queued' | 'in_progress' | 'completed' | 'incomplete' | 'failed' | 'cancelled';

/** What `POST /v1/responses` answers: every key is always there. */
export interface ResponseObject extends ResponseSettings {
  readonly id: string;
  readonly object: 'response';
  /** Unix seconds. */
  readonly created_at: number;
  /** Unix seconds; null unless the response is completed. */
  readonly completed_at: number | null;
  readonly status: ResponseStatus;
  readonly output: readonly OutputItem[];
  readonly error: ResponseFailure | null;
  readonly incomplete_details: IncompleteDetails | null;
  /** Null until the end. */
  readonly usage: ResponseUsage | null;
  /** What OpenAI's responses have no place for; only where there is something. */
  readonly claudecode?: ResponseExtension;
}

export interface ResponseExtension {
  /** The files that the agent made or changed. */
  readonly artifacts: readonly Artifact[];
  /** How many more there are. */
  readonly artifacts_omitted: number;
}

export interface ResponseFailure {
  readonly code: string;
  readonly message: string;
}

export interface IncompleteDetails {
  readonly reason: 'max_output_tokens' | 'content_filter';
}

export interface ResponseUsage {
  readonly input_tokens: number;
  readonly input_tokens_details: { readonly cached_tokens: number; readonly cache_write_tokens: number };
  readonly output_tokens: number;
  readonly output_tokens_details: { readonly reasoning_tokens: number };
  readonly total_tokens: number;
}

export interface ResponseState {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly settings: ResponseSettings;
  readonly status: ResponseStatus;
  readonly output?: readonly OutputItem[];
  /** Unix seconds. */
  readonly completedAt?: number | undefined;
  readonly error?: ResponseFailure | undefined;
  readonly incompleteDetails?: IncompleteDetails | undefined;
  readonly usage?: ResponseUsage | undefined;
  readonly extension?: ResponseExtension | undefined;
}

/** The whole object in the order in which OpenAI writes it. */
export function buildResponse(state: ResponseState): ResponseObject {
  const { id, createdAt, settings, status } = state;
  return {
    id,
    object: 'response',
    created_at: createdAt,
    completed_at: state.completedAt ?? null,
    status,
    error: state.error ?? null,
    incomplete_details: state.incompleteDetails ?? null,
    output: state.output ?? [],
    ...settings,
    usage: state.usage ?? null,
    ...(state.extension === undefined ? {} : { claudecode: state.extension }),
  };
}

export function encodeResponseUsage(usage: Usage): ResponseUsage {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cachedInputTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.thinkingTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
