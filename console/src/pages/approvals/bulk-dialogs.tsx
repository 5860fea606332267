import { useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import type { Approval, ApprovalAnswer } from '../../../../src/contract/index.ts';
import { DenyDialog } from '../../agent/deny-dialog.tsx';
import { splitToolName, summariseInput } from '../../agent/tool-summary.ts';
import { call } from '../../api/call.ts';
import { refetchAll } from '../../api/use-api.ts';
import { ConfirmDialog } from '../../ui/dialog.tsx';
import { answerAll } from './answer-all.ts';

export type BulkDecision = 'allow' | 'deny';

interface BulkDialogsProps {
  readonly asking: BulkDecision | undefined;
  readonly approvals: readonly Approval[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Asks before several calls get the same answer. */
export function BulkDialogs({ asking, approvals, onClose, onDone }: BulkDialogsProps) {
  const client = useQueryClient();
  const count = approvals.length === 1 ? '1 call' : `${approvals.length} calls`;
  const answer = async (body: ApprovalAnswer): Promise<void> => {
    const failed = await answerAll(approvals, ({ id }) => call('answerApproval', { params: { id }, body }));
    void refetchAll(client, ['listApprovals']);
    onDone();
    if (failed.length > 0)
      throw new Error(`${failed.length} of ${count} could not be answered: ${failed[0]}`);
    toast.success(body.decision === 'deny' ? `${count} denied` : `${count} allowed`);
  };
  return (
    <>
      <ConfirmDialog
        open={asking === 'allow'}
        onOpenChange={(open) => !open && onClose()}
        title={`Allow ${count}?`}
        danger={false}
        description={
          <>
            Each is allowed once, and made at once:
            <ul className="mt-2 max-h-48 overflow-auto">
              {approvals.map((approval) => (
                <li key={approval.id} className="truncate">
                  <b className="font-medium text-fg">{splitToolName(approval.name).name}</b>{' '}
                  <span className="font-mono text-xs">{summariseInput(approval.input)}</span>
                </li>
              ))}
            </ul>
          </>
        }
        action={`Allow ${count}`}
        onConfirm={() => answer({ decision: 'allow' })}
      />
      <DenyDialog
        open={asking === 'deny'}
        onOpenChange={(open) => !open && onClose()}
        title={`Deny ${count}?`}
        onDeny={(message) => answer({ decision: 'deny', ...(message !== '' && { message }) })}
      />
    </>
  );
}
