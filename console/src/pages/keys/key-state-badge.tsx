import { CircleAlert, CircleCheck, CirclePause, TimerOff } from 'lucide-react';
import type { ApiKey } from '../../../../src/contract/index.ts';
import { Badge } from '../../ui/badge.tsx';

/** What is well stays quiet. */
export function KeyStateBadge({ state }: { readonly state: ApiKey['state'] }) {
  switch (state) {
    case 'active':
      return (
        <span className="inline-flex items-center gap-1.5 text-sm font-normal tracking-normal text-muted">
          <CircleCheck className="size-3.5 text-ok" aria-hidden />
          Active
        </span>
      );
    case 'inactive':
      return <Badge icon={CirclePause}>Inactive</Badge>;
    case 'expired':
      return (
        <Badge icon={TimerOff} tone="warn">
          Expired
        </Badge>
      );
    default:
      return state satisfies never;
  }
}

/** Requests go on; somebody should know. */
export function SoftBudgetBadge() {
  return (
    <Badge icon={CircleAlert} tone="warn" className="tracking-normal">
      Over its soft budget
    </Badge>
  );
}
