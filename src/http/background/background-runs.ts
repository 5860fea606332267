import { setTimeout as sleep } from 'node:timers/promises';
import { outsideRequests, withRequestId } from '../../observability/index.ts';
import {
  isFinal,
  type ResponseEvent,
  type ResponseRun,
  type RunQueue,
  type StoredResponse,
} from '../../storage/index.ts';
import { TurnError } from '../../turn/index.ts';
import { toJson, toStorage } from '../responses/item-bodies.ts';
import type { PreparedResponse } from '../responses/prepare-response.ts';
import { queueResponse } from '../responses/response-encoder.ts';
import { toStoredEvents } from '../responses/response-end.ts';
import { lostRun } from '../responses/response-errors.ts';
import type { BackgroundServices } from './background-services.ts';
import { cancelledEnd, endRun, failedEnd } from './end-run.ts';
import { type Following, followResponse } from './follow-response.ts';
import { runInBackground } from './run-in-background.ts';
import { encodeStoredRequest, type StoredRequest } from './stored-request.ts';

export interface BackgroundRunsOptions {
  readonly services: BackgroundServices;
  readonly queue: RunQueue;
  /** Most runs at once in this server. */
  readonly concurrency: () => number;
}

interface Running {
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

const cancelWaitMs = 10_000;

/**
 * The responses that run in the background. The rows in the database are the truth: whoever has a place free claims
 * the one that waits longest, whether it was announced to him or he came across it.
 */
export class BackgroundRuns implements AsyncDisposable {
  readonly #services: BackgroundServices;
  readonly #queue: RunQueue;
  readonly #concurrency: () => number;
  readonly #running = new Map<string, Running>();
  readonly #timers: NodeJS.Timeout[] = [];
  #claiming = false;
  #claimAgain = false;
  #closed = false;
  #chores: Promise<void> = Promise.resolve();

  constructor({ services, queue, concurrency }: BackgroundRunsOptions) {
    this.#services = services;
    this.#queue = queue;
    this.#concurrency = concurrency;
  }

  /** Takes up what waits from before, and what is announced from now on. */
  async start(): Promise<void> {
    await this.#queue.listen(() => this.#wake());
    const { sweepMs, pollMs } = this.#services.backgroundTiming;
    this.#every(sweepMs, () => this.#sweep());
    this.#every(pollMs, () => this.#findCancelled());
    this.#chores = this.#sweep();
  }

