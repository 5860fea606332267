import type { ResponseEvent } from '../../openai/index.ts';
import type { ResponseEnd, ResponseEvent as StoredEvent } from '../../storage/index.ts';
import { toJson, toStorage } from './item-bodies.ts';
import type { PreparedResponse } from './prepare-response.ts';
import type { ResponseEncoder } from './response-encoder.ts';

/** An ended response as it is stored. Only an answer that can be continued becomes part of its conversation. */
export function toResponseEnd(
  encoder: ResponseEncoder,
  { request }: Pick<PreparedResponse, 'request'>,
  events: readonly ResponseEvent[] = [],
): ResponseEnd {
  const response = encoder.response();
  const { status } = response;
  if (status === 'queued' || status === 'in_progress') throw new Error('The response has not ended.');
  const continues = status === 'completed' || status === 'incomplete';
  return {
    status,
    completedAt: Date.now(),
    response: toJson(response),
    output: toStorage(encoder.output),
    events: toStoredEvents(events),
    conversationId: continues ? request.conversationId : undefined,
  };
}

export function toStoredEvents(events: readonly ResponseEvent[]): StoredEvent[] {
  return events.map((event) => ({ sequence: event.sequence_number, body: toJson(event) }));
}
