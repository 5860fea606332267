import type {
  SDKAPIRetryMessage,
  SDKAssistantMessageError,
  SDKResultMessage,
} from '@anthropic-ai/claude-agent-sdk';
import { describe, expect, test } from 'vitest';
import type { TurnErrorCode } from '../../turn/index.ts';
import { errorFromResult, type FailureContext } from './map-errors.ts';

const calm: FailureContext = { assistantError: undefined, lastRetry: undefined, agentActed: false };

/** As Claude Code reports what upstream refused: a success that is an error. */
function refused(status: number | null, result = 'API Error'): SDKResultMessage {
  return {
    type: 'result',
    subtype: 'success',
    is_error: true,
    api_error_status: status,
    result,
  } as unknown as SDKResultMessage;
}

function broken(subtype: string, errors: readonly string[] = []): SDKResultMessage {
  return { type: 'result', subtype, is_error: true, errors } as unknown as SDKResultMessage;
}

test.each<[number, TurnErrorCode]>([
  [400, 'invalid_request'],
  [401, 'upstream_authentication'],
  [402, 'quota_exceeded'],
  [403, 'upstream_permission'],
  [404, 'model_not_found'],
  [413, 'request_too_large'],
  [422, 'invalid_request'],
  [429, 'rate_limited'],
  [500, 'upstream_failed'],
  [503, 'upstream_failed'],
  [529, 'overloaded'],
])('upstream status %d is %s', (status, code) => {
  const error = errorFromResult(refused(status, `API Error: ${status}`), calm);
  expect(error).toMatchObject({ code, upstreamStatus: status, message: `API Error: ${status}` });
});

// Every name that the SDK knows: a new one must be placed here.
const byName: Record<SDKAssistantMessageError, TurnErrorCode> = {
  authentication_failed: 'upstream_authentication',
  oauth_org_not_allowed: 'upstream_permission',
  account_on_hold: 'upstream_permission',
  verification_required: 'upstream_permission',
  billing_error: 'quota_exceeded',
  rate_limit: 'rate_limited',
  overloaded: 'overloaded',
  invalid_request: 'invalid_request',
  model_not_found: 'model_not_found',
  server_error: 'upstream_failed',
  unknown: 'upstream_failed',
  max_output_tokens: 'upstream_failed',
  cloud_credential_error: 'upstream_authentication',
};
test.each(Object.entries(byName) as [SDKAssistantMessageError, TurnErrorCode][])(
  'without a status, the name %s is %s',
  (assistantError, code) => {
    const error = errorFromResult(refused(null), { ...calm, assistantError });
    expect(error.code).toBe(code);
    expect(error.upstreamStatus).toBeUndefined();
  },
);

test('a status says more than a name', () => {
  expect(errorFromResult(refused(429), { ...calm, assistantError: 'unknown' }).code).toBe('rate_limited');
});

test.each<[string, number | null, TurnErrorCode]>([
  ['Not logged in · Please run /login', null, 'not_logged_in'],
  ['Prompt is too long', null, 'context_length_exceeded'],
  ['Prompt is too long', 400, 'context_length_exceeded'],
  [
    'input length and `max_tokens` exceed context limit: 199000 + 20000 > 200000',
    400,
    'context_length_exceeded',
  ],
  ['Credit balance is too low', 400, 'quota_exceeded'],
  ['You have reached your specified API spending limit', 400, 'quota_exceeded'],
  ['Invalid API key · Please run /login', 401, 'upstream_authentication'],
])('"%s" with status %s is %s', (message, status, code) => {
  expect(errorFromResult(refused(status, message), calm).code).toBe(code);
});

test('somebody who is not logged in is told what to do on a server', () => {
  const error = errorFromResult(refused(null, 'Not logged in · Please run /login'), calm);
  expect(error.message).toContain('ANTHROPIC_API_KEY');
});

describe('errors of the engine itself', () => {
  test.each<[string, TurnErrorCode]>([
    ['error_max_structured_output_retries', 'schema_mismatch'],
    ['error_during_execution', 'engine_failed'],
    ['error_max_turns', 'engine_failed'],
    ['error_max_budget_usd', 'run_budget_exceeded'],
  ])('%s is %s, with all that was said', (subtype, code) => {
    const error = errorFromResult(broken(subtype, ['first', 'second']), calm);
    expect(error).toMatchObject({ code, message: 'first; second' });
  });

  test('without a word the message still says something', () => {
    expect(errorFromResult(broken('error_during_execution'), calm).message).not.toBe('');
  });
});

describe('advice for another try', () => {
  const retry = (milliseconds: number) => ({ retry_delay_ms: milliseconds }) as unknown as SDKAPIRetryMessage;

  test.each([429, 529])(
    'with status %d it is the next delay that the engine had planned, in whole seconds',
    (status) => {
      const advised = (lastRetry?: SDKAPIRetryMessage) =>
        errorFromResult(refused(status), { ...calm, lastRetry }).retryAfterSeconds;
      expect(advised(retry(2_100))).toBe(3);
      expect(advised(retry(10))).toBe(1);
      expect(advised()).toBe(5);
    },
  );

  test('there is none for an error that another try would not mend', () => {
    expect(errorFromResult(refused(400), { ...calm, lastRetry: retry(9) }).retryAfterSeconds).toBeUndefined();
  });

  test('it is told whether another try would repeat work', () => {
    expect(errorFromResult(refused(500), { ...calm, agentActed: true }).agentActed).toBe(true);
    expect(errorFromResult(refused(500), calm).agentActed).toBe(false);
  });
});
