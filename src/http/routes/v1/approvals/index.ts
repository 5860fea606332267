import type { FastifyInstance } from 'fastify';
import type { ApprovalDeps } from '../../../approvals/approval-deps.ts';
import { registerAnswerApproval } from './answer-approval.ts';
import { registerListApprovals } from './list-approvals.ts';

export function registerApprovals(app: FastifyInstance, deps: ApprovalDeps): void {
  registerListApprovals(app, deps);
  registerAnswerApproval(app, deps);
}
