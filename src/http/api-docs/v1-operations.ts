import type { DocumentMethod, MediaType, Operation, Parameter, PlacedOperation } from './document.ts';
import { pathParameters } from './path-parameters.ts';
import { nameSchemas, type SchemaBook } from './schema-book.ts';
import { type V1Answer, v1Answers } from './v1-answers.ts';
import { type V1Request, v1Requests } from './v1-requests.ts';

/** An operation of /v1. */
export interface V1Operation {
  readonly method: DocumentMethod;
  readonly path: `/v1/${string}`;
  readonly id: string;
  readonly tag: 'Models' | 'Chat' | 'Completions' | 'Responses' | 'Conversations' | 'Approvals';
  readonly summary: string;
  readonly body?: V1Request;
  readonly example?: object;
  /** Null: no JSON; the operation goes over to a WebSocket. */
  readonly answer: V1Answer | null;
  /** Also answers as server-sent events, where the request says so. */
  readonly streams?: true;
  readonly query?: readonly Parameter[];
}

const text = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  required: false,
  description,
  schema: { type: 'string' },
});
const page: readonly Parameter[] = [
  {
    ...text('limit', 'At most so many.'),
    schema: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
  },
  {
    ...text('order', 'Newest first, or oldest first.'),
    schema: { type: 'string', enum: ['desc', 'asc'], default: 'desc' },
  },
  text('after', 'The id of the item to go on after.'),
  text('before', 'The id of the item to end before.'),
];

const question = { model: 'gpt-5', input: 'What does this project do?' };
const message = { type: 'message', role: 'user', content: 'Remember the number 7.' };

export const v1Table: readonly V1Operation[] = [
  {
    method: 'get',
    path: '/v1/models',
    id: 'listModels',
    tag: 'Models',
    summary: 'Profiles, models and aliases that a request may name.',
    answer: 'ModelList',
  },
  {
    method: 'get',
    path: '/v1/models/{model}',
    id: 'getModel',
    tag: 'Models',
    summary: 'One of them.',
    answer: 'Model',
  },
  {
    method: 'post',
    path: '/v1/chat/completions',
    id: 'createChatCompletion',
    tag: 'Chat',
    summary: 'Answers a conversation that the client keeps.',
    body: 'ChatRequest',
    example: { model: 'gpt-5', messages: [{ role: 'user', content: 'What does this project do?' }] },
    answer: 'ChatCompletion',
    streams: true,
  },
  {
    method: 'post',
    path: '/v1/completions',
    id: 'createCompletion',
    tag: 'Completions',
    summary: 'Continues a text.',
    body: 'CompletionRequest',
    example: { model: 'gpt-5', prompt: 'function add(a, b) {', max_tokens: 50 },
    answer: 'Completion',
    streams: true,
  },
  {
    method: 'post',
    path: '/v1/responses',
    id: 'createResponse',
    tag: 'Responses',
    summary: 'Answers, keeps the answer, and goes on from one that is kept; in the background if asked to.',
    body: 'ResponseRequest',
    example: question,
    answer: 'Response',
    streams: true,
  },
  {
    method: 'get',
    path: '/v1/responses',
    id: 'openResponseSocket',
    tag: 'Responses',
    summary: 'Responses over a WebSocket: each text message is a `response.create`.',
    answer: null,
  },
  {
    method: 'post',
    path: '/v1/responses/compact',
    id: 'compactResponse',
    tag: 'Responses',
    summary: 'Shortens a conversation to its essence.',
    body: 'ResponseRequest',
    example: question,
    answer: 'CompactedResponse',
  },
  {
    method: 'post',
    path: '/v1/responses/input_tokens',
    id: 'countInputTokens',
    tag: 'Responses',
    summary: 'Counts the input tokens of a request, at the price of reading them.',
    body: 'ResponseRequest',
    example: question,
    answer: 'InputTokens',
  },
  {
    method: 'get',
    path: '/v1/responses/{id}',
    id: 'getResponse',
    tag: 'Responses',
    summary: 'A response as it is now, or with `stream=true` its events.',
    answer: 'Response',
    streams: true,
    query: [
      {
        ...text('stream', 'The events of a background response.'),
        schema: { type: 'boolean', default: false },
      },
      {
        ...text('starting_after', 'The number of the last event that was seen.'),
        schema: { type: 'integer' },
      },
    ],
  },
  {
    method: 'delete',
    path: '/v1/responses/{id}',
    id: 'deleteResponse',
    tag: 'Responses',
    summary: 'Forgets a response, and stops it if it runs.',
    answer: 'DeletedResponse',
  },
  {
    method: 'post',
    path: '/v1/responses/{id}/cancel',
    id: 'cancelResponse',
    tag: 'Responses',
    summary: 'Stops a background response.',
    answer: 'Response',
  },
  {
    method: 'get',
    path: '/v1/responses/{id}/input_items',
    id: 'listInputItems',
    tag: 'Responses',
    summary: 'What a response was given.',
    answer: 'ItemList',
    query: page,
  },
  {
    method: 'post',
    path: '/v1/conversations',
    id: 'createConversation',
    tag: 'Conversations',
    summary: 'Begins a conversation that the server keeps.',
    body: 'CreateConversation',
    example: { items: [message], metadata: { topic: 'demo' } },
    answer: 'Conversation',
  },
  {
    method: 'get',
    path: '/v1/conversations/{id}',
    id: 'getConversation',
    tag: 'Conversations',
    summary: 'One conversation.',
    answer: 'Conversation',
  },
  {
    method: 'post',
    path: '/v1/conversations/{id}',
    id: 'updateConversation',
    tag: 'Conversations',
    summary: 'Replaces its metadata.',
    body: 'UpdateConversation',
    example: { metadata: { topic: 'demo' } },
    answer: 'Conversation',
  },
  {
    method: 'delete',
    path: '/v1/conversations/{id}',
    id: 'deleteConversation',
    tag: 'Conversations',
    summary: 'Forgets it; responses that were made in it stay.',
    answer: 'DeletedConversation',
  },
  {
    method: 'get',
    path: '/v1/conversations/{id}/items',
    id: 'listConversationItems',
    tag: 'Conversations',
    summary: 'Its items.',
    answer: 'ItemList',
    query: page,
  },
  {
    method: 'post',
    path: '/v1/conversations/{id}/items',
    id: 'createConversationItems',
    tag: 'Conversations',
    summary: 'Adds up to 20 items.',
    body: 'CreateItems',
    example: { items: [message] },
    answer: 'ItemList',
  },
  {
    method: 'get',
    path: '/v1/conversations/{id}/items/{itemId}',
    id: 'getConversationItem',
    tag: 'Conversations',
    summary: 'One item.',
    answer: 'Item',
  },
  {
    method: 'delete',
    path: '/v1/conversations/{id}/items/{itemId}',
    id: 'deleteConversationItem',
    tag: 'Conversations',
    summary: 'Takes an item out of it.',
    answer: 'Conversation',
  },
  {
    method: 'get',
    path: '/v1/approvals',
    id: 'listOwnApprovals',
    tag: 'Approvals',
    summary: 'The tool calls of one’s own runs that wait for an answer, oldest first.',
    answer: 'ApprovalList',
  },
  {
    method: 'post',
    path: '/v1/approvals/{id}',
    id: 'answerOwnApproval',
    tag: 'Approvals',
    summary: 'Allows or denies one, where the server lets keys do so.',
    body: 'ApprovalAnswer',
    example: { decision: 'allow' },
    answer: 'AnsweredApproval',
  },
];

