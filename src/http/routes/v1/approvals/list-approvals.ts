import type { FastifyInstance } from 'fastify';
import type { ApprovalDeps } from '../../../approvals/approval-deps.ts';
import { tellApproval } from '../../../approvals/approval-object.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerListApprovals(
  app: FastifyInstance,
  { authenticator, approvals }: ApprovalDeps,
): void {
  app.get('/v1/approvals', async (request) => {
    const { owner } = await identifyCaller(authenticator, request);
    return { object: 'list', data: approvals.list(owner).map(tellApproval) };
  });
}
