/** Why a turn failed. The dialects map these to their wire errors by a table. */
export type TurnErrorCode =
  /** No Claude credential is configured, or the login expired. */
  | 'not_logged_in'
  /** Upstream refused the credential (401). */
  | 'upstream_authentication'
  /** Upstream refused access (403). */
  | 'upstream_permission'
  /** Upstream does not know the model (404). */
  | 'model_not_found'
  /** Upstream refused the request as invalid (400). */
  | 'invalid_request'
  /** The conversation is longer than the model's context. */
  | 'context_length_exceeded'
  /** The request is larger than upstream takes (413). */
  | 'request_too_large'
  /** Upstream rate limit (429). */
  | 'rate_limited'
  /** Upstream credit or spending limit is used up. */
  | 'quota_exceeded'
  /** Upstream is overloaded (529). */
  | 'overloaded'
  /** Upstream failed (500 and the like), or cannot be reached. */
  | 'upstream_failed'
  /** The answer does not fit the requested schema. */
  | 'schema_mismatch'
  /** The caller's key does not allow this. */
  | 'not_allowed'
  /** The caller's key is at its limit of requests or of runs at once. */
  | 'key_rate_limited'
  /** The caller's key has used up its tokens or its budget. */
  | 'key_quota_exceeded'
  /** The workspace takes as much as it may. */
  | 'workspace_full'
  /** The run reached the budget that its profile gives it. */
  | 'run_budget_exceeded'
  /** Our own queue of waiting turns is full. */
  | 'queue_full'
  /** The turn took longer than the server allows. */
  | 'timeout'
  /** The client went away, or somebody stopped the turn. */
  | 'cancelled'
  /** The server is shutting down. */
  | 'shutting_down'
  /** The engine itself broke. */
  | 'engine_failed';

export interface TurnErrorDetails {
  /** HTTP status of the upstream answer, where there was one. */
  readonly upstreamStatus?: number;
  /** Seconds after which another try makes sense. */
  readonly retryAfterSeconds?: number;
  /** True once the agent ran a tool, or spent a whole run: trying again would repeat its work. */
  readonly agentActed?: boolean;
  readonly cause?: unknown;
}

export class TurnError extends Error {
  override readonly name = 'TurnError';
  readonly code: TurnErrorCode;
  readonly upstreamStatus: number | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly agentActed: boolean;

  constructor(code: TurnErrorCode, message: string, details: TurnErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.upstreamStatus = details.upstreamStatus;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.agentActed = details.agentActed ?? false;
  }
}
