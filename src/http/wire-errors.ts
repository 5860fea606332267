import { AccessError } from '../access/index.ts';
import { badRequest, WireError, wireErrorFromTurnError } from '../openai/index.ts';
import { StorageError } from '../storage/index.ts';
import { TurnError } from '../turn/index.ts';
import { wireErrorFromAccessError } from './access-errors.ts';

/** Any thrown value as the error that the client is told. What is not meant for clients becomes a bare 500. */
export function toWireError(error: unknown): WireError {
  if (error instanceof WireError) return error;
  if (error instanceof TurnError) return wireErrorFromTurnError(error);
  if (error instanceof StorageError) return fromStorage(error);
  if (error instanceof AccessError) return wireErrorFromAccessError(error);
  return fromFastify(error) ?? unexpectedError(error);
}

/** Headers that carry what the body cannot. */
export function errorHeaders(error: WireError): Record<string, string> {
  return {
    ...(error.retryAfterSeconds !== undefined && {
      'retry-after': String(Math.max(0, Math.ceil(error.retryAfterSeconds))),
    }),
    ...(error.shouldRetry !== undefined && { 'x-should-retry': String(error.shouldRetry) }),
  };
}

export function unparsableBody(cause?: unknown): WireError {
  return new WireError({
    status: 400,
    type: 'invalid_request_error',
    message:
      "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP " +
      'library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)',
    cause,
  });
}

export function unknownUrl(method: string, path: string): WireError {
  return new WireError({
    status: 404,
    type: 'invalid_request_error',
    message: `Unknown request URL: ${method} ${path}. Please check the URL for typos, or see GET / for what is here.`,
    code: 'unknown_url',
  });
}

export function methodNotSupported(method: string, path: string): WireError {
  return new WireError({
    status: 405,
    type: 'invalid_request_error',
    message: `Not allowed to ${method} on ${path}. (HINT: Perhaps you meant to make the request by a different method?)`,
    code: 'method_not_supported',
  });
}

export function foreignAccess(message: string): WireError {
  return new WireError({ status: 403, type: 'permission_error', message, code: 'foreign_access' });
}

/** What a client can do something about; the rest is the server's own trouble. */
function fromStorage(error: StorageError): WireError {
  switch (error.code) {
    case 'unknown_response':
      return badRequest(`${error.message}.`, 'previous_response_id', 'previous_response_not_found');
    case 'unknown_conversation':
      return new WireError({ status: 404, type: 'invalid_request_error', message: `${error.message}.` });
    case 'unknown_item':
      return badRequest(`${error.message}.`, 'after', 'invalid_value');
    case 'bad_cursor':
      return badRequest(`${error.message}.`, 'cursor', 'invalid_value');
    case 'duplicate_item':
      return badRequest(`${error.message}.`, 'input', 'duplicate_item');
    case 'file_too_large':
      return new WireError({
        status: 413,
        type: 'invalid_request_error',
        message: `${error.message}.`,
        param: 'file',
        code: 'file_too_large',
        shouldRetry: false,
      });
    case 'disk_full':
      return new WireError({
        status: 507,
        type: 'server_error',
        message: `${error.message}.`,
        code: 'disk_full',
        shouldRetry: false,
        cause: error,
      });
    case 'unreachable':
      return new WireError({
        status: 503,
        type: 'server_error',
        message: 'The server cannot reach its database at this moment. Try again shortly.',
        code: 'database_unavailable',
        retryAfterSeconds: 5,
        cause: error,
      });
    case 'newer_database':
    case 'migration_failed':
    case 'foreign_database':
    case 'original_database':
    case 'damaged_database':
    case 'unknown_session':
      return unexpectedError(error);
  }
}

function unexpectedError(cause: unknown): WireError {
  return new WireError({
    status: 500,
    type: 'server_error',
    message:
      'The server had an error while processing your request. Its log names the cause by the request id.',
    code: 'internal_error',
    cause,
  });
}

/** Fastify's own refusals (`FST_…`); their messages are made for clients. */
function fromFastify(error: unknown): WireError | undefined {
  if (!(error instanceof Error) || !('statusCode' in error) || !('code' in error)) return undefined;
  const { statusCode: status, code } = error;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') {
    return new WireError({
      status: 413,
      type: 'invalid_request_error',
      message: 'The request body is larger than this server accepts.',
      code: 'request_too_large',
      shouldRetry: false,
    });
  }
  if (typeof code !== 'string' || !code.startsWith('FST_')) return undefined;
  return new WireError({ status, type: 'invalid_request_error', message: error.message, cause: error });
}
