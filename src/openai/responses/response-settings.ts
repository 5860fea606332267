import type { JsonObject, Turn } from '../../turn/index.ts';
import { decodeMetadata } from './decode-metadata.ts';
import type { EchoedToolChoice } from './decode-tool-choice.ts';
import type { DecodedTools } from './decode-tools.ts';
import type { EchoedTool } from './echo-tools.ts';
import type { RequestReferences } from './peek-references.ts';
import type { ResponsesRequestBody } from './responses-request-schema.ts';

/**
 * What a response tells of its request, by the names of the wire. The values are those in effect: what was asked
 * for and has no effect is told with its default.
 */
export interface ResponseSettings {
  /** As the client named it. */
  readonly model: string;
  readonly instructions: string | null;
  readonly previous_response_id: string | null;
  /** Only of a response in a conversation. */
  readonly conversation?: { readonly id: string };
  readonly tools: readonly EchoedTool[];
  readonly tool_choice: EchoedToolChoice;
  readonly parallel_tool_calls: boolean;
  readonly max_tool_calls: number | null;
  readonly max_output_tokens: number | null;
  readonly truncation: 'auto' | 'disabled';
  readonly text: { readonly format: TextFormat; readonly verbosity: 'medium' };
  readonly reasoning: {
    readonly effort: NonNullable<Turn['reasoning']['effort']> | null;
    readonly summary: 'auto' | 'concise' | 'detailed' | null;
  };
  readonly temperature: number;
  readonly top_p: number;
  readonly presence_penalty: 0;
  readonly frequency_penalty: 0;
  readonly top_logprobs: 0;
  readonly store: boolean;
  readonly background: boolean;
  readonly service_tier: 'default';
  readonly metadata: Readonly<Record<string, string>>;
  readonly safety_identifier: string | null;
  readonly prompt_cache_key: string | null;
  readonly user?: string;
}

export type TextFormat =
  | { readonly type: 'text' | 'json_object' }
  | {
      readonly type: 'json_schema';
      readonly name: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict: boolean;
    };

export interface SettingsSource {
  readonly body: ResponsesRequestBody;
  readonly references: Pick<RequestReferences, 'previousResponseId' | 'conversationId'>;
  readonly tools: Pick<DecodedTools, 'echo' | 'echoedChoice'>;
  readonly turn: Pick<Turn, 'output' | 'reasoning' | 'sampling'>;
}

export function decodeSettings({ body, references, tools, turn }: SettingsSource): ResponseSettings {
  const { conversationId } = references;
  return {
    model: body.model,
    instructions: body.instructions ?? null,
    previous_response_id: references.previousResponseId ?? null,
    ...(conversationId === undefined ? {} : { conversation: { id: conversationId } }),
    tools: tools.echo,
    tool_choice: tools.echoedChoice,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    max_tool_calls: body.max_tool_calls ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    truncation: body.truncation ?? 'disabled',
    text: { format: echoFormat(body, turn.output.schema), verbosity: 'medium' },
    reasoning: {
      effort: turn.reasoning.effort ?? null,
      summary: body.reasoning?.summary ?? body.reasoning?.generate_summary ?? null,
    },
    temperature: turn.sampling.temperature ?? 1,
    top_p: turn.sampling.topP ?? 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    top_logprobs: 0,
    store: body.store ?? true,
    background: body.background ?? false,
    service_tier: 'default',
    metadata: decodeMetadata(body.metadata),
    safety_identifier: body.safety_identifier ?? null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    ...(typeof body.user === 'string' ? { user: body.user } : {}),
  };
}

function echoFormat(body: ResponsesRequestBody, schema: JsonObject | undefined): TextFormat {
  const format = body.text?.format;
  if (format?.type !== 'json_schema') return { type: format?.type ?? 'text' };
  return {
    type: 'json_schema',
    name: format.name ?? 'response',
    ...(format.description ? { description: format.description } : {}),
    schema: schema ?? {},
    strict: format.strict ?? false,
  };
}
