import type { KeyLimits } from '../../contract/index.ts';
import type { BudgetMark, KeySpending } from '../ports.ts';

/** Of a hard budget; a soft one is told of when it is reached. */
const hardPercents = [50, 80, 100];

/** The shares of a key's budgets that somebody is told of. */
function marksOf(limits: KeyLimits): BudgetMark[] {
  const budgets = [
    { period: 'day', kind: 'hard', budgetUsd: limits.budgetUsdPerDay },
    { period: 'day', kind: 'soft', budgetUsd: limits.softBudgetUsdPerDay },
    { period: 'month', kind: 'hard', budgetUsd: limits.budgetUsdPerMonth },
    { period: 'month', kind: 'soft', budgetUsd: limits.softBudgetUsdPerMonth },
  ] as const;
  return budgets.flatMap(({ period, kind, budgetUsd }) => {
    if (budgetUsd === null) return [];
    const percents = kind === 'hard' ? hardPercents : [100];
    return percents.map((percent) => ({
      period,
      kind,
      percent,
      budgetUsd,
      fromUsd: (budgetUsd * percent) / 100,
    }));
  });
}

interface PassedMark extends BudgetMark {
  readonly spentUsd: number;
  /** By the amount that was spent last. */
  readonly justNow: boolean;
}

/** @param costUsd what was spent last; it is in the sums. */
export function passedMarks(limits: KeyLimits, sums: KeySpending, costUsd: number): PassedMark[] {
  return marksOf(limits).flatMap((mark) => {
    const spentUsd = sums[mark.period].costUsd;
    if (nanos(spentUsd) < nanos(mark.fromUsd)) return [];
    return [{ ...mark, spentUsd, justNow: nanos(spentUsd - costUsd) < nanos(mark.fromUsd) }];
  });
}

/** As money is kept: sums of fractions do not come out even. */
function nanos(usd: number): number {
  return Math.round(usd * 1e9);
}
