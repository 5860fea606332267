import { badRequest, invalidValue, type WireError } from '../../openai/index.ts';

/** A failure that belongs to no stream of events, with the status and the headers that it has over HTTP: Codex reads both. */
export function errorFrame(
  { status, type, code, message, param }: WireError,
  headers: Readonly<Record<string, string>> = {},
): object {
  return {
    type: 'error',
    status,
    error: { type, code, message, param },
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

export function notJson(): WireError {
  return badRequest('The message is not a JSON object.', null, 'invalid_json');
}

export function unknownMessage(type: unknown): WireError {
  return invalidValue(
    'type',
    `Invalid value: ${JSON.stringify(type) ?? 'nothing'}. Supported values are: 'response.create'.`,
  );
}

export function responseInProgress(): WireError {
  return badRequest(
    'A response is in progress on this connection. Wait for its end, or use another connection.',
    null,
    'response_in_progress',
  );
}

export function noBackground(): WireError {
  return badRequest(
    "'background' is not supported on a WebSocket connection; use POST /v1/responses.",
    'background',
    'unsupported_parameter',
  );
}

export function connectionLimitReached(minutes: number): WireError {
  return badRequest(
    `Responses websocket connection limit reached (${minutes} minutes). Create a new websocket connection to continue.`,
    null,
    'websocket_connection_limit_reached',
  );
}