nameSchemas('input', v1Requests);
nameSchemas('output', v1Answers);

/** The operations of /v1, whose requests have the schemas by which the server reads them. */
export function v1Operations(book: SchemaBook): PlacedOperation[] {
  return v1Table.map((entry) => ({
    path: entry.path,
    method: entry.method,
    operation: describe(entry, book),
  }));
}

function describe(entry: V1Operation, book: SchemaBook): Operation {
  const { body, example } = entry;
  const parameters = [
    ...pathParameters(entry.path),
    ...(entry.query ?? []),
    ...(body ? [profileHeader] : []),
  ];
  const schema = body && book.input(v1Requests[body], { strict: false });
  return {
    operationId: entry.id,
    tags: [entry.tag],
    summary: entry.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(schema && { requestBody: { required: true, content: { 'application/json': { schema, example } } } }),
    responses: {
      ...describeAnswer(entry, book),
      default: { $ref: '#/components/responses/Error' },
    },
    // The key may be left out where the server asks for none.
    security: [{ apiKey: [] }, {}],
  };
}

function describeAnswer({ answer, streams }: V1Operation, book: SchemaBook): Operation['responses'] {
  if (answer === null) {
    return {
      101: { description: 'The connection goes over to a WebSocket.' },
      426: { $ref: '#/components/responses/Error', description: 'The request did not ask for a WebSocket.' },
    };
  }
  const content: Record<string, MediaType> = {
    'application/json': { schema: book.output(v1Answers[answer]) },
    ...(streams && {
      'text/event-stream': { schema: { type: 'string', description: 'Server-sent events.' } },
    }),
  };
  return { 200: { description: 'OK.', content } };
}

const profileHeader: Parameter = {
  name: 'x-claudecode-profile',
  in: 'header',
  required: false,
  description: 'The profile to run with, in place of the one that the model names or implies.',
  schema: { type: 'string' },
};
