import { ApprovalActions } from '../../../agent/approval-actions.tsx';
import { useSession } from '../../../session/use-session.ts';

/** Below a call that waits for somebody's word: the answers, for those who may give them. */
export function AnswerHere({ approvalId, name }: { readonly approvalId: string; readonly name: string }) {
  const { isAdmin } = useSession();
  return (
    <div className="border-t border-line px-3 py-3">
      {isAdmin ? (
        <ApprovalActions approvalId={approvalId} name={name} />
      ) : (
        <p className="text-sm text-muted">An admin has to allow or deny this call.</p>
      )}
    </div>
  );
}
