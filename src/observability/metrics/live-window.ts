import type { LiveMetrics, RequestRecord } from '../../contract/index.ts';

const windowSeconds = 60;
/** Percentiles are those of at most so many requests, the latest. */
const mostTimes = 4096;

/** Of one second. */
interface Second {
  readonly at: number;
  requests: number;
  errors: number;
  outputTokens: number;
  costUsd: number;
}

interface Times {
  readonly at: number;
  readonly duration: number;
  readonly firstToken: number | null;
}

type WindowFigures = Pick<
  LiveMetrics,
  | 'requestsPerMinute'
  | 'errorsPerMinute'
  | 'outputTokensPerMinute'
  | 'costUsdPerMinute'
  | 'durationP50'
  | 'durationP95'
  | 'firstTokenP50'
>;

/** The requests that ended in the last 60 seconds. Its size does not grow with their number. */
export class LiveWindow {
  #seconds: Second[] = [];
  #times: Times[] = [];

  /** Times are milliseconds of one clock that does not go back. */
  add(record: RequestRecord, now: number): void {
    const at = Math.floor(now / 1000);
    let second = this.#seconds.at(-1);
    if (second?.at !== at) {
      second = { at, requests: 0, errors: 0, outputTokens: 0, costUsd: 0 };
      this.#seconds.push(second);
      if (this.#seconds.length > windowSeconds + 1) this.#seconds.shift();
    }
    second.requests += 1;
    if (record.status >= 400) second.errors += 1;
    second.outputTokens += record.outputTokens;
    second.costUsd += record.costUsd ?? 0;
    this.#times.push({ at, duration: record.durationMs, firstToken: record.firstTokenMs });
    // In one go now and then: taking the first away each time would move all of them.
    if (this.#times.length >= 2 * mostTimes) this.#times = this.#times.slice(-mostTimes);
  }

  read(now: number): WindowFigures {
    const from = Math.floor(now / 1000) - windowSeconds;
    this.#seconds = this.#seconds.filter(({ at }) => at > from);
    this.#times = this.#times.filter(({ at }) => at > from).slice(-mostTimes);
    const sum = (pick: (second: Second) => number): number =>
      this.#seconds.reduce((total, second) => total + pick(second), 0);
    const durations = this.#times.map(({ duration }) => duration).sort((a, b) => a - b);
    const firstTokens = this.#times.flatMap(({ firstToken }) => firstToken ?? []).sort((a, b) => a - b);
    return {
      requestsPerMinute: sum(({ requests }) => requests),
      errorsPerMinute: sum(({ errors }) => errors),
      outputTokensPerMinute: sum(({ outputTokens }) => outputTokens),
      // To a billionth: sums of floating-point numbers have a tail.
      costUsdPerMinute: Number(sum(({ costUsd }) => costUsd).toFixed(9)),
      durationP50: percentile(durations, 0.5),
      durationP95: percentile(durations, 0.95),
      firstTokenP50: percentile(firstTokens, 0.5),
    };
  }
}

/** The smallest that this share of them does not exceed; null of none. */
function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? null;
}
