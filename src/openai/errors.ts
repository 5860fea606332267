import type { TurnError, TurnErrorCode } from '../turn/index.ts';

/** The `type` of OpenAI's error body. */
export type WireErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'rate_limit_error'
  | 'insufficient_quota'
  | 'server_error'
  | 'api_error';

export interface WireErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: WireErrorType;
    readonly param: string | null;
    readonly code: string | null;
  };
}

export interface WireErrorInit {
  /** HTTP status. */
  readonly status: number;
  readonly type: WireErrorType;
  readonly message: string;
  readonly code?: string | null;
  readonly param?: string | null;
  /** Goes out as `retry-after`. */
  readonly retryAfterSeconds?: number | undefined;
  /** Goes out as `x-should-retry`, which openai-node and openai-python obey before they look at the status. */
  readonly shouldRetry?: boolean | undefined;
  readonly cause?: unknown;
}

/** An error as an OpenAI client is told it. */
export class WireError extends Error {
  override readonly name = 'WireError';
  readonly status: number;
  readonly type: WireErrorType;
  readonly code: string | null;
  readonly param: string | null;
  readonly retryAfterSeconds: number | undefined;
  readonly shouldRetry: boolean | undefined;

  constructor(init: WireErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.status = init.status;
    this.type = init.type;
    this.code = init.code ?? null;
    this.param = init.param ?? null;
    this.retryAfterSeconds = init.retryAfterSeconds;
    this.shouldRetry = init.shouldRetry;
  }

  toBody(): WireErrorBody {
    return { error: { message: this.message, type: this.type, param: this.param, code: this.code } };
  }
}

export function missingField(param: string): WireError {
  return badRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_field');
}

/** `expected` and `received` with their article, as in 'a string'. */
export function invalidType(param: string | null, expected: string, received: string): WireError {
  const place = param === null ? 'Invalid type for the request body' : `Invalid type for '${param}'`;
  return badRequest(`${place}: expected ${expected}, but got ${received} instead.`, param, 'invalid_type');
}

export function invalidValue(param: string, message: string): WireError {
  return badRequest(message, param, 'invalid_value');
}

export function unsupportedParameter(param: string, message: string): WireError {
  return badRequest(message, param, 'unsupported_parameter');
}

export function unsupportedContent(param: string, message: string): WireError {
  return badRequest(message, param, 'unsupported_content');
}

export function badRequest(message: string, param: string | null, code: string): WireError {
  return new WireError({ status: 400, type: 'invalid_request_error', message, param, code });
}

export function modelNotFound(message: string): WireError {
  return new WireError({
    status: 404,
    type: 'invalid_request_error',
    message,
    param: 'model',
    code: 'model_not_found',
  });
}

/** In OpenAI's words. `param` is where the id stands in the request. */
export function fileNotFound(id: string, param: string): WireError {
  return new WireError({
    status: 404,
    type: 'invalid_request_error',
    message: `No such File object: ${id}`,
    param,
  });
}

type WireForm = Pick<WireErrorInit, 'status' | 'type' | 'code' | 'param' | 'shouldRetry'>;

/**
 * Statuses say what OpenAI's clients should do: they retry 408, 409, 429 and all from 500 on, unless
 * `shouldRetry` is false. 529 is Anthropic's own, so an overloaded upstream is told as 503.
 */
const wireForms: Readonly<Record<TurnErrorCode, WireForm>> = {
  not_logged_in: { status: 503, type: 'api_error', code: 'claude_not_logged_in', shouldRetry: false },
  upstream_authentication: {
    status: 401,
    type: 'authentication_error',
    code: 'upstream_authentication_failed',
  },
  upstream_permission: { status: 403, type: 'permission_error', code: 'upstream_permission_denied' },
  model_not_found: { status: 404, type: 'invalid_request_error', code: 'model_not_found', param: 'model' },
  invalid_request: { status: 400, type: 'invalid_request_error', code: 'invalid_request' },
  context_length_exceeded: {
    status: 400,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    param: 'messages',
  },
  request_too_large: { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  rate_limited: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  quota_exceeded: { status: 429, type: 'insufficient_quota', code: 'insufficient_quota', shouldRetry: false },
  overloaded: { status: 503, type: 'server_error', code: 'server_is_overloaded' },
  upstream_failed: { status: 502, type: 'server_error', code: 'upstream_error' },
  schema_mismatch: { status: 500, type: 'server_error', code: 'schema_mismatch', shouldRetry: false },
  not_allowed: { status: 403, type: 'permission_error', code: 'not_allowed', shouldRetry: false },
  key_rate_limited: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  key_quota_exceeded: {
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    shouldRetry: false,
  },
  workspace_full: { status: 429, type: 'insufficient_quota', code: 'workspace_full', shouldRetry: false },
  run_budget_exceeded: {
    status: 429,
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    shouldRetry: false,
  },
  queue_full: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  timeout: { status: 504, type: 'server_error', code: 'timeout' },
  cancelled: { status: 499, type: 'server_error', code: 'request_cancelled', shouldRetry: false },
  shutting_down: { status: 503, type: 'server_error', code: 'server_shutting_down' },
  engine_failed: { status: 500, type: 'server_error', code: 'engine_failed' },
};

/**
 * Once the agent has acted no retry is asked for, whatever the status: it would repeat the agent's work.
 * `conversation` is the parameter that holds it in the dialect of the request.
 */
export function wireErrorFromTurnError(
  error: TurnError,
  conversation: 'messages' | 'input' = 'messages',
): WireError {
  const form = wireForms[error.code];
  return new WireError({
    ...form,
    param: form.param === 'messages' ? conversation : (form.param ?? null),
    message: error.message,
    retryAfterSeconds: error.retryAfterSeconds,
    shouldRetry: error.agentActed ? false : form.shouldRetry,
    cause: error,
  });
}
