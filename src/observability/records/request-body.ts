import { isJsonObject } from '../../turn/index.ts';

/** What a record tells of the body of a request. */
export interface RequestBodyFacts {
  readonly modelAsked: string | undefined;
  readonly stream: boolean;
  /** The conversation, or the response that the request goes on from. */
  readonly conversation: string | undefined;
}

/** What is told by the fields that all dialects have in common. The body may be anything. */
export function readRequestBody(body: unknown): RequestBodyFacts {
  if (!isJsonObject(body)) return { modelAsked: undefined, stream: false, conversation: undefined };
  const { model, stream, conversation, previous_response_id: previous } = body;
  const conversationId = isJsonObject(conversation) ? conversation['id'] : conversation;
  return {
    modelAsked: textOf(model),
    stream: stream === true,
    conversation: textOf(conversationId) ?? textOf(previous),
  };
}

const answers: ReadonlySet<unknown> = new Set([
  ...['response', 'response.compaction', 'chat.completion', 'text_completion'],
]);

/** The id of a response or of a completion; undefined for other answers. */
export function readAnswerId(answer: unknown): string | undefined {
  return isJsonObject(answer) && answers.has(answer['object']) ? textOf(answer['id']) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
