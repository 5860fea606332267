import { formatPercent } from '../format/format.ts';
import { cx } from './cx.ts';

interface BudgetBarProps {
  readonly used: number;
  /** Null: there is no limit. */
  readonly limit: number | null;
  /** Nothing is refused at it; null: there is none. Without this and a limit only what is used is told. */
  readonly soft?: number | null;
  readonly format: (value: number) => string;
  /** Such as `Cost this month`. */
  readonly label: string;
  readonly className?: string;
}

/**
 * What is used of a limit: pale below a half, amber from 80 % or from a soft limit on, red and in words once it is used up. A
 * soft limit is a mark in the bar; alone it is what the bar is measured by.
 */
export function BudgetBar({ used, limit, soft = null, format, label, className }: BudgetBarProps) {
  const bound = limit ?? soft;
  if (bound === null) {
    return <span className={cx('text-sm text-muted', className)}>{format(used)}</span>;
  }
  const share = bound === 0 ? 1 : used / bound;
  const overSoft = soft !== null && used >= soft;
  const usedUp = limit !== null && share >= 1;
  const warns = share >= 0.8 || overSoft;
  const text = `${format(used)} of ${format(bound)}`;
  const state = stateText({ usedUp, overSoft, isSoft: limit === null });
  const note = usedUp ? ', used up' : limit !== null && share >= 0.8 ? ', nearly used up' : '';
  const softNote =
    soft === null ? '' : `, ${overSoft ? 'over the soft budget' : 'soft budget'} of ${format(soft)}`;
  return (
    <span className={cx('flex min-w-0 flex-col gap-1', className)}>
      <span className="flex justify-between gap-2 text-xs">
        <span className="truncate text-fg">{text}</span>
        <span className={cx('shrink-0 text-faint', usedUp ? 'text-danger' : warns && 'text-warn')}>
          {state ?? formatPercent(share)}
        </span>
      </span>
      {/* biome-ignore lint/a11y/useSemanticElements: browsers draw a meter each in their own way. */}
      <span
        role="meter"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={bound}
        aria-valuenow={Math.min(used, bound)}
        aria-valuetext={`${text}, ${formatPercent(share)}${note}${softNote}`}
        className="relative h-1 overflow-hidden rounded-full bg-line"
      >
        <span
          className={cx(
            'block h-full rounded-full',
            usedUp ? 'bg-danger' : warns ? 'bg-warn' : share >= 0.5 ? 'bg-accent' : 'bg-accent/60',
          )}
          style={{ width: `${Math.min(100, Math.max(share * 100, used > 0 ? 2 : 0))}%` }}
        />
        {soft !== null && soft < bound && (
          <span className="absolute inset-y-0 w-0.5 bg-fg" style={{ left: `${(soft / bound) * 100}%` }} />
        )}
      </span>
    </span>
  );
}

interface BudgetState {
  readonly usedUp: boolean;
  readonly overSoft: boolean;
  /** There is a soft limit alone. */
  readonly isSoft: boolean;
}

/** In place of the share. */
function stateText({ usedUp, overSoft, isSoft }: BudgetState): string | undefined {
  if (usedUp) return 'used up';
  if (overSoft) return 'over soft';
  return isSoft ? 'soft' : undefined;
}
