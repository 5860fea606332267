/** True counts of one turn, summed over all its upstream calls, subagents included. */
export interface Usage extends TokenCounts {
  /** US dollars by the engine's price list; null where the engine has not told it (yet). */
  readonly costUsd: number | null;
  /** Upstream calls of the main agent in this turn; those of subagents are in the tokens and the cost. */
  readonly upstreamCalls: number;
  readonly byModel: Readonly<Record<string, TokenCounts & { readonly costUsd: number | null }>>;
}

export interface TokenCounts {
  /** All input: fresh + cache read + cache write. */
  readonly inputTokens: number;
  /** Of the input, read from the prompt cache. */
  readonly cachedInputTokens: number;
  /** Of the input, written to the prompt cache. */
  readonly cacheWriteTokens: number;
  /** All output, thinking included. */
  readonly outputTokens: number;
  /** Of the output, thinking. */
  readonly thinkingTokens: number;
}

export const noTokens: TokenCounts = {
  inputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  thinkingTokens: 0,
};

export const noUsage: Usage = { ...noTokens, costUsd: null, upstreamCalls: 0, byModel: {} };

export function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    thinkingTokens: a.thinkingTokens + b.thinkingTokens,
  };
}
