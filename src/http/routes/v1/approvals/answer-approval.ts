import type { FastifyInstance } from 'fastify';
import { AccessError } from '../../../../access/index.ts';
import { approvalAnswer } from '../../../../contract/index.ts';
import { parseBody } from '../../../../openai/index.ts';
import type { ApprovalDeps } from '../../../approvals/approval-deps.ts';
import { tellAnswered } from '../../../approvals/approval-object.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerAnswerApproval(app: FastifyInstance, deps: ApprovalDeps): void {
  const { authenticator, approvals, approvalsByKeys } = deps;
  app.post<{ Params: { id: string } }>('/v1/approvals/:id', async (request) => {
    const { owner, key } = await identifyCaller(authenticator, request);
    if (!approvalsByKeys()) throw notByKeys();
    const answer = parseBody(approvalAnswer, request.body);
    const actor = { name: key === null ? 'client without a key' : `key ${key.name}`, address: request.ip };
    return tellAnswered(await approvals.answer(request.params.id, answer, actor, owner));
  });
}

function notByKeys(): AccessError {
  return new AccessError(
    'forbidden',
    'On this server calls are approved in its console. Its operator can let keys answer for their own runs (APPROVALS_BY_KEYS).',
  );
}
