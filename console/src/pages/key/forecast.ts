export type Forecast =
  /** The limit is reached before the month ends. */
  | { readonly kind: 'exhausted'; readonly at: number }
  /** It is not; so much will be used by the end of the month. */
  | { readonly kind: 'within'; readonly expected: number };

interface ForecastInput {
  readonly used: number;
  readonly limit: number | null;
  /** Of the month so far. */
  readonly requests: number;
  /** When the key was made, or its budget begun anew: what was used was used after that. */
  readonly since: number;
  readonly now: number;
}

/** With less than that a rate would be a guess. */
const leastTimeMs = 2 * 86_400_000;
const leastRequests = 10;

/**
 * Where a month's budget is heading at the rate of the month so far (UTC). Null where that cannot be said honestly: there is
 * no limit, it is used up already, or there is too little to go by.
 */
export function forecastMonth({ used, limit, requests, since, now }: ForecastInput): Forecast | null {
  if (limit === null || used <= 0 || used >= limit) return null;
  const { start, end } = monthOf(now);
  const elapsed = now - Math.max(start, since);
  if (elapsed < leastTimeMs || requests < leastRequests) return null;
  const rate = used / elapsed;
  const at = now + (limit - used) / rate;
  return at < end ? { kind: 'exhausted', at } : { kind: 'within', expected: used + rate * (end - now) };
}

function monthOf(at: number): { readonly start: number; readonly end: number } {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { start: Date.UTC(year, month), end: Date.UTC(year, month + 1) };
}
