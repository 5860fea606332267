import { expect, test } from 'vitest';
import { AccessError, type AccessErrorCode } from '../access/index.ts';
import { errorHeaders, toWireError } from './wire-errors.ts';

test.each<[AccessErrorCode, number, string, string]>([
  ['missing_key', 401, 'authentication_error', 'invalid_api_key'],
  ['invalid_key', 401, 'authentication_error', 'invalid_api_key'],
  ['invalid_credentials', 401, 'authentication_error', 'invalid_credentials'],
  ['sign_in_expired', 401, 'authentication_error', 'sign_in_expired'],
  ['no_session', 401, 'authentication_error', 'no_session'],
  ['too_many_attempts', 429, 'rate_limit_error', 'too_many_attempts'],
  ['password_change_required', 403, 'permission_error', 'password_change_required'],
  ['two_factor_required', 403, 'permission_error', 'two_factor_required'],
  ['forbidden', 403, 'permission_error', 'forbidden'],
  ['not_found', 404, 'invalid_request_error', 'not_found'],
  ['conflict', 409, 'invalid_request_error', 'conflict'],
  ['invalid', 400, 'invalid_request_error', 'invalid_value'],
])('%s is told as %d %s %s', (code, status, type, wireCode) => {
  expect(toWireError(new AccessError(code, 'No.'))).toMatchObject({
    status,
    type,
    code: wireCode,
    message: 'No.',
    param: null,
  });
});

test('the field at fault and the time to wait are told', () => {
  expect(toWireError(new AccessError('invalid', 'No.', { param: 'name' })).param).toBe('name');
  const wait = toWireError(new AccessError('too_many_attempts', 'No.', { retryAfterSeconds: 7.2 }));
  expect(errorHeaders(wait)).toEqual({ 'retry-after': '8' });
});
