import type { Actor } from '../../access/index.ts';
import type { Approval, ApprovalAnswer, ApprovalOutcome } from '../../contract/index.ts';

/** The calls of agents of this server that wait for somebody's word. With an owner: only those of its runs. */
export interface ApprovalServices {
  /** Oldest first. */
  list(owner?: string): Approval[];
  /** Throws `not_found`. */
  answer(id: string, answer: ApprovalAnswer, actor: Actor, owner?: string): Promise<ApprovalOutcome>;
}
