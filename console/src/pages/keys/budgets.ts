import type { KeyLimits, KeyUsage } from '../../../../src/contract/index.ts';

/** What of a day or a month may be limited. */
export interface Budget {
  readonly id: keyof KeyLimits;
  readonly label: string;
  readonly unit: 'usd' | 'tokens';
  readonly period: 'day' | 'month';
  readonly used: number;
  /** Null: no limit. */
  readonly limit: number | null;
}

export function budgetsOf(limits: KeyLimits, usage: KeyUsage): readonly Budget[] {
  return [
    {
      id: 'budgetUsdPerDay',
      label: 'Cost today',
      unit: 'usd',
      period: 'day',
      used: usage.costUsdToday,
      limit: limits.budgetUsdPerDay,
    },
    {
      id: 'budgetUsdPerMonth',
      label: 'Cost this month',
      unit: 'usd',
      period: 'month',
      used: usage.costUsdThisMonth,
      limit: limits.budgetUsdPerMonth,
    },
    {
      id: 'tokensPerDay',
      label: 'Tokens today',
      unit: 'tokens',
      period: 'day',
      used: usage.tokensToday,
      limit: limits.tokensPerDay,
    },
    {
      id: 'tokensPerMonth',
      label: 'Tokens this month',
      unit: 'tokens',
      period: 'month',
      used: usage.tokensThisMonth,
      limit: limits.tokensPerMonth,
    },
  ];
}

/** The one of a period that is nearest to its limit; without limits what was spent. */
export function tightestBudget(budgets: readonly Budget[], period: Budget['period']): Budget | undefined {
  const own = budgets.filter((budget) => budget.period === period);
  const limited = own.filter(({ limit }) => limit !== null);
  return limited.toSorted((a, b) => shareOf(b) - shareOf(a))[0] ?? own.find(({ unit }) => unit === 'usd');
}

function shareOf({ used, limit }: Budget): number {
  return limit === null ? 0 : used / limit;
}
