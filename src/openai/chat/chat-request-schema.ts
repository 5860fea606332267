import { z } from 'zod';
import { customDefinition, functionDefinition } from '../decode-client-tool.ts';

/**
 * The body of `POST /v1/chat/completions`, loose: clients send fields that only they know, and `null` where
 * they mean "not set". What a field means is decided in the `decode-*` files; this says only its shape.
 */
const textPart = z.looseObject({ type: z.literal('text'), text: z.string() });
const refusalPart = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });
/** The plain string is not OpenAI's, but LiteLLM-style clients send it. */
const imagePart = z.looseObject({
  type: z.literal('image_url'),
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]),
});
const filePart = z.looseObject({
  type: z.literal('file'),
  file: z.looseObject({
    file_data: z.string().nullish(),
    file_id: z.string().nullish(),
    filename: z.string().nullish(),
  }),
});
const audioPart = z.looseObject({ type: z.literal('input_audio') });

const textContent = z
  .union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart]))])
  .nullish();
const anyContent = z
  .union([z.string(), z.array(z.discriminatedUnion('type', [textPart, imagePart, filePart, audioPart]))])
  .nullish();

const functionCall = z.looseObject({ name: z.string(), arguments: z.string() });
const toolCall = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('function'), id: z.string().min(1), function: functionCall }),
  z.looseObject({
    type: z.literal('custom'),
    id: z.string().min(1),
    custom: z.looseObject({ name: z.string(), input: z.string() }),
  }),
]);

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.enum(['system', 'developer']), content: textContent }),
  z.looseObject({ role: z.literal('user'), content: anyContent }),
  z.looseObject({
    role: z.literal('assistant'),
    content: textContent,
    refusal: z.string().nullish(),
    tool_calls: z.array(toolCall).nullish(),
    function_call: functionCall.nullish(),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string().min(1), content: anyContent }),
  z.looseObject({ role: z.literal('function'), name: z.string(), content: anyContent }),
]);

const jsonObject = z.looseObject({});
/** `function` and `custom` are absent in the flat shape of the Responses API, which Cursor sends here too. */
const tool = z.looseObject({
  type: z.enum(['function', 'custom']),
  function: functionDefinition.nullish(),
  custom: customDefinition.nullish(),
});

const namedTool = z.looseObject({ name: z.string() });
const toolReference = z.looseObject({
  type: z.enum(['function', 'custom']),
  name: z.string().nullish(),
  function: namedTool.nullish(),
  custom: namedTool.nullish(),
});
const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    toolReference,
    z.looseObject({
      type: z.literal('allowed_tools'),
      allowed_tools: z.looseObject({
        mode: z.enum(['auto', 'required']),
        tools: z.array(toolReference),
      }),
    }),
  ]),
]);

const responseFormat = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text') }),
  z.looseObject({ type: z.literal('json_object') }),
  z.looseObject({
    type: z.literal('json_schema'),
    json_schema: z.looseObject({ name: z.string().nullish(), schema: jsonObject }),
  }),
]);

export const chatRequestSchema = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  n: z.int().min(1).max(8).nullish(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  response_format: responseFormat.nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  functions: z.array(functionDefinition).nullish(),
  function_call: z.union([z.enum(['none', 'auto']), namedTool]).nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: jsonObject.nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).nullish(),
  modalities: z.array(z.string()).nullish(),
  store: z.boolean().nullish(),
  service_tier: z.string().nullish(),
});

export type ChatRequestBody = z.output<typeof chatRequestSchema>;
export type ChatRequestMessage = z.output<typeof message>;
export type ChatContent = z.output<typeof anyContent>;
export type ChatTextContent = z.output<typeof textContent>;
export type ChatTool = z.output<typeof tool>;
export type ChatToolReference = z.output<typeof toolReference>;
