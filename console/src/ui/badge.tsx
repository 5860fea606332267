import { Ban, CircleAlert, CircleCheck, Clock, LoaderCircle, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { cx } from './cx.ts';

export type Tone = 'neutral' | 'accent' | 'ok' | 'warn' | 'danger';

const tones: Readonly<Record<Tone, string>> = {
  neutral: 'bg-sunken text-muted dark:bg-raised',
  accent: 'bg-accent-soft text-accent',
  ok: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  danger: 'bg-danger-soft text-danger',
};

interface BadgeProps {
  readonly tone?: Tone;
  readonly icon?: LucideIcon;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Badge({ tone = 'neutral', icon: Icon, className, children }: BadgeProps) {
  return (
    <span
      className={cx(
        'inline-flex h-5 max-w-full items-center gap-1 rounded-sm px-1.5 align-middle text-xs font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {Icon && <Icon className="size-3 shrink-0" aria-hidden />}
      <span className="truncate">{children}</span>
    </span>
  );
}

/** How a request ended: what went well is quiet. */
export function StatusBadge({ status, code }: { readonly status: number; readonly code?: string | null }) {
  if (status < 400) {
    return (
      <span className="inline-flex items-center gap-1.5 align-middle text-sm text-muted">
        <CircleCheck className="size-3.5 text-ok" aria-hidden />
        {status}
      </span>
    );
  }
  if (status === 499) {
    return (
      <Badge icon={Ban} tone="neutral">
        <span title="Ended before the answer was complete">499</span>
      </Badge>
    );
  }
  return (
    <Badge icon={CircleAlert} tone={status < 500 ? 'warn' : 'danger'}>
      {code == null ? status : `${status} ${code}`}
    </Badge>
  );
}

/** What a run is at. */
export function RunStateBadge({ state }: { readonly state: 'waiting' | 'running' | 'stopping' }) {
  switch (state) {
    case 'waiting':
      return <Badge icon={Clock}>Waiting</Badge>;
    case 'running':
      return (
        <span className="inline-flex h-5 items-center gap-1 rounded-sm bg-accent-soft align-middle px-1.5 text-xs font-medium text-accent">
          <LoaderCircle className="size-3 animate-spin" aria-hidden />
          Running
        </span>
      );
    case 'stopping':
      return <Badge tone="warn">Stopping</Badge>;
    default:
      return state satisfies never;
  }
}
