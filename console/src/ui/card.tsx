import type { ReactNode } from 'react';
import { cx } from './cx.ts';

interface CardProps {
  readonly title?: ReactNode;
  readonly description?: ReactNode;
  /** Beside the title. */
  readonly actions?: ReactNode;
  /** Without inner space, for tables. */
  readonly flush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Card({ title, description, actions, flush = false, className, children }: CardProps) {
  return (
    <section className={cx('min-w-0 rounded-lg border border-line bg-surface', className)}>
      {(title !== undefined || actions !== undefined) && (
        <header
          className={cx(
            'flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-3',
            flush && 'pb-3',
          )}
        >
          <div className="min-w-0">
            <h2 className="text-base font-semibold">{title}</h2>
            {description !== undefined && <p className="text-xs text-faint">{description}</p>}
          </div>
          {actions !== undefined && <div className="flex items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={cx(!flush && 'p-4', !flush && title !== undefined && 'pt-3')}>{children}</div>
    </section>
  );
}

/** Tiles in one ruled strip. */
export function StatStrip({
  label,
  className,
  children,
}: {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}) {
  return (
    <section
      aria-label={label}
      className={cx('overflow-hidden rounded-lg border border-line bg-line', className)}
    >
      <dl className="grid grid-cols-2 gap-px sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-[repeat(var(--tiles,6),minmax(0,1fr))]">
        {children}
      </dl>
    </section>
  );
}

interface StatProps {
  readonly label: ReactNode;
  readonly value: ReactNode;
  /** Small, after the value. */
  readonly unit?: ReactNode;
  /** Below the value. */
  readonly note?: ReactNode;
  readonly tone?: 'normal' | 'warn' | 'danger';
  /** Such as a sparkline. */
  readonly children?: ReactNode;
}

export function Stat({ label, value, unit, note, tone = 'normal', children }: StatProps) {
  return (
    <div className="flex min-w-0 flex-col bg-surface px-4 py-3">
      <dt className="truncate text-xs font-medium text-faint">{label}</dt>
      <dd className="mt-0.5 flex min-w-0 flex-1 flex-col">
        <span
          className={cx(
            'truncate text-xl font-semibold tracking-tight',
            tone === 'warn' && 'text-warn',
            tone === 'danger' && 'text-danger',
          )}
        >
          {value}
          {unit !== undefined && (
            <span className="ml-1 text-sm font-normal tracking-normal text-faint">{unit}</span>
          )}
        </span>
        {note !== undefined && <span className="truncate text-xs text-faint">{note}</span>}
        {children}
      </dd>
    </div>
  );
}
