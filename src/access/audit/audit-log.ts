import type { AuditEntry } from '../../contract/index.ts';
import type { Actor, AuditQuery, AuditStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';

export interface AuditLogOptions {
  readonly store: AuditStore;
  readonly onProblem: ReportProblem;
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

/** Who did what to the server, and when. */
export class AuditLog {
  readonly #options: AuditLogOptions;

  constructor(options: AuditLogOptions) {
    this.#options = options;
  }

  /** To be called after the action. Never rejects: what was done stays done, and a lost entry is reported. */
  async record(
    actor: Actor,
    action: string,
    target: string | null,
    details: AuditEntry['details'] = {},
  ): Promise<void> {
    const { store, onProblem, now = Date.now } = this.#options;
    try {
      await store.add({ at: now(), actor: actor.name, address: actor.address, action, target, details });
    } catch (error) {
      onProblem(`the audit entry '${action}' could not be written`, error);
    }
  }

  list(query: AuditQuery): Promise<{ items: AuditEntry[]; nextCursor: string | null }> {
    return this.#options.store.list(query);
  }
}
