import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import type { Check } from '../../../../src/contract/index.ts';
import { cx } from '../../ui/cx.ts';
import { sortChecks, troubleText } from './write-report.ts';

const marks = {
  ok: { icon: CircleCheck, text: 'OK', style: 'text-ok', frame: 'border-line' },
  warning: { icon: TriangleAlert, text: 'Warning', style: 'text-warn', frame: 'border-warn/50' },
  failed: { icon: CircleAlert, text: 'Failed', style: 'text-danger', frame: 'border-danger/60' },
} as const;

/** In one line: whether somebody is needed. */
export function Verdict({ checks }: { readonly checks: readonly Check[] }) {
  const trouble = troubleText(checks);
  const failed = checks.some(({ status }) => status === 'failed');
  const { icon: Mark, style } = marks[failed ? 'failed' : trouble === undefined ? 'ok' : 'warning'];
  return (
    <p role="status" className="flex items-center gap-2 text-lg font-semibold">
      <Mark className={cx('size-5 shrink-0', style)} aria-hidden />
      {trouble ?? `All ${checks.length} checks are well`}
    </p>
  );
}

export function CheckCards({ checks }: { readonly checks: readonly Check[] }) {
  return (
    <ul aria-label="Checks" className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {sortChecks(checks).map(({ name, status, message, hint }) => {
        const { icon: Mark, text, style, frame } = marks[status];
        return (
          <li
            key={`${name} ${message}`}
            className={cx('flex min-w-0 gap-3 rounded-lg border bg-surface px-4 py-3', frame)}
          >
            <Mark className={cx('mt-0.5 size-4.5 shrink-0', style)} aria-hidden />
            <div className="flex min-w-0 flex-1 flex-col gap-0.5">
              <div className="flex items-baseline justify-between gap-2">
                <h3 className="min-w-0 text-base font-medium break-words">{name}</h3>
                <span className={cx('shrink-0 text-xs font-medium', status === 'ok' ? 'text-faint' : style)}>
                  {text}
                </span>
              </div>
              <p className="text-sm break-words text-muted">{message}</p>
              {hint !== null && <p className="mt-1 text-sm break-words">{hint}</p>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
