import { z } from 'zod';

/**
 * The body of `POST /v1/responses` but for the items of `input` and the tools, whose schema depends on their
 * type. Loose: clients send fields that only they know, and `null` where they mean "not set".
 */
const jsonObject = z.looseObject({});
const typed = z.looseObject({ type: z.string() });

const textFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    name: z.string().nullish(),
    description: z.string().nullish(),
    schema: jsonObject,
    strict: z.boolean().nullish(),
  }),
]);

const summaryKind = z.enum(['auto', 'concise', 'detailed']).nullish();

/** What has to be known before the rest can be decoded: which stored things the request refers to. */
export const referencesSchema = z.looseObject({
  previous_response_id: z.string().min(1).nullish(),
  conversation: z.union([z.string().min(1), z.looseObject({ id: z.string().min(1) })]).nullish(),
  background: z.boolean().nullish(),
  stream: z.boolean().nullish(),
});

export const responsesRequestSchema = referencesSchema.extend({
  model: z.string().min(1),
  instructions: z.string().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  max_tool_calls: z.int().min(1).nullish(),
  metadata: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  store: z.boolean().nullish(),
  generate: z.boolean().nullish(),
  include: z.array(z.string()).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  service_tier: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  safety_identifier: z.string().nullish(),
  user: z.string().nullish(),
  text: z
    .looseObject({ format: textFormat.nullish(), verbosity: z.enum(['low', 'medium', 'high']).nullish() })
    .nullish(),
  reasoning: z
    .looseObject({
      effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
      summary: summaryKind,
      generate_summary: summaryKind,
    })
    .nullish(),
  tools: z.array(typed).nullish(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.looseObject({
        type: z.string(),
        name: z.string().nullish(),
        namespace: z.string().nullish(),
        server_label: z.string().nullish(),
        mode: z.enum(['auto', 'required']).nullish(),
        tools: z
          .array(
            z.looseObject({
              type: z.string(),
              name: z.string().nullish(),
              namespace: z.string().nullish(),
              server_label: z.string().nullish(),
            }),
          )
          .nullish(),
      }),
    ])
    .nullish(),
});

export type ReferencesBody = z.output<typeof referencesSchema>;
export type ResponsesRequestBody = z.output<typeof responsesRequestSchema>;
export type WireToolChoice = NonNullable<ResponsesRequestBody['tool_choice']>;
