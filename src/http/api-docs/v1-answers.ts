import { z } from 'zod';
import type { ChatCompletion, ModelObject, TextCompletion } from '../../openai/index.ts';
import { answeredApprovalObject, approvalObject } from '../approvals/approval-object.ts';

const seconds = z.int().describe('Seconds since 1970.');

const usage = z.object({
  prompt_tokens: z.int(),
  completion_tokens: z.int(),
  total_tokens: z.int(),
  prompt_tokens_details: z.object({ cached_tokens: z.int(), audio_tokens: z.literal(0) }),
  completion_tokens_details: z.object({
    reasoning_tokens: z.int(),
    audio_tokens: z.literal(0),
    accepted_prediction_tokens: z.literal(0),
    rejected_prediction_tokens: z.literal(0),
  }),
});

const functionCall = z.object({ name: z.string(), arguments: z.string().describe('JSON.') });

const toolCall = z.discriminatedUnion('type', [
  z.object({ id: z.string(), type: z.literal('function'), function: functionCall }),
  z.object({
    id: z.string(),
    type: z.literal('custom'),
    custom: z.object({ name: z.string(), input: z.string() }),
  }),
]);

const chatCompletion: z.ZodType<ChatCompletion> = z.object({
  id: z.string(),
  object: z.literal('chat.completion'),
  created: seconds,
  model: z.string(),
  system_fingerprint: z.null(),
  choices: z.array(
    z.object({
      index: z.int(),
      message: z.object({
        role: z.literal('assistant'),
        content: z.string().nullable().describe('Null where the answer is calls alone.'),
        refusal: z.null(),
        reasoning_content: z.string().exactOptional().describe('Thinking, and what the agent did.'),
        tool_calls: z.array(toolCall).exactOptional(),
        function_call: functionCall.exactOptional(),
      }),
      logprobs: z.null(),
      finish_reason: z.enum(['stop', 'length', 'tool_calls', 'function_call', 'content_filter']),
    }),
  ),
  usage,
});

const textCompletion: z.ZodType<TextCompletion> = z.object({
  id: z.string(),
  object: z.literal('text_completion'),
  created: seconds,
  model: z.string(),
  choices: z.array(
    z.object({
      index: z.int(),
      text: z.string(),
      logprobs: z.null(),
      finish_reason: z.enum(['stop', 'length', 'content_filter']),
    }),
  ),
  usage: usage.exactOptional(),
});

const model: z.ZodType<ModelObject> = z.object({
  id: z.string(),
  object: z.literal('model'),
  created: seconds,
  owned_by: z.string(),
});

/** The kinds of items are OpenAI's; each has fields of its own. */
const item = z.looseObject({ type: z.string(), id: z.string() });

const responseUsage = z.object({
  input_tokens: z.int(),
  input_tokens_details: z.object({ cached_tokens: z.int(), cache_write_tokens: z.int() }),
  output_tokens: z.int(),
  output_tokens_details: z.object({ reasoning_tokens: z.int() }),
  total_tokens: z.int(),
});

/** With the settings in effect beside what is named here. */
const response = z.looseObject({
  id: z.string(),
  object: z.literal('response'),
  created_at: seconds,
  completed_at: seconds.nullable(),
  status: z.enum(['queued', 'in_progress', 'completed', 'incomplete', 'failed', 'cancelled']),
  model: z.string(),
  output: z.array(item),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.object({ reason: z.enum(['max_output_tokens', 'content_filter']) }).nullable(),
  previous_response_id: z.string().nullable(),
  background: z.boolean(),
  store: z.boolean(),
  metadata: z.record(z.string(), z.string()),
  usage: responseUsage.nullable(),
});

const conversation = z.object({
  id: z.string(),
  object: z.literal('conversation'),
  created_at: seconds,
  metadata: z.record(z.string(), z.string()),
});

/** What /v1 answers, by the names that the schemas have in the document. */
export const v1Answers = {
  ChatCompletion: chatCompletion,
  Completion: textCompletion,
  Model: model,
  ModelList: z.object({ object: z.literal('list'), data: z.array(model) }),
  Response: response,
  DeletedResponse: z.object({ id: z.string(), object: z.literal('response'), deleted: z.literal(true) }),
  CompactedResponse: z.looseObject({
    id: z.string(),
    object: z.literal('response.compaction'),
    created_at: seconds,
    output: z.array(z.looseObject({ type: z.string() })),
    usage: responseUsage,
  }),
  InputTokens: z.object({ object: z.literal('response.input_tokens'), input_tokens: z.int() }),
  ItemList: z.object({
    object: z.literal('list'),
    data: z.array(item),
    first_id: z.string().nullable(),
    last_id: z.string().nullable(),
    has_more: z.boolean(),
  }),
  Item: item,
  Conversation: conversation,
  DeletedConversation: z.object({
    id: z.string(),
    object: z.literal('conversation.deleted'),
    deleted: z.literal(true),
  }),
  ApprovalList: z.object({ object: z.literal('list'), data: z.array(approvalObject) }),
  AnsweredApproval: answeredApprovalObject,
} as const;

export type V1Answer = keyof typeof v1Answers;
