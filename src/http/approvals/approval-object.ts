import { z } from 'zod';
import { type Approval, type ApprovalOutcome, approval, approvalOutcome } from '../../contract/index.ts';

const seconds = z.int().describe('Seconds since 1970.');

/** A waiting call as clients of /v1 are told of it. */
export const approvalObject = z.object({
  id: approval.shape.id,
  object: z.literal('approval'),
  run_id: approval.shape.runId,
  choice: approval.shape.choice,
  call_id: approval.shape.callId,
  name: approval.shape.name,
  input: approval.shape.input,
  model: approval.shape.model,
  profile: approval.shape.profile,
  requested_at: seconds,
  expires_at: seconds.describe('Then it is denied.'),
});

export const answeredApprovalObject = z.object({
  id: approvalOutcome.shape.id,
  object: z.literal('approval.answered'),
  run_id: approvalOutcome.shape.runId,
  outcome: approvalOutcome.shape.outcome,
});

export function tellApproval(waiting: Approval): z.output<typeof approvalObject> {
  const { id, runId, choice, callId, name, input, model, profile, requestedAt, expiresAt } = waiting;
  return {
    ...{ id, object: 'approval', run_id: runId, choice, call_id: callId, name, input, model, profile },
    requested_at: Math.floor(requestedAt / 1000),
    expires_at: Math.floor(expiresAt / 1000),
  };
}

export function tellAnswered({
  id,
  runId,
  outcome,
}: ApprovalOutcome): z.output<typeof answeredApprovalObject> {
  return { id, object: 'approval.answered', run_id: runId, outcome };
}