  /** Stores a response that waits, and announces it. Returns it as its client is told. */
  async enqueue(prepared: PreparedResponse, request: StoredRequest): Promise<StoredResponse> {
    const { responses, logger, seal } = this.#services;
    const { id, owner, createdAt } = prepared;
    const { previousResponseId, conversationId, inputItems } = prepared.request;
    const { events, response } = queueResponse(prepared);
    const stored = {
      id,
      owner,
      createdAt,
      request: encodeStoredRequest(request, seal),
      response: toJson(response),
    };
    await responses.create(
      {
        ...stored,
        status: 'queued',
        background: true,
        previousResponseId,
        conversationId,
        events: toStoredEvents(events),
      },
      toStorage(inputItems),
    );
    this.#wake();
    this.#queue.announce().catch((error: unknown) => {
      logger.warn({ err: error, response: id }, 'a run could not be announced; it will be come across');
    });
    return {
      ...stored,
      status: 'queued',
      background: true,
      completedAt: null,
      previousResponseId: previousResponseId ?? null,
      conversationId: conversationId ?? null,
    };
  }

  /**
   * Stops a response and waits a while for its end. Null where the owner has no such response, `foreground` where
   * it does not run in the background.
   */
  async cancel(owner: string, id: string): Promise<StoredResponse | 'foreground' | null> {
    const { responses, signals, backgroundTiming } = this.#services;
    const stored = await responses.get(owner, id);
    if (stored === null) return null;
    if (!stored.background) return 'foreground';
    const response = toJson({ ...stored.response, status: 'cancelled' });
    const result = await responses.requestCancel(owner, id, { completedAt: Date.now(), response });
    signals.announce(id);
    if (result === 'requested') this.#stop(id);
    const limit = AbortSignal.timeout(cancelWaitMs);
    for (;;) {
      const { news, cancel } = signals.next(id, backgroundTiming.pollMs, limit);
      const now = await responses.get(owner, id);
      if (now === null || isFinal(now.status) || limit.aborted) {
        cancel();
        return now;
      }
      await news;
    }
  }

  /** Deletes a response and stops it where it runs; false where the owner has none. */
  async delete(owner: string, id: string): Promise<boolean> {
    const { responses, leases, signals } = this.#services;
    if (!(await responses.delete(owner, id))) return false;
    this.#stop(id);
    await leases.check(id);
    signals.announce(id);
    return true;
  }

  /** The events of a response, stored ones and those to come, until its end. */
  follow(following: Following): AsyncGenerator<readonly ResponseEvent[]> {
    const { responses, signals, backgroundTiming } = this.#services;
    return followResponse(following, { responses, signals, pollMs: backgroundTiming.pollMs });
  }

  /** Claims no more runs. */
  stopClaiming(): void {
    this.#closed = true;
    for (const timer of this.#timers.splice(0)) clearInterval(timer);
  }

  /** Resolves when no run is under way here; none begins after `stopClaiming`. */
  async idle(): Promise<void> {
    while (this.#running.size > 0 || this.#claiming) {
      await Promise.all([...this.#running.values()].map(({ over }) => over));
      if (this.#claiming) await sleep(5);
    }
  }

  abortAll(reason: TurnError): void {
    for (const { stop } of this.#running.values()) stop.abort(reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopClaiming();
    this.abortAll(new TurnError('shutting_down', 'The server is shutting down.'));
    await this.idle();
    await this.#chores;
  }

  #every(ms: number, chore: () => Promise<void>): void {
    const timer = setInterval(() => {
      this.#chores = this.#chores.then(chore);
    }, ms);
    timer.unref();
    this.#timers.push(timer);
  }

  #wake(): void {
    this.#claimAgain = true;
    if (this.#claiming) return;
    this.#claiming = true;
    // Whoever woke it is not whom it works for.
    outsideRequests(() => this.#claimAll()).catch((error: unknown) => {
      this.#services.logger.warn({ err: error }, 'waiting runs could not be claimed');
    });
  }

  async #claimAll(): Promise<void> {
    const { responses, leases } = this.#services;
    try {
      while (this.#claimAgain) {
        this.#claimAgain = false;
        while (!this.#closed && this.#running.size < this.#concurrency()) {
          const run = await responses.claim(leases.workerId, Date.now(), leases.leaseMs);
          // One that was claimed at the last moment goes to whoever comes after its lease.
          if (run === null || this.#closed) break;
          this.#begin(run);
        }
      }
    } finally {
      this.#claiming = false;
    }
  }

  #begin(run: ResponseRun): void {
    const { logger } = this.#services;
    const stop = new AbortController();
    if (run.cancelRequested) stop.abort(cancelled());
    const over = withRequestId(run.id, () => runInBackground(run, stop, this.#services))
      .catch((error: unknown) => {
        logger.error({ err: error, response: run.id }, 'a background run broke');
      })
      .then(() => {
        this.#running.delete(run.id);
        this.#wake();
      });
    this.#running.set(run.id, { stop, over });
  }

  #stop(id: string): void {
    this.#running.get(id)?.stop.abort(cancelled());
  }

  /** What nobody announced, or whose announcement was lost; and what was under way when its server went away. */
  async #sweep(): Promise<void> {
    const { responses, logger } = this.#services;
    if (this.#closed) return;
    try {
      const now = Date.now();
      for (const run of await responses.expired(now)) {
        if (!run.started || this.#running.has(run.id)) continue;
        await this.#endLost(run, now);
      }
    } catch (error) {
      logger.warn({ err: error }, 'lost runs could not be looked for');
    }
    this.#wake();
  }

  async #endLost(run: ResponseRun, now: number): Promise<void> {
    const end = run.cancelRequested
      ? await cancelledEnd(run, this.#services)
      : await failedEnd(run, lostRun(), this.#services);
    const ended = await endRun(run.id, end, { leaseExpiredAt: now }, this.#services);
    if (ended) this.#services.logger.warn({ response: run.id }, 'a run was lost with its server');
  }

  /** Cancelled at another server. */
  async #findCancelled(): Promise<void> {
    try {
      for (const [id, { stop }] of [...this.#running]) {
        if (stop.signal.aborted || !(await this.#services.responses.cancelRequested(id))) continue;
        stop.abort(cancelled());
      }
    } catch (error) {
      this.#services.logger.warn({ err: error }, 'requests to cancel could not be looked for');
    }
  }
}

function cancelled(): TurnError {
  return new TurnError('cancelled', 'The response was cancelled.');
}
