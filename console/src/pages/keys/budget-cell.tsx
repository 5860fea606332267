import { formatCompact, formatMoney } from '../../format/format.ts';
import { BudgetBar } from '../../ui/budget-bar.tsx';
import type { Budget } from './budgets.ts';

interface BudgetCellProps {
  readonly budget: Budget | undefined;
  readonly className?: string;
}

const tokens = (value: number): string => `${formatCompact(value)} tok.`;

export function formatOf({ unit }: Budget): (value: number) => string {
  return unit === 'usd' ? formatMoney : tokens;
}

export function BudgetCell({ budget, className }: BudgetCellProps) {
  if (budget === undefined) return null;
  const { used, limit, soft, label } = budget;
  return (
    <BudgetBar
      used={used}
      limit={limit}
      soft={soft}
      format={formatOf(budget)}
      label={label}
      {...(className !== undefined && { className })}
    />
  );
}
