import type { Approval, ApprovalAnswer, ApprovalOutcome } from '../../contract/index.ts';
import type {
  ApprovalQuestion,
  ApprovalVerdict,
  Approver,
  JsonObject,
  PendingAnswer,
} from '../../turn/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import { Listeners } from '../listeners.ts';
import { newId } from '../new-id.ts';
import type { Actor } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';

export interface PendingApprovalsOptions {
  readonly audit: Pick<AuditLog, 'record'>;
  /** How long a question waits, in milliseconds; asked with each. */
  readonly timeoutMs: () => number;
  /** What is known of the run that asks; null where it is told nowhere. */
  readonly findRun: (recordId: string) => RunFacts | null;
  /** What whoever answers is shown of the input: bounded, without secrets. */
  readonly showInput: (input: JsonObject) => Approval['input'];
  readonly onProblem: ReportProblem;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

export type RunFacts = Pick<Approval, 'keyId' | 'keyName' | 'model' | 'profile'>;

export type ApprovalChange =
  | { readonly type: 'requested'; readonly approval: Approval }
  | { readonly type: 'ended'; readonly outcome: ApprovalOutcome };

interface Pending {
  readonly approval: Approval;
  readonly owner: string;
  readonly end: (verdict: ApprovalVerdict) => void;
}

/** The calls of agents of this server that wait for somebody's word. */
export class PendingApprovals implements Approver {
  readonly #options: PendingApprovalsOptions;
  readonly #pending = new Map<string, Pending>();
  readonly #listeners: Listeners<ApprovalChange>;

  constructor(options: PendingApprovalsOptions) {
    this.#options = options;
    this.#listeners = new Listeners(options.onProblem);
  }

  /** Told of each question, and of its end. Returns what ends it. */
  onChange(listener: (change: ApprovalChange) => void): () => void {
    return this.#listeners.add(listener);
  }

  ask(question: ApprovalQuestion, signal: AbortSignal): PendingAnswer {
    const approval = this.#describe(question);
    const { id, runId, expiresAt, requestedAt } = approval;
    const answer = new Promise<ApprovalVerdict>((resolve) => {
      const withdraw = (): void => end({ outcome: 'withdrawn', by: null });
      const timer = setTimeout(() => end({ outcome: 'expired', by: null }), expiresAt - requestedAt);
      const end = (verdict: ApprovalVerdict): void => {
        if (!this.#pending.delete(id)) return;
        clearTimeout(timer);
        signal.removeEventListener('abort', withdraw);
        resolve(verdict);
        const { outcome, by } = verdict;
        this.#listeners.tell({ type: 'ended', outcome: { id, runId, outcome, by } });
      };
      this.#pending.set(id, { approval, owner: question.owner, end });
      this.#listeners.tell({ type: 'requested', approval });
      if (signal.aborted) withdraw();
      else signal.addEventListener('abort', withdraw, { once: true });
    });
    return { id, expiresAt, answer };
  }

  /** Oldest first. `owner`: only those of its runs. */
  list(owner?: string): Approval[] {
    return [...this.#pending.values()]
      .filter((pending) => owner === undefined || pending.owner === owner)
      .map(({ approval }) => approval);
  }

  /**
   * The call goes on, or is denied, at once. `owner`: only calls of its runs.
   * @throws AccessError `not_found`, also where it was answered by somebody else a moment before.
   */
  async answer(id: string, given: ApprovalAnswer, actor: Actor, owner?: string): Promise<ApprovalOutcome> {
    const pending = this.#pending.get(id);
    if (pending === undefined || (owner !== undefined && pending.owner !== owner)) throw notWaiting(id);
    const { decision, message = '' } = given;
    const { runId, name } = pending.approval;
    const verdict = { outcome: decision, by: actor.name };
    pending.end(message === '' ? verdict : { ...verdict, message });
    const { audit } = this.#options;
    await audit.record(actor, 'approval.answered', runId, { decision, tool: name, message });
    return { id, runId, ...verdict };
  }

  #describe({ recordId, turnId, callId, name, input }: ApprovalQuestion): Approval {
    const { now = Date.now, timeoutMs, findRun, showInput } = this.#options;
    const run = findRun(recordId) ?? { keyId: null, keyName: null, model: null, profile: null };
    const { keyId, keyName, model, profile } = run;
    const requestedAt = now();
    return {
      id: newId('appr_'),
      runId: recordId,
      choice: choiceOf(turnId),
      ...{ callId, server: null, name, input: showInput(input) },
      requestedAt,
      expiresAt: requestedAt + timeoutMs(),
      ...{ keyId, keyName, model, profile },
    };
  }
}

/** The turns of a request for several answers are numbered: `<id>-<choice>`. */
function choiceOf(turnId: string): number {
  return Number(/-(\d+)$/.exec(turnId)?.[1] ?? 0);
}

function notWaiting(id: string): AccessError {
  return new AccessError(
    'not_found',
    `No call '${id}' waits for approval on this server: it was answered, its time or its run is over, or another server runs it.`,
  );
}
