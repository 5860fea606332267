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

/** What a process took in its life by the engine's own count, cost and subagents included, by model. */
export type EngineTotals = Readonly<Record<string, ModelUsage>>;

/**
 * Counts what each turn of one process took. The engine's own totals (subagents and cost included) are cumulative and
 * come with a `result` or when asked for. Until they have come, tokens are counted from the stream; what was told of
 * those is not told again with later totals.
 */
export class UsageCounter {
  /** The engine's totals per model that were told with the turns before. */
  #settled = new Map<string, PricedCounts>();
  /** Told to clients before the engine's totals included it. */
  #toldAhead = noTokens;
  /** The newest totals of this turn, and what it took by them. */
  #newest: Map<string, PricedCounts> | undefined;
  #known = new Map<string, PricedCounts>();
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

  /** The engine tells its totals while the turn runs. */
  observe(totals: EngineTotals): void {
    this.#newest = new Map(Object.entries(totals).map(([model, usage]) => [model, modelCounts(usage)]));
    this.#known = this.#grown(this.#newest);
  }

  /** What the turn took so far; its cost as far as the engine has told it. */
  soFar(): Usage {
    return this.#usage(this.#withStreamed(this.#known));
  }

  /** The turn ends without a `result`: its usage by what the engine told so far, and by the stream beyond that. */
  endByStream(): Usage {
    const ahead = subtract(sum(this.#streamed().values()), sum(this.#known.values()));
    const usage = this.soFar();
    // Totals that were told before the turn's own do not include the whole of it, nor of what was told ahead earlier.
    this.#toldAhead = addTokens(this.#settle(), ahead);
    this.#finish();
    return usage;
  }

  /** The turn ends with a `result`: what the engine's totals have grown by. */
  endByResult(result: SDKResultMessage): Usage {
    this.observe(result.modelUsage);
    const usage = this.#usage(this.#known);
    this.#settle();
    this.#toldAhead = noTokens;
    this.#finish();
    return usage;
  }

  /** By how much these totals exceed what was told. */
  #grown(totals: ReadonlyMap<string, PricedCounts>): Map<string, PricedCounts> {
    const byModel = new Map<string, PricedCounts>();
    // Upstream may name a model otherwise than the engine's totals do, so what was told is taken off the sum.
    let told = this.#toldAhead;
    for (const [model, total] of totals) {
      const before = this.#settled.get(model);
      const sinceSettled = subtract(total, before ?? noTokens);
      const grown = subtract(sinceSettled, told);
      told = subtract(told, sinceSettled);
      const costUsd = Math.max(0, (total.costUsd ?? 0) - (before?.costUsd ?? 0));
      if (costUsd > 0 || Object.values(grown).some((count) => count > 0))
        byModel.set(model, { ...grown, costUsd });
    }
    return byModel;
  }

  /** The tokens that the stream tells beyond the known; no totals yet, no cost. */
  #withStreamed(known: ReadonlyMap<string, PricedCounts>): Map<string, PricedCounts> {
    const streamed = this.#streamed();
    if (this.#newest === undefined)
      return new Map([...streamed].map(([model, counts]) => [model, { ...counts, costUsd: null }]));
    const byModel = new Map(known);
    const rest = subtract(sum(streamed.values()), sum(known.values()));
    const model = [...streamed.keys()].at(-1);
    if (model === undefined || Object.values(rest).every((count) => count === 0)) return byModel;
    const before = byModel.get(model) ?? { ...noTokens, costUsd: null };
    return byModel.set(model, { ...addTokens(before, rest), costUsd: before.costUsd });
  }

  /** The newest totals are told; returns what was told ahead and is still not among them. */
  #settle(): TokenCounts {
    if (this.#newest === undefined) return this.#toldAhead;
    const counts = [...this.#newest].map(([model, total]) =>
      subtract(total, this.#settled.get(model) ?? noTokens),
    );
    for (const [model, total] of this.#newest) this.#settled.set(model, total);
    return subtract(this.#toldAhead, sum(counts));
  }

  #usage(byModel: ReadonlyMap<string, PricedCounts>): Usage {
    const costs = [...byModel.values()].flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd]));
    const isTold = this.#newest !== undefined && (costs.length > 0 || byModel.size === 0);
    return {
      ...sum(byModel.values()),
      costUsd: isTold ? costs.reduce((total, cost) => total + cost, 0) : null,
      upstreamCalls: this.#calls,
      byModel: Object.fromEntries(byModel),
    };
  }

  #finish(): void {
    this.#newest = undefined;
    this.#known = new Map();
    this.#turn = new Map();
    this.#call = undefined;
    this.#calls = 0;
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
