import { z } from 'zod';
import { idParams, json, time } from './common.ts';

/** A tool call that waits for somebody's word. */
export const approval = z.object({
  /** Opaque. */
  id: z.string(),
  /** Of the request. */
  runId: z.string(),
  /** Which of the request's `n` answers. */
  choice: z.int().nonnegative(),
  callId: z.string(),
  /** Null: a built-in tool. */
  server: z.string().nullable(),
  name: z.string(),
  input: json,
  requestedAt: time,
  /** Then it is denied. */
  expiresAt: time,
  keyId: z.string().nullable(),
  keyName: z.string().nullable(),
  model: z.string().nullable(),
  profile: z.string().nullable(),
});
export type Approval = z.output<typeof approval>;

/**
 * `allow_for_run`: this tool may be used freely until the run ends; of a shell, the same kind of command, as Claude Code sees it.
 */
const approvalDecision = z.enum(['allow', 'allow_for_run', 'deny']);

export const approvalAnswer = z.object({
  decision: approvalDecision,
  /** Told to the agent with a denial. */
  message: z.string().trim().max(2000).optional(),
});
export type ApprovalAnswer = z.output<typeof approvalAnswer>;

/** How it ended: `expired`: nobody answered in time; `withdrawn`: the run ended first. */
export const approvalOutcome = z.object({
  id: z.string(),
  runId: z.string(),
  outcome: z.enum(['allow', 'allow_for_run', 'deny', 'expired', 'withdrawn']),
  /** Who answered; null: nobody. */
  by: z.string().nullable(),
});
export type ApprovalOutcome = z.output<typeof approvalOutcome>;

export const approvalEndpoints = {
  listApprovals: {
    method: 'GET',
    path: '/api/webui/approvals',
    access: 'admin',
    tag: 'Approvals',
    summary: 'The tool calls that wait for an answer, oldest first.',
    response: z.object({ items: z.array(approval) }),
  },
  answerApproval: {
    method: 'POST',
    path: '/api/webui/approvals/{id}',
    access: 'admin',
    tag: 'Approvals',
    summary: 'Allows or denies a tool call; the run goes on at once.',
    params: idParams,
    body: approvalAnswer,
    response: approvalOutcome,
  },
} as const;
