import type { Authenticator } from '../authenticator.ts';
import type { ApprovalServices } from './approval-services.ts';

export interface ApprovalDeps {
  readonly authenticator: Authenticator;
  readonly approvals: ApprovalServices;
  /** Whether a key may answer for calls of its own runs. */
  readonly approvalsByKeys: () => boolean;
}
