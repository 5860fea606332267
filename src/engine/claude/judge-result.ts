import type { SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import { TurnError } from '../../turn/index.ts';
import { errorFromResult, type FailureContext } from './map-errors.ts';

export interface ResultContext extends FailureContext {
  /** The answer was to fit a schema. */
  readonly structured: boolean;
  /** Why the last upstream call ended, in upstream's words. */
  readonly upstreamStop: string | null;
}

/** What a `result` says of its turn. */
export type Verdict =
  | { readonly outcome: 'answered' }
  /** The profile's limit of upstream calls; the last calls of tools were still made. */
  | { readonly outcome: 'max-turns'; readonly message: string }
  | { readonly outcome: 'failed'; readonly error: TurnError };

export function judgeResult(result: SDKResultMessage, context: ResultContext): Verdict {
  const { structured, upstreamStop } = context;
  if (result.subtype === 'success' && !result.is_error) {
    // The engine may give up on the schema without an error: then there is no structured output.
    if (!structured || result.structured_output !== undefined) return { outcome: 'answered' };
    const message = 'The model did not answer in the requested format.';
    return { outcome: 'failed', error: new TurnError('schema_mismatch', message, { agentActed: true }) };
  }
  // The budget stops what would follow an answer, and nothing does.
  if (result.subtype === 'error_max_budget_usd' && upstreamStop === 'end_turn' && !structured)
    return { outcome: 'answered' };
  if (result.subtype === 'error_max_turns')
    return { outcome: 'max-turns', message: result.errors.join('; ') };
  return { outcome: 'failed', error: errorFromResult(result, context) };
}
