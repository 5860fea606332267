import { Check, CheckCheck, X } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '../api/use-change.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/cx.ts';
import { DenyDialog } from './deny-dialog.tsx';

interface ApprovalActionsProps {
  readonly approvalId: string;
  /** The tool. */
  readonly name: string;
  /** So that buttons of several are told apart by those who hear them. */
  readonly describedBy?: string;
  readonly className?: string;
}

/** The three answers; that which refuses stands apart from those that allow. */
export function ApprovalActions({ approvalId, name, describedBy, className }: ApprovalActionsProps) {
  const [denying, setDenying] = useState(false);
  const answer = useChange('answerApproval', {
    invalidates: ['listApprovals'],
    optimistic: ({ params: { id } }, shown) =>
      shown.update('listApprovals', ({ items }) => ({ items: items.filter((one) => one.id !== id) })),
    success: ({ outcome }) =>
      outcome === 'deny'
        ? `${name} was denied`
        : outcome === 'expired'
          ? 'It was too late'
          : `${name} was allowed`,
  });
  const params = { id: approvalId };
  const busyWith = answer.isPending ? answer.variables.body.decision : undefined;
  const over = answer.isPending || answer.isSuccess;
  return (
    <div className={cx('flex flex-wrap items-center justify-between gap-x-8 gap-y-3', className)}>
      <div className="flex flex-wrap gap-3">
        <Button
          variant="primary"
          icon={Check}
          busy={busyWith === 'allow'}
          disabled={over}
          aria-describedby={describedBy}
          onClick={() => answer.mutate({ params, body: { decision: 'allow' } })}
        >
          Allow once
        </Button>
        <Button
          icon={CheckCheck}
          busy={busyWith === 'allow_for_run'}
          disabled={over}
          aria-describedby={describedBy}
          onClick={() => answer.mutate({ params, body: { decision: 'allow_for_run' } })}
        >
          Allow for this run
        </Button>
      </div>
      <Button
        variant="dangerQuiet"
        className="ml-auto"
        icon={X}
        busy={busyWith === 'deny'}
        disabled={over}
        aria-describedby={describedBy}
        onClick={() => setDenying(true)}
      >
        Deny
      </Button>
      <DenyDialog
        open={denying}
        onOpenChange={setDenying}
        title={`Deny ${name}?`}
        onDeny={(message) =>
          answer.mutateAsync({ params, body: { decision: 'deny', ...(message !== '' && { message }) } })
        }
      />
    </div>
  );
}
