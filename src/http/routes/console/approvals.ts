import type { approvalEndpoints } from '../../../contract/index.ts';
import type { ApprovalServices } from '../../approvals/approval-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function approvalHandlers(approvals: ApprovalServices): HandlersOf<typeof approvalEndpoints> {
  return {
    listApprovals: () => ({ items: approvals.list() }),
    answerApproval: ({ params, body, actor }) => approvals.answer(params.id, body, actor),
  };
}
