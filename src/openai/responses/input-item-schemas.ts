import { z } from 'zod';

/**
 * Input items as clients send them, loose: `id` and `status` are often absent or null. The `type` is looked
 * at before, by `decode-input-items.ts`, so that a fault is told in terms of the one schema that was meant.
 */
const id = z.string().min(1).nullish();
const status = z.enum(['in_progress', 'completed', 'incomplete']).nullish();

const textPart = z.looseObject({
  type: z.enum(['input_text', 'output_text', 'text', 'summary_text', 'reasoning_text']),
  text: z.string(),
  annotations: z.array(z.unknown()).nullish(),
});
const refusalPart = z.looseObject({ type: z.literal('refusal'), refusal: z.string() });
const imagePart = z.looseObject({
  type: z.literal('input_image'),
  image_url: z.string().nullish(),
  file_id: z.string().nullish(),
  detail: z.enum(['auto', 'low', 'high', 'original']).nullish(),
});
const filePart = z.looseObject({
  type: z.literal('input_file'),
  file_data: z.string().nullish(),
  file_url: z.string().nullish(),
  file_id: z.string().nullish(),
  filename: z.string().nullish(),
});
const audioPart = z.looseObject({ type: z.literal('input_audio') });
const part = z.discriminatedUnion('type', [textPart, refusalPart, imagePart, filePart, audioPart]);
const content = z.union([z.string(), z.array(part)]);

const callOutput = z.looseObject({ id, call_id: z.string().min(1), output: content, status });

const searchAction = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('search'),
    query: z.string().nullish(),
    queries: z.array(z.string()).nullish(),
    sources: z.array(z.looseObject({ type: z.literal('url'), url: z.string() })).nullish(),
  }),
  z.looseObject({ type: z.literal('open_page'), url: z.string().nullish() }),
  z.looseObject({ type: z.literal('find_in_page'), url: z.string(), pattern: z.string() }),
]);

export const inputItemSchemas = {
  message: z.looseObject({
    id,
    role: z.enum(['user', 'assistant', 'system', 'developer']),
    content: content.nullish(),
    status,
    phase: z.enum(['commentary', 'final_answer']).nullish(),
  }),
  function_call: z.looseObject({
    id,
    call_id: z.string().min(1),
    name: z.string(),
    namespace: z.string().nullish(),
    arguments: z.string(),
    status,
  }),
  function_call_output: callOutput,
  custom_tool_call: z.looseObject({
    id,
    call_id: z.string().min(1),
    name: z.string(),
    namespace: z.string().nullish(),
    input: z.string(),
    status,
  }),
  custom_tool_call_output: callOutput,
  reasoning: z.looseObject({
    id,
    summary: z.array(z.looseObject({ text: z.string() })).nullish(),
    content: z.array(z.looseObject({ text: z.string() })).nullish(),
    encrypted_content: z.string().nullish(),
    status,
  }),
  item_reference: z.looseObject({ id: z.string().min(1) }),
  mcp_call: z.looseObject({
    id,
    server_label: z.string(),
    name: z.string(),
    arguments: z.string(),
    output: z.string().nullish(),
    error: z.union([z.string(), z.looseObject({})]).nullish(),
    status: z.enum(['in_progress', 'completed', 'incomplete', 'calling', 'failed']).nullish(),
    approval_request_id: z.string().nullish(),
  }),
  mcp_list_tools: z.looseObject({
    id,
    server_label: z.string(),
    tools: z.array(
      z.looseObject({
        name: z.string(),
        description: z.string().nullish(),
        input_schema: z.json(),
        annotations: z.looseObject({}).nullish(),
      }),
    ),
    error: z.union([z.string(), z.looseObject({})]).nullish(),
  }),
  mcp_approval_request: z.looseObject({
    id,
    server_label: z.string(),
    name: z.string(),
    arguments: z.string(),
  }),
  mcp_approval_response: z.looseObject({
    id,
    approval_request_id: z.string().min(1),
    approve: z.boolean(),
    reason: z.string().nullish(),
  }),
  web_search_call: z.looseObject({
    id,
    status: z.enum(['in_progress', 'searching', 'completed', 'failed']).nullish(),
    action: searchAction.nullish(),
  }),
  code_interpreter_call: z.looseObject({
    id,
    status: z.enum(['in_progress', 'completed', 'incomplete', 'interpreting', 'failed']).nullish(),
    code: z.string().nullish(),
    container_id: z.string().nullish(),
    outputs: z
      .array(
        z.discriminatedUnion('type', [
          z.looseObject({ type: z.literal('logs'), logs: z.string() }),
          z.looseObject({ type: z.literal('image'), url: z.string() }),
        ]),
      )
      .nullish(),
  }),
  compaction: z.looseObject({ id, encrypted_content: z.string().min(1) }),
  additional_tools: z.looseObject({ id, tools: z.array(z.looseObject({})) }),
  compaction_trigger: z.looseObject({}),
} as const;

export type InputItemType = keyof typeof inputItemSchemas;
export type WireItem<Type extends InputItemType> = z.output<(typeof inputItemSchemas)[Type]>;
export type WireContent = z.output<typeof content>;
export type WirePart = z.output<typeof part>;
