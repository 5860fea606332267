import { formatPercent } from '../format/format.ts';
import { cx } from './cx.ts';

interface BudgetBarProps {
  readonly used: number;
  /** Null: there is no limit, and only what is used is told. */
  readonly limit: number | null;
  readonly format: (value: number) => string;
  /** Such as `Cost this month`. */
  readonly label: string;
  readonly className?: string;
}

/** What is used of a limit: pale below a half, amber from 80 %, red and in words once it is used up. */
export function BudgetBar({ used, limit, format, label, className }: BudgetBarProps) {
  if (limit === null) {
    return <span className={cx('text-sm text-muted', className)}>{format(used)}</span>;
  }
  const share = limit === 0 ? 1 : used / limit;
  const text = `${format(used)} of ${format(limit)}`;
  return (
    <span className={cx('flex min-w-0 flex-col gap-1', className)}>
      <span className="flex justify-between gap-2 text-xs">
        <span className="truncate text-fg">{text}</span>
        <span className={cx('text-faint', share >= 1 ? 'text-danger' : share >= 0.8 && 'text-warn')}>
          {share >= 1 ? 'used up' : formatPercent(share)}
        </span>
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter each in their own way. */}
      <span
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(used, limit)}
        aria-valuetext={`${text}, ${formatPercent(share)}${share >= 1 ? ', used up' : share >= 0.8 ? ', nearly used up' : ''}`}
        className="h-1 overflow-hidden rounded-full bg-line"
      >
        <span
          className={cx(
            'block h-full rounded-full',
            share >= 1 ? 'bg-danger' : share >= 0.8 ? 'bg-warn' : share >= 0.5 ? 'bg-accent' : 'bg-accent/60',
          )}
          style={{ width: `${Math.min(100, Math.max(share * 100, used > 0 ? 2 : 0))}%` }}
        />
      </span>
    </span>
  );
}
