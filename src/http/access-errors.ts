import type { AccessError, AccessErrorCode } from '../access/index.ts';
import { WireError, type WireErrorInit } from '../openai/index.ts';

type WireForm = Pick<WireErrorInit, 'status' | 'type' | 'code'>;

/** OpenAI's own code where it has one; the others are the console's. */
const wireForms: Readonly<Record<AccessErrorCode, WireForm>> = {
  missing_key: { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  invalid_key: { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  invalid_credentials: { status: 401, type: 'authentication_error', code: 'invalid_credentials' },
  sign_in_expired: { status: 401, type: 'authentication_error', code: 'sign_in_expired' },
  no_session: { status: 401, type: 'authentication_error', code: 'no_session' },
  too_many_attempts: { status: 429, type: 'rate_limit_error', code: 'too_many_attempts' },
  password_change_required: { status: 403, type: 'permission_error', code: 'password_change_required' },
  two_factor_required: { status: 403, type: 'permission_error', code: 'two_factor_required' },
  forbidden: { status: 403, type: 'permission_error', code: 'forbidden' },
  not_found: { status: 404, type: 'invalid_request_error', code: 'not_found' },
  conflict: { status: 409, type: 'invalid_request_error', code: 'conflict' },
  invalid: { status: 400, type: 'invalid_request_error', code: 'invalid_value' },
};

export function wireErrorFromAccessError(error: AccessError): WireError {
  return new WireError({
    ...wireForms[error.code],
    message: error.message,
    param: error.param ?? null,
    retryAfterSeconds: error.retryAfterSeconds,
    cause: error,
  });
}
