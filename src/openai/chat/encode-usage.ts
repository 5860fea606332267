import { addTokens, noTokens, type TokenCounts } from '../../turn/index.ts';
import type { CompletionUsage } from './chat-wire.ts';

/** The usage of one request: with `n` above 1, the sum of its turns. */
export function encodeUsage(turns: readonly TokenCounts[]): CompletionUsage {
  const sum = turns.reduce<TokenCounts>(addTokens, noTokens);
  return {
    prompt_tokens: sum.inputTokens,
    completion_tokens: sum.outputTokens,
    total_tokens: sum.inputTokens + sum.outputTokens,
    prompt_tokens_details: { cached_tokens: sum.cachedInputTokens, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: sum.thinkingTokens,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
