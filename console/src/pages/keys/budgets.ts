import type { ApiKeyWithUsage, KeyLimits, KeyUsage } from '../../../../src/contract/index.ts';

/** What of a day or a month may be limited. */
export interface Budget {
  readonly id: keyof KeyLimits;
  readonly label: string;
  readonly unit: 'usd' | 'tokens';
  readonly period: 'day' | 'month';
  readonly used: number;
  /** Null: no limit. */
  readonly limit: number | null;
  /** Nothing is refused at it; null: there is none. */
  readonly soft: number | null;
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
      soft: limits.softBudgetUsdPerDay,
    },
    {
      id: 'budgetUsdPerMonth',
      label: 'Cost this month',
      unit: 'usd',
      period: 'month',
      used: usage.costUsdThisMonth,
      limit: limits.budgetUsdPerMonth,
      soft: limits.softBudgetUsdPerMonth,
    },
    {
      id: 'tokensPerDay',
      label: 'Tokens today',
      unit: 'tokens',
      period: 'day',
      used: usage.tokensToday,
      limit: limits.tokensPerDay,
      soft: null,
    },
    {
      id: 'tokensPerMonth',
      label: 'Tokens this month',
      unit: 'tokens',
      period: 'month',
      used: usage.tokensThisMonth,
      limit: limits.tokensPerMonth,
      soft: null,
    },
  ];
}

/** The one of a period that is nearest to its limit; without limits what was spent. */
export function tightestBudget(budgets: readonly Budget[], period: Budget['period']): Budget | undefined {
  const own = budgets.filter((budget) => budget.period === period);
  const limited = own.filter(isLimited);
  return limited.toSorted((a, b) => shareOf(b) - shareOf(a))[0] ?? own.find(({ unit }) => unit === 'usd');
}

/** The soft budgets that are reached. */
export function softBudgetsReached({
  limits,
  usage,
}: Pick<ApiKeyWithUsage, 'limits' | 'usage'>): readonly Budget[] {
  return budgetsOf(limits, usage).filter(({ used, soft }) => soft !== null && used >= soft);
}

export function isLimited({ limit, soft }: Budget): boolean {
  return limit !== null || soft !== null;
}

/** When the UTC day or month is over. */
export function endOfPeriod(period: Budget['period'], now: number): number {
  const date = new Date(now);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return period === 'day' ? Date.UTC(year, month, date.getUTCDate() + 1) : Date.UTC(year, month + 1);
}

function shareOf({ used, limit, soft }: Budget): number {
  const bound = limit ?? soft;
  return bound === null ? 0 : used / bound;
}
