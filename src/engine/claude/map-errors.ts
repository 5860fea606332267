import type {
  SDKAPIRetryMessage,
  SDKAssistantMessageError,
  SDKResultMessage,
} from '@anthropic-ai/claude-agent-sdk';
import { TurnError, type TurnErrorCode } from '../../turn/index.ts';

/** How Claude Code names what upstream refused, where there is no status to go by. */
const codeByName: Readonly<Partial<Record<SDKAssistantMessageError, TurnErrorCode>>> = {
  authentication_failed: 'upstream_authentication',
  cloud_credential_error: 'upstream_authentication',
  oauth_org_not_allowed: 'upstream_permission',
  account_on_hold: 'upstream_permission',
  verification_required: 'upstream_permission',
  billing_error: 'quota_exceeded',
  rate_limit: 'rate_limited',
  overloaded: 'overloaded',
  invalid_request: 'invalid_request',
  model_not_found: 'model_not_found',
  server_error: 'upstream_failed',
};

const codeByStatus: Readonly<Record<number, TurnErrorCode>> = {
  400: 'invalid_request',
  401: 'upstream_authentication',
  402: 'quota_exceeded',
  403: 'upstream_permission',
  404: 'model_not_found',
  413: 'request_too_large',
  429: 'rate_limited',
  529: 'overloaded',
};

export interface FailureContext {
  /** `error` of the last assistant message, if it had one. */
  readonly assistantError: SDKAssistantMessageError | undefined;
  readonly lastRetry: SDKAPIRetryMessage | undefined;
  readonly agentActed: boolean;
}

/** Why a process ended by itself, from what it wrote to its standard error. */
export function errorFromExit(said: string, cause: unknown): Error {
  const [, flaw] = /--json-schema is not a valid JSON Schema: (.*)/.exec(said) ?? [];
  if (flaw === undefined) return new Error(`Claude Code failed: ${said}`, { cause });
  return new TurnError('invalid_request', `Claude Code refuses the schema of the answer: ${flaw}`, { cause });
}

/** The error behind a `result` with `is_error`, or behind one of the error subtypes. */
export function errorFromResult(result: SDKResultMessage, context: FailureContext): TurnError {
  const message = result.subtype === 'success' ? result.result : result.errors.join('; ');
  const status = result.subtype === 'success' ? (result.api_error_status ?? undefined) : undefined;
  const code = errorCode(result, message, status, context.assistantError);
  const details = {
    agentActed: context.agentActed || code === 'run_budget_exceeded',
    ...(status === undefined ? {} : { upstreamStatus: status }),
    ...(code === 'rate_limited' || code === 'overloaded'
      ? { retryAfterSeconds: retryAfterSeconds(context.lastRetry) }
      : {}),
  };
  return new TurnError(code, describeFailure(code, message), details);
}

function errorCode(
  result: SDKResultMessage,
  message: string,
  status: number | undefined,
  assistantError: SDKAssistantMessageError | undefined,
): TurnErrorCode {
  if (result.subtype === 'error_max_structured_output_retries') return 'schema_mismatch';
  if (result.subtype === 'error_max_budget_usd') return 'run_budget_exceeded';
  if (status === undefined && /not logged in|\/login/i.test(message)) return 'not_logged_in';
  if (/prompt is too long|context (window|length|limit)|exceeds? the (model's )?context/i.test(message))
    return 'context_length_exceeded';
  if (/credit balance|spend(ing)? limit/i.test(message)) return 'quota_exceeded';
  if (status !== undefined)
    return codeByStatus[status] ?? (status >= 500 ? 'upstream_failed' : 'invalid_request');
  const named = assistantError === undefined ? undefined : codeByName[assistantError];
  if (named !== undefined) return named;
  return result.subtype === 'success' ? 'upstream_failed' : 'engine_failed';
}

function describeFailure(code: TurnErrorCode, message: string): string {
  if (code === 'not_logged_in')
    return 'Claude Code has no credentials on this server. Set ANTHROPIC_API_KEY (or the variables of Bedrock, Vertex or Foundry) for the server, or log in with `claude` for personal use, and restart it.';
  return message === '' ? 'Claude Code ended the run without saying why.' : message;
}

/** Upstream's own advice does not get through the engine; its planned next delay is the best there is. */
function retryAfterSeconds(lastRetry: SDKAPIRetryMessage | undefined): number {
  return Math.max(1, Math.ceil((lastRetry?.retry_delay_ms ?? 5_000) / 1000));
}
