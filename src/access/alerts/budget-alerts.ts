import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiKey } from '../../contract/index.ts';
import { AccessError } from '../access-error.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { SpendingListener } from '../govern/govern-engine.ts';
import { endOf } from '../govern/spending-limits.ts';
import type { Actor, BudgetAlertStore } from '../ports.ts';
import type { ReportProblem } from '../report-problem.ts';
import { passedMarks } from './budget-marks.ts';
import { postWebhook, type WebhookAnswer, type WebhookMessage, webhookMessage } from './webhook.ts';

export interface BudgetAlertsOptions {
  readonly store: BudgetAlertStore;
  readonly audit: AuditLog;
  /** Where alerts are sent, as it is now; undefined: nowhere. */
  readonly url: () => string | undefined;
  /** What they are signed with; see `WebhookTarget`. */
  readonly secret?: string;
  readonly onProblem: ReportProblem;
  /** Pauses before the second try and those after it; a test may have shorter ones. */
  readonly pausesMs?: readonly number[];
  /** Milliseconds since 1970; the system's clock unless a test gives another. */
  readonly now?: () => number;
}

type Mark = ReturnType<typeof passedMarks>[number];

const timeoutMs = 10_000;
const usualPausesMs = [2_000, 15_000];
/** How long the server's end waits for a message that is being sent. */
const farewellMs = 2_000;
/** With more messages under way the next is given up at once: whoever receives them does not keep up. */
const mostUnderWay = 200;
const mostRemembered = 10_000;

const server: Actor = { name: 'server', address: null };

/**
 * Tells when keys pass shares of their budgets: once for each share, day or month, and key, over all servers. It goes to the
 * audit and, where one is set, to a webhook; all of it behind the runs' backs. Disposing of it ends the tries.
 */
export class BudgetAlerts implements AsyncDisposable {
  readonly #options: BudgetAlertsOptions;
  readonly #now: () => number;
  /** Marks that this server need not ask the database about. */
  readonly #settled = new Set<string>();
  readonly #pending = new Set<Promise<void>>();
  readonly #closing = new AbortController();
  readonly #over = new AbortController();
  #underWay = 0;
  #delivered = 0;
  #failed = 0;

  constructor(options: BudgetAlertsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Of webhook messages since the server's start. */
  counts(): { readonly delivered: number; readonly failed: number } {
    return { delivered: this.#delivered, failed: this.#failed };
  }

  /** To be told of all that keys spend. Returns at once and never throws. */
  readonly watch: SpendingListener = (key, { costUsd, sums, at }) => {
    const due = passedMarks(key.limits, sums, costUsd).filter(
      // Budgets that another server began anew are passed once more.
      (mark) => mark.justNow || !this.#settled.has(nameOf(key, mark, at)),
    );
    if (due.length > 0) this.#follow(this.#tell(key, due, at));
  };

  /**
   * Sends a message that tells of nothing, once.
   * @throws AccessError `conflict` where no webhook is set.
   */
  async test(actor: Actor): Promise<WebhookAnswer> {
    const { audit } = this.#options;
    const answer = await this.#post(webhookMessage('budget.test', this.#now(), {}));
    if (answer === null)
      throw new AccessError('conflict', 'There is no address: set BUDGET_WEBHOOK_URL first.');
    await audit.record(actor, 'settings.webhook_tested', 'BUDGET_WEBHOOK_URL', {
      delivered: answer.delivered,
      status: answer.status,
    });
    return answer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort();
    const timer = setTimeout(() => this.#over.abort(), farewellMs);
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    clearTimeout(timer);
  }

  async #tell(key: ApiKey, due: readonly Mark[], at: number): Promise<void> {
    const { store, audit, onProblem } = this.#options;
    const names = due.map((mark) => nameOf(key, mark, at));
    if (this.#settled.size > mostRemembered) this.#settled.clear();
    for (const name of names) this.#settled.add(name);
    try {
      for (const mark of await store.claim(key.id, at, due)) {
        const { period, kind, percent, spentUsd, budgetUsd } = mark;
        const reached = { period, kind, percent, spentUsd, budgetUsd };
        await audit.record(server, 'key.budget_reached', key.id, { name: key.name, ...reached });
        const { id, name, owner, tags } = key;
        const periodEndsAt = new Date(endOf(period, at)).toISOString();
        const data = { key: { id, name, owner, tags }, ...reached, periodEndsAt };
        this.#follow(this.#deliver(webhookMessage('budget.threshold_reached', at, data)));
      }
    } catch (error) {
      // The next charge asks again.
      for (const name of names) this.#settled.delete(name);
      onProblem('whether a budget alert is due could not be looked up', error);
    }
  }

  async #deliver(message: WebhookMessage): Promise<void> {
    if (this.#options.url() === undefined) return;
    const problem =
      this.#underWay < mostUnderWay ? await this.#tryToDeliver(message) : 'Too many others are under way.';
    if (problem === null) this.#delivered += 1;
    else {
      this.#failed += 1;
      this.#options.onProblem(
        'a budget alert could not be delivered to BUDGET_WEBHOOK_URL',
        new Error(problem),
      );
    }
  }

  /** Null: it was delivered, or is not wanted any more. */
  async #tryToDeliver(message: WebhookMessage): Promise<string | null> {
    this.#underWay += 1;
    try {
      let problem: string | null = null;
      for (const pauseMs of [0, ...(this.#options.pausesMs ?? usualPausesMs)]) {
        if (pauseMs > 0 && !(await this.#pause(pauseMs))) break;
        problem = (await this.#post(message))?.problem ?? null;
        if (problem === null) return null;
      }
      return problem;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** False where the server closes: then there is no time for another try. */
  async #pause(ms: number): Promise<boolean> {
    await sleep(ms, undefined, { signal: this.#closing.signal, ref: false }).catch(() => {});
    return !this.#closing.signal.aborted;
  }

  /** Null: there is nowhere to send it. */
  async #post(message: WebhookMessage): Promise<WebhookAnswer | null> {
    const { url: urlNow, secret } = this.#options;
    const url = urlNow();
    if (url === undefined) return null;
    const target = { url, ...(secret !== undefined && { secret }) };
    return postWebhook(target, message, { signal: this.#over.signal, timeoutMs });
  }

  #follow(work: Promise<void>): void {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
  }
}

function nameOf({ id }: ApiKey, { period, kind, percent }: Mark, at: number): string {
  return [id, new Date(at).toISOString().slice(0, period === 'day' ? 10 : 7), kind, percent].join(' ');
}
