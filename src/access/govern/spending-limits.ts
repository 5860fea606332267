import type { KeyLimits } from '../../contract/index.ts';
import { TurnError } from '../../turn/index.ts';
import type { KeySpending } from '../ports.ts';

/** How a limit stands. */
export interface Rate {
  readonly limit: number;
  readonly remaining: number;
  /** Until it is whole again. */
  readonly resetMs: number;
}

/** One limit of tokens or dollars, in the UTC day or month of the time that was asked for. */
interface SpendingLimit {
  readonly of: 'tokens' | 'costUsd';
  readonly window: 'day' | 'month';
  readonly limit: number;
  readonly used: number;
  /** Milliseconds since 1970. */
  readonly endsAt: number;
}

export function hasSpendingLimits(limits: KeyLimits): boolean {
  return [limits.tokensPerDay, limits.tokensPerMonth, limits.budgetUsdPerDay, limits.budgetUsdPerMonth].some(
    (limit) => limit !== null,
  );
}

/** Of the limits of tokens that with less left; null where there is none. */
export function tokenRate(limits: KeyLimits, spending: KeySpending, at: number): Rate | null {
  const rates = spendingLimits(limits, spending, at)
    .filter((limit) => limit.of === 'tokens')
    .map(({ limit, used, endsAt }) => ({
      limit,
      remaining: Math.max(0, limit - used),
      resetMs: endsAt - at,
    }));
  return rates.reduce<Rate | null>(
    (least, rate) => (least === null || rate.remaining < least.remaining ? rate : least),
    null,
  );
}

/** The refusal where a limit is used up; of several, by the one that lasts longest. */
export function refuseSpent(limits: KeyLimits, spending: KeySpending, at: number): TurnError | null {
  const [spent] = spendingLimits(limits, spending, at)
    .filter(({ used, limit }) => used >= limit)
    .sort((a, b) => b.endsAt - a.endsAt);
  if (spent === undefined) return null;
  return new TurnError('key_quota_exceeded', describe(spent), {
    retryAfterSeconds: Math.ceil((spent.endsAt - at) / 1000),
  });
}

function spendingLimits(limits: KeyLimits, { day, month }: KeySpending, at: number): SpendingLimit[] {
  const dayEnd = endOf('day', at);
  const monthEnd = endOf('month', at);
  const all = [
    { of: 'tokens', window: 'day', limit: limits.tokensPerDay, used: day.tokens, endsAt: dayEnd },
    { of: 'tokens', window: 'month', limit: limits.tokensPerMonth, used: month.tokens, endsAt: monthEnd },
    { of: 'costUsd', window: 'day', limit: limits.budgetUsdPerDay, used: day.costUsd, endsAt: dayEnd },
    {
      of: 'costUsd',
      window: 'month',
      limit: limits.budgetUsdPerMonth,
      used: month.costUsd,
      endsAt: monthEnd,
    },
  ] as const;
  return all.flatMap((one) => (one.limit === null ? [] : [{ ...one, limit: one.limit }]));
}

function describe({ of, window, limit, used, endsAt }: SpendingLimit): string {
  const rule =
    of === 'tokens'
      ? `may use ${limit} tokens a ${window} and has used ${used}`
      : `may spend $${limit} a ${window} and has spent $${Number(used.toFixed(4))}`;
  return `You exceeded your current quota: this API key ${rule}. A new ${window} begins at ${new Date(endsAt).toISOString()}.`;
}

/** When the UTC day or month of a time is over. */
export function endOf(window: 'day' | 'month', at: number): number {
  const date = new Date(at);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return window === 'day' ? Date.UTC(year, month, date.getUTCDate() + 1) : Date.UTC(year, month + 1);
}
