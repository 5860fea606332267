import { z } from 'zod';
import { approvalAnswer } from '../../contract/index.ts';
import {
  chatRequestSchema,
  completionSchema,
  inputItemSchemas,
  responsesRequestSchema,
} from '../../openai/index.ts';

const items = z.array(
  z.union([
    z.looseObject({ role: z.string(), content: z.unknown() }),
    ...Object.entries(inputItemSchemas).map(([type, schema]) => schema.extend({ type: z.literal(type) })),
  ]),
);

const metadata = z.record(z.string().max(64), z.string().max(512)).nullish();

/** Items have a schema each, which depends on their type; the server looks at it apart from the rest. */
const responsesRequest = responsesRequestSchema.extend({ input: z.union([z.string(), items]), metadata });

/** What /v1 takes, by the names that the schemas have in the document. Fields that it does not name are let through: clients send some that only they know. */
export const v1Requests = {
  ChatRequest: chatRequestSchema,
  CompletionRequest: completionSchema,
  ResponseRequest: responsesRequest,
  CreateConversation: z.looseObject({ items: items.max(20).nullish(), metadata }),
  UpdateConversation: z.looseObject({ metadata }),
  CreateItems: z.looseObject({ items: items.max(20) }),
  ApprovalAnswer: z.looseObject(approvalAnswer.shape),
} as const;

export type V1Request = keyof typeof v1Requests;
