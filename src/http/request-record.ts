import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import {
  addTokens,
  noTokens,
  type StopReason,
  type TokenCounts,
  type TurnErrorCode,
  type TurnEvent,
  type TurnSource,
} from '../turn/index.ts';
import { isHealthPath } from './health-path.ts';
import type { ChoiceEvent } from './run-choices.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the log will tell of the request. */
    record: RequestRecord;
  }
}

/** Gathers what is told of a request, or of a run of its own, once it is over. Times are milliseconds. */
export class RequestRecord {
  owner: string | undefined;
  model: string | undefined;
  profile: string | undefined;
  turnId: string | undefined;
  /** The connection went over to another protocol. */
  upgraded = false;
  readonly #startedAt = performance.now();
  readonly #onEnd: (record: RequestRecord) => void;
  #holds = 1;
  #firstTokenMs: number | undefined;
  #source: TurnSource | undefined;
  #answeringModel: string | undefined;
  #stopReason: StopReason | undefined;
  #error: TurnErrorCode | undefined;
  #tokens: TokenCounts | undefined;
  #costUsd: number | null = null;

  constructor(onEnd: (record: RequestRecord) => void) {
    this.#onEnd = onEnd;
  }

  get elapsedMs(): number {
    return performance.now() - this.#startedAt;
  }

  /** Keeps the record open past the end of the response, until its turns are over. */
  hold(): Disposable {
    this.#holds += 1;
    return { [Symbol.dispose]: () => this.release() };
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds === 0) this.#onEnd(this);
  }

  observe({ event }: ChoiceEvent): void {
    if (isToken(event)) this.#firstTokenMs ??= this.elapsedMs;
    if (event.type === 'started') {
      this.#source ??= event.source;
      this.#answeringModel ??= event.model;
    }
    if (event.type === 'done') this.#stopReason ??= event.stopReason;
    if (event.type === 'error') this.#error ??= event.error.code;
    if (event.type === 'done' || event.type === 'error') {
      this.#tokens = addTokens(this.#tokens ?? noTokens, event.usage);
      if (event.usage.costUsd !== null) this.#costUsd = (this.#costUsd ?? 0) + event.usage.costUsd;
    }
  }

  /** Neither bodies nor keys. */
  toLogFields(): Readonly<Record<string, unknown>> {
    return {
      durationMs: Math.round(this.elapsedMs),
      ...(this.#firstTokenMs !== undefined && { firstTokenMs: Math.round(this.#firstTokenMs) }),
      owner: this.owner,
      turn: this.turnId,
      model: this.#answeringModel ?? this.model,
      profile: this.profile,
      source: this.#source,
      stopReason: this.#stopReason,
      error: this.#error,
      ...(this.#tokens && {
        inputTokens: this.#tokens.inputTokens,
        cachedInputTokens: this.#tokens.cachedInputTokens,
        outputTokens: this.#tokens.outputTokens,
        // To a billionth: sums of floating-point numbers have a tail.
        costUsd: this.#costUsd === null ? null : Number(this.#costUsd.toFixed(9)),
      }),
    };
  }
}

/** Writes one line for every request once it is over: at `info`, probes at `debug`. */
export function logRequests(app: FastifyInstance, logger: Logger): void {
  app.decorateRequest('record');
  app.addHook('onRequest', async (request, reply) => {
    const { id, method, url } = request;
    const path = url.split('?', 1)[0] ?? url;
    const { raw } = reply;
    let whole = false;
    const record = new RequestRecord(() => {
      const over = whole || record.upgraded;
      const status = record.upgraded ? 101 : whole ? raw.statusCode : 499;
      const fields = { requestId: id, method, path, status, ...record.toLogFields() };
      const level = isHealthPath(path) ? 'debug' : 'info';
      logger[level](fields, over ? 'request' : 'request, client gone');
    });
    request.record = record;
    raw.once('close', () => {
      whole = raw.writableFinished;
      record.release();
    });
  });
}

function isToken(event: TurnEvent): boolean {
  switch (event.type) {
    case 'text.delta':
    case 'thinking.delta':
    case 'client-call.started':
      return true;
    default:
      return false;
  }
}
