import { describe, expect, it, test } from 'vitest';
import { TurnError, type TurnErrorCode } from '../turn/index.ts';
import { missingField, modelNotFound, WireError, wireErrorFromTurnError } from './errors.ts';

type Row = [
  status: number,
  type: string,
  code: string,
  param: string | null,
  shouldRetry: boolean | undefined,
];

const table: Record<TurnErrorCode, Row> = {
  not_logged_in: [503, 'api_error', 'claude_not_logged_in', null, false],
  upstream_authentication: [401, 'authentication_error', 'upstream_authentication_failed', null, undefined],
  upstream_permission: [403, 'permission_error', 'upstream_permission_denied', null, undefined],
  model_not_found: [404, 'invalid_request_error', 'model_not_found', 'model', undefined],
  invalid_request: [400, 'invalid_request_error', 'invalid_request', null, undefined],
  context_length_exceeded: [400, 'invalid_request_error', 'context_length_exceeded', 'messages', undefined],
  request_too_large: [413, 'invalid_request_error', 'request_too_large', null, undefined],
  rate_limited: [429, 'rate_limit_error', 'rate_limit_exceeded', null, undefined],
  quota_exceeded: [429, 'insufficient_quota', 'insufficient_quota', null, false],
  overloaded: [503, 'server_error', 'server_is_overloaded', null, undefined],
  upstream_failed: [502, 'server_error', 'upstream_error', null, undefined],
  schema_mismatch: [500, 'server_error', 'schema_mismatch', null, false],
  not_allowed: [403, 'permission_error', 'not_allowed', null, false],
  key_rate_limited: [429, 'rate_limit_error', 'rate_limit_exceeded', null, undefined],
  key_quota_exceeded: [429, 'insufficient_quota', 'insufficient_quota', null, false],
  workspace_full: [429, 'insufficient_quota', 'workspace_full', null, false],
  run_budget_exceeded: [429, 'insufficient_quota', 'insufficient_quota', null, false],
  queue_full: [429, 'rate_limit_error', 'rate_limit_exceeded', null, undefined],
  timeout: [504, 'server_error', 'timeout', null, undefined],
  cancelled: [499, 'server_error', 'request_cancelled', null, false],
  shutting_down: [503, 'server_error', 'server_shutting_down', null, undefined],
  engine_failed: [500, 'server_error', 'engine_failed', null, undefined],
};
const rows = Object.entries(table) as [TurnErrorCode, Row][];

describe('the wire form of a turn error', () => {
  test.each(rows)('%s', (code, [status, type, wireCode, param, shouldRetry]) => {
    const error = wireErrorFromTurnError(new TurnError(code, 'what happened'));
    expect(error).toMatchObject({ status, type, code: wireCode, param, shouldRetry });
    expect(error.toBody()).toEqual({ error: { message: 'what happened', type, param, code: wireCode } });
  });

  test.each(rows)('%s is never retried once the agent acted', (code) => {
    const error = wireErrorFromTurnError(new TurnError(code, 'x', { agentActed: true }));
    expect(error.shouldRetry).toBe(false);
  });

  it('carries the time after which another try makes sense, and its cause', () => {
    const cause = new TurnError('rate_limited', 'slow down', { retryAfterSeconds: 7 });
    const error = wireErrorFromTurnError(cause);
    expect(error.retryAfterSeconds).toBe(7);
    expect(error.cause).toBe(cause);
  });
});

it('tells a missing field as OpenAI does', () => {
  expect(missingField('model').toBody()).toEqual({
    error: {
      message: "Missing required parameter: 'model'.",
      type: 'invalid_request_error',
      param: 'model',
      code: 'missing_required_field',
    },
  });
});

it('tells an unknown model with 404', () => {
  expect(modelNotFound('no such model')).toMatchObject({
    status: 404,
    code: 'model_not_found',
    param: 'model',
  });
});

it('has null for what an error does not name', () => {
  const error = new WireError({ status: 500, type: 'api_error', message: 'broken' });
  expect(error.toBody().error).toEqual({ message: 'broken', type: 'api_error', param: null, code: null });
});
