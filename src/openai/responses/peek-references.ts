import { isJsonObject } from '../../turn/index.ts';
import { badRequest } from '../errors.ts';
import { parseBody } from '../parse-body.ts';
import { type ReferencesBody, referencesSchema } from './responses-request-schema.ts';

/** What a request refers to, to be loaded before it is decoded. */
export interface RequestReferences {
  readonly previousResponseId?: string;
  readonly conversationId?: string;
  /** Of the items that items of the input refer to. */
  readonly itemIds: readonly string[];
  readonly background: boolean;
  readonly stream: boolean;
}

/** Looks only at what it tells; the rest of the body may be anything. Throws a 400 WireError. */
export function peekReferences(body: unknown): RequestReferences {
  const request = parseBody(referencesSchema, body);
  return {
    ...decodeState(request),
    itemIds: findItemIds(request['input']),
    background: request.background ?? false,
    stream: request.stream ?? false,
  };
}

/** Where the conversation goes on. */
export function decodeState(
  request: ReferencesBody,
): Pick<RequestReferences, 'previousResponseId' | 'conversationId'> {
  const { previous_response_id: previousResponseId, conversation } = request;
  if (previousResponseId && conversation) {
    throw badRequest(
      "Mutually exclusive parameters: 'previous_response_id' and 'conversation'. Ensure you are only providing " +
        "one of: 'previous_response_id' or 'conversation'.",
      'conversation',
      'mutually_exclusive_parameters',
    );
  }
  const conversationId = typeof conversation === 'string' ? conversation : conversation?.id;
  return {
    ...(previousResponseId ? { previousResponseId } : {}),
    ...(conversationId === undefined ? {} : { conversationId }),
  };
}

/** A reference may come without a type; then it has an id and nothing that a message has. */
function findItemIds(input: unknown): string[] {
  if (!Array.isArray(input)) return [];
  const ids = input.flatMap((item: unknown) => {
    if (!isJsonObject(item)) return [];
    const type = item['type'] ?? (item['role'] === undefined ? 'item_reference' : 'message');
    if (type === 'item_reference') return [item['id']];
    return type === 'mcp_approval_response' ? [item['approval_request_id']] : [];
  });
  return [...new Set(ids)].filter((id) => typeof id === 'string');
}
