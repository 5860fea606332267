import { CalendarClock, CircleAlert, CirclePause, type LucideIcon, RotateCw, TimerOff } from 'lucide-react';
import type { ReactNode } from 'react';
import type { ApiKeyWithUsage } from '../../../../src/contract/index.ts';
import { cx } from '../../ui/cx.ts';
import { TimeText, useNow } from '../../ui/values.tsx';
import { formatOf } from '../keys/budget-cell.tsx';
import { softBudgetsReached } from '../keys/budgets.ts';

const soonMs = 7 * 86_400_000;

/** What somebody should know before anything else. */
export function KeyNotices({ apiKey }: { readonly apiKey: ApiKeyWithUsage }) {
  const now = useNow();
  const { state, active, expiresAt, previousValidUntil } = apiKey;
  return (
    <>
      {!active && (
        <Notice icon={CirclePause} tone="neutral">
          This key is switched off: requests with it are refused.
        </Notice>
      )}
      {state === 'expired' && (
        <Notice icon={TimerOff} tone="warn">
          This key expired <TimeText at={expiresAt} />. Give it a later day in its settings to use it again.
        </Notice>
      )}
      {state === 'active' && expiresAt !== null && expiresAt - now < soonMs && (
        <Notice icon={CalendarClock} tone="warn">
          This key expires <TimeText at={expiresAt} />.
        </Notice>
      )}
      {softBudgetsReached(apiKey).map((budget) => (
        <Notice key={budget.id} icon={CircleAlert} tone="warn">
          It has spent {formatOf(budget)(budget.used)} {budget.period === 'day' ? 'today' : 'this month'},
          over its soft budget of {formatOf(budget)(budget.soft ?? 0)}. Requests go on.
        </Notice>
      ))}
      {previousValidUntil !== null && previousValidUntil > now && (
        <Notice icon={RotateCw} tone="neutral">
          The secret from before the last rotation works until <TimeText at={previousValidUntil} />.
        </Notice>
      )}
    </>
  );
}

interface NoticeProps {
  readonly icon: LucideIcon;
  readonly tone: 'neutral' | 'warn';
  readonly children: ReactNode;
}

function Notice({ icon: Icon, tone, children }: NoticeProps) {
  return (
    <p
      className={cx(
        'flex items-start gap-2 rounded-lg border px-4 py-2.5 text-sm',
        tone === 'warn' ? 'border-transparent bg-warn-soft text-warn' : 'border-line bg-surface text-muted',
      )}
    >
      <Icon className="mt-0.5 size-4 shrink-0" aria-hidden />
      <span>{children}</span>
    </p>
  );
}
