import type { ModelUsage, SDKResultMessage } from '@anthropic-ai/claude-agent-sdk';
import { addTokens, noTokens, type TokenCounts, type Usage } from '../../turn/index.ts';

type PricedCounts = TokenCounts & { readonly costUsd: number | null };

/** The counts as they stand in a Messages API stream event; absent ones are zero. */
export interface UpstreamUsage {
  readonly input_tokens?: number | null;
  readonly cache_read_input_tokens?: number | null;
  readonly cache_creation_input_tokens?: number | null;
  readonly output_tokens?: number | null;
  readonly output_tokens_details?: { readonly thinking_tokens?: number | null } | null;
}

/**
 * Counts what each turn of one process took. The engine's own totals (subagents and cost included) are
 * cumulative and come only with a `result`; a turn that ends at a client's tool call has none yet, so its
 * tokens are counted from the stream, and what was told then is not told again with the next `result`.
 */
export class UsageCounter {
  /** The engine's totals per model at the last `result`. */
  #settled = new Map<string, PricedCounts>();
  /** Told to clients before the engine's totals included it. */
  #toldAhead = new Map<string, TokenCounts>();
  #turn = new Map<string, TokenCounts>();
  #call: { readonly model: string; readonly counts: TokenCounts } | undefined;
  #calls = 0;

  /** An upstream call begins to answer. */
  callStarted(model: string, usage: UpstreamUsage): void {
    this.#callEnded();
    this.#calls++;
    this.#call = { model, counts: countsOf(usage, noTokens) };
  }

  /** `message_delta` brings the call's final counts; absent ones stay as they were. */
  callProgressed(usage: UpstreamUsage): void {
    if (this.#call !== undefined)
      this.#call = { model: this.#call.model, counts: countsOf(usage, this.#call.counts) };
  }

  /** Output tokens of the turn so far, by the stream. */
  outputTokens(): number {
    return sum(this.#streamed().values()).outputTokens;
  }

  /** The turn ends without a `result`: its usage by the stream. */
  endByStream(): Usage {
    this.#callEnded();
    const byModel = this.#turn;
    for (const [model, counts] of byModel)
      this.#toldAhead.set(model, addTokens(this.#toldAhead.get(model) ?? noTokens, counts));
    return this.#finish(
      new Map([...byModel].map(([model, counts]) => [model, { ...counts, costUsd: null }])),
    );
  }

  /** The turn ends with a `result`: what the engine's totals have grown by. */
  endByResult(result: SDKResultMessage): Usage {
    const byModel = new Map<string, PricedCounts>();
    // Upstream may name a model otherwise than the engine's totals do, so what was told is taken off the sum.
    let told = sum(this.#toldAhead.values());
    for (const [model, total] of Object.entries(result.modelUsage)) {
      const counts = modelCounts(total);
      const before = this.#settled.get(model);
      const sinceSettled = subtract(counts, before ?? noTokens);
      const grown = subtract(sinceSettled, told);
      told = subtract(told, sinceSettled);
      const costUsd = (counts.costUsd ?? 0) - (before?.costUsd ?? 0);
      this.#settled.set(model, counts);
      if (costUsd > 0 || Object.values(grown).some((count) => count > 0))
        byModel.set(model, { ...grown, costUsd });
    }
    this.#toldAhead.clear();
    return this.#finish(byModel);
  }

  #finish(byModel: Map<string, PricedCounts>): Usage {
    const costs = [...byModel.values()].map((counts) => counts.costUsd);
    const usage: Usage = {
      ...sum(byModel.values()),
      costUsd: costs.some((cost) => cost === null)
        ? null
        : costs.reduce<number>((total, cost) => total + (cost ?? 0), 0),
      upstreamCalls: this.#calls,
      byModel: Object.fromEntries(byModel),
    };
    this.#turn = new Map();
    this.#call = undefined;
    this.#calls = 0;
    return usage;
  }

  #callEnded(): void {
    this.#turn = this.#streamed();
    this.#call = undefined;
  }

  #streamed(): Map<string, TokenCounts> {
    const counts = new Map(this.#turn);
    if (this.#call !== undefined) {
      const { model } = this.#call;
      counts.set(model, addTokens(counts.get(model) ?? noTokens, this.#call.counts));
    }
    return counts;
  }
}

function countsOf(usage: UpstreamUsage, before: TokenCounts): TokenCounts {
  const cachedInputTokens = usage.cache_read_input_tokens ?? before.cachedInputTokens;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? before.cacheWriteTokens;
  const freshBefore = before.inputTokens - before.cachedInputTokens - before.cacheWriteTokens;
  return {
    inputTokens: (usage.input_tokens ?? freshBefore) + cachedInputTokens + cacheWriteTokens,
    cachedInputTokens,
    cacheWriteTokens,
    outputTokens: usage.output_tokens ?? before.outputTokens,
    thinkingTokens: usage.output_tokens_details?.thinking_tokens ?? before.thinkingTokens,
  };
}

function modelCounts(usage: ModelUsage): PricedCounts {
  return {
    inputTokens: usage.inputTokens + usage.cacheReadInputTokens + usage.cacheCreationInputTokens,
    cachedInputTokens: usage.cacheReadInputTokens,
    cacheWriteTokens: usage.cacheCreationInputTokens,
    outputTokens: usage.outputTokens,
    thinkingTokens: usage.thinkingTokens ?? 0,
    costUsd: usage.costUSD,
  };
}

function subtract(a: TokenCounts, b: TokenCounts): TokenCounts {
  const left = (x: number, y: number): number => Math.max(0, x - y);
  return {
    inputTokens: left(a.inputTokens, b.inputTokens),
    cachedInputTokens: left(a.cachedInputTokens, b.cachedInputTokens),
    cacheWriteTokens: left(a.cacheWriteTokens, b.cacheWriteTokens),
    outputTokens: left(a.outputTokens, b.outputTokens),
    thinkingTokens: left(a.thinkingTokens, b.thinkingTokens),
  };
}

function sum(counts: Iterable<TokenCounts>): TokenCounts {
  let total = noTokens;
  for (const one of counts) total = addTokens(total, one);
  return total;
}
