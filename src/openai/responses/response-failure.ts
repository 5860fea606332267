import type { WireError } from '../errors.ts';
import { collectOutput } from './collect-output.ts';
import type { ResponseEvent, ResponseEventBody } from './response-events.ts';
import type { ResponseFailure, ResponseObject } from './response-object.ts';

/**
 * A failed response's `error`. Codex gives up only at codes that it knows and tries any other again, so a request
 * that cannot succeed is told by OpenAI's `invalid_prompt`; the `error` event before it has the exact code.
 */
export function describeFailure(error: WireError): ResponseFailure {
  const kept = [
    'context_length_exceeded',
    'insufficient_quota',
    'server_is_overloaded',
    'rate_limit_exceeded',
  ];
  const isKept = error.code !== null && kept.includes(error.code);
  if (!isKept && error.type === 'invalid_request_error') {
    return { code: 'invalid_prompt', message: error.message };
  }
  return { code: error.code ?? 'server_error', message: error.message };
}

export function errorEvent(error: WireError): Extract<ResponseEventBody, { type: 'error' }> {
  const { code, message, param, type } = error;
  return { type: 'error', code, message, param, error: { type, code, message, param } };
}

export interface StoredFailure {
  readonly response: ResponseObject;
  readonly events: readonly ResponseEvent[];
}

/**
 * Ends a stored response whose run is lost, for instance by a restart of the server. `nextSequenceNumber` is one
 * above that of its last event. Its output is what the events that were `told` say; without them, what is stored.
 */
export function failStoredResponse(
  stored: ResponseObject,
  error: WireError,
  nextSequenceNumber: number,
  told?: readonly ResponseEvent[],
): StoredFailure {
  const response: ResponseObject = {
    ...stored,
    status: 'failed',
    completed_at: null,
    incomplete_details: null,
    error: describeFailure(error),
    output: told === undefined ? stored.output : collectOutput(told),
  };
  const failed = { type: 'response.failed', response, sequence_number: nextSequenceNumber + 1 } as const;
  return { response, events: [{ ...errorEvent(error), sequence_number: nextSequenceNumber }, failed] };
}
