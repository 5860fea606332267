import type { Approver, Turn } from '../turn/index.ts';
import type { AskTreatment } from './claude/permission-desk.ts';
import type { EngineSettings } from './engine.ts';

/** What becomes of a turn's calls that its permission mode does not let pass. */
export function treatAsks(
  { id: turnId, recordId = turnId, owner, asksClient = false, approvedCalls = [] }: Turn,
  approvals: EngineSettings['approvals'],
  approver: Approver | undefined,
): AskTreatment {
  if (approvals === 'client' && asksClient) return { kind: 'client', approved: approvedCalls };
  return approvals === 'deny' || approver === undefined
    ? { kind: 'deny', message: nobodyApproves }
    : { kind: 'here', approver, asker: { recordId, turnId, owner } };
}

const nobodyApproves =
  'Nobody is here to approve this, so it was not done. Go on without it, and say what is missing. ' +
  'The operator of this server can let it be asked about (APPROVALS), or allow it (PERMISSION_MODE).';
