import type { UsageView } from '../../contract/index.ts';
import { addTokens, noUsage, type Usage } from '../../turn/index.ts';

/** Usage without its parts by model. */
export function usageView(usage: Usage): UsageView {
  const { byModel: _, ...sums } = usage;
  return sums;
}

/** The sum over the answers of one request. The cost is null where no answer has told its own. */
export function sumUsage(usages: Iterable<Usage>): UsageView {
  let sum = usageView(noUsage);
  for (const usage of usages) {
    const costUsd = usage.costUsd === null ? sum.costUsd : exactDollars((sum.costUsd ?? 0) + usage.costUsd);
    sum = { ...addTokens(sum, usage), costUsd, upstreamCalls: sum.upstreamCalls + usage.upstreamCalls };
  }
  return sum;
}

/** To a billionth: sums of floating-point numbers have a tail. */
function exactDollars(dollars: number): number {
  return Number(dollars.toFixed(9));
}

/** What each answer of a request took so far. */
export class UsageByChoice {
  readonly #latest = new Map<number, Usage>();

  /** Usage counts from the beginning of its turn, so the last holds, but for a failure that knows of none. */
  observe(choice: number, usage: Usage): void {
    const before = this.#latest.get(choice);
    if (before === undefined || usage.upstreamCalls >= before.upstreamCalls) this.#latest.set(choice, usage);
  }

  get isEmpty(): boolean {
    return this.#latest.size === 0;
  }

  sum(): UsageView {
    return sumUsage(this.#latest.values());
  }
}
