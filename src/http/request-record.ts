import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { GatheredRequest, type RequestOpening, type RequestRecorder } from '../observability/index.ts';
import type { SideRequestKind } from '../openai/index.ts';
import { TurnError } from '../turn/index.ts';
import { isHealthPath } from './health-path.ts';
import { sentHeaders } from './sent-headers.ts';
import { toWireError } from './wire-errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What is kept of the request. */
    record: RequestRecord;
  }
}

/** Where a request is recorded, and as what. */
export interface Recording {
  /** Absent: it is logged only. */
  readonly recorder: RequestRecorder | undefined;
  readonly opening: RequestOpening;
}

const unrecorded: Recording = {
  recorder: undefined,
  opening: { id: '', endpoint: '', method: '', transport: 'http' },
};

/** Gathers what is told of a request, or of a run of its own, once it is over. Times are milliseconds. */
export class RequestRecord extends GatheredRequest {
  turnId: string | undefined;
  /** Undefined: it is none. */
  sideRequest: SideRequestKind | undefined;
  /** Of the HTTP answer. Absent: by the error, as it would have over HTTP. */
  status: number | undefined;
  readonly #onEnd: (record: RequestRecord) => void;
  #holds = 1;
  #upgradedAfterMs: number | undefined;

  /** `onEnd` is told before the record is handed over. */
  constructor(onEnd: (record: RequestRecord) => void, { recorder, opening }: Recording = unrecorded) {
    super(opening, recorder);
    this.#onEnd = onEnd;
  }

  /** The connection went over to another protocol; how long it lasts does not count. */
  get upgraded(): boolean {
    return this.#upgradedAfterMs !== undefined;
  }

  set upgraded(upgraded: boolean) {
    this.#upgradedAfterMs = upgraded ? this.elapsedMs : undefined;
  }

  /** Keeps the record open past the end of the response, until its turns are over. */
  hold(): Disposable {
    this.#holds += 1;
    return { [Symbol.dispose]: () => this.release() };
  }

  /** As `hold`, for a run: until it is disposed of it is among those under way, from where it may be stopped. */
  run(stop: (reason: TurnError) => void): Disposable {
    const held = this.hold();
    this.beginRun(() => stop(new TurnError('cancelled', 'The run was stopped by an administrator.')));
    return {
      [Symbol.dispose]: () => {
        this.endRun();
        held[Symbol.dispose]();
      },
    };
  }

  release(): void {
    this.#holds -= 1;
    if (this.#holds > 0) return;
    this.#onEnd(this);
    const { status = 200 } = this;
    this.finish(status < 400 ? (this.#failure ?? status) : status, this.#upgradedAfterMs);
  }

  /** Notes what was thrown, as the client is told it; the status where it has none of HTTP. */
  fail(thrown: unknown): void {
    const { code, type, message, status, cause } = toWireError(thrown);
    this.noteError(cause instanceof TurnError ? cause : { code: code ?? type, message });
    this.status ??= status;
  }

  /** The status that an answer would have had which broke off after it had begun. */
  get #failure(): number | undefined {
    const { error } = this.facts;
    return error instanceof TurnError ? toWireError(error).status : undefined;
  }

  /** Neither bodies nor keys. */
  toLogFields(): Readonly<Record<string, unknown>> {
    const { firstTokenMs, answeringModel, source, stopReason, error, usage } = this.facts;
    return {
      durationMs: Math.round(this.elapsedMs),
      ...(firstTokenMs !== undefined && { firstTokenMs: Math.round(firstTokenMs) }),
      owner: this.owner,
      keyId: this.key?.id,
      turn: this.turnId,
      model: answeringModel ?? this.model,
      profile: this.profile,
      sideRequest: this.sideRequest,
      joined: this.joined,
      source,
      stopReason,
      error: error?.code,
      ...(usage && {
        inputTokens: usage.inputTokens,
        cachedInputTokens: usage.cachedInputTokens,
        outputTokens: usage.outputTokens,
        costUsd: usage.costUsd,
      }),
    };
  }
}

/** Writes one line for every request once it is over: at `info`, probes at `debug`. Those on /v1 are recorded as well. */
export function logRequests(app: FastifyInstance, logger: Logger, recorder?: RequestRecorder): void {
  app.decorateRequest('record');
  app.addHook('onRequest', async (request, reply) => {
    const { id, method } = request;
    const path = pathOf(request);
    const { raw } = reply;
    let whole = false;
    const recording = { recorder: isRecorded(request) ? recorder : undefined, opening: openingOf(request) };
    const record = new RequestRecord(() => {
      const over = whole || record.upgraded;
      const status = record.upgraded ? 101 : whole ? raw.statusCode : 499;
      record.status = status;
      if (status === 404 && request.is404)
        record.noteError({ code: 'unknown_url', message: 'Unknown request URL.' });
      const fields = { requestId: id, method, path, status, ...record.toLogFields() };
      const level = isHealthPath(path) ? 'debug' : 'info';
      logger[level](fields, over ? 'request' : 'request, client gone');
    }, recording);
    noteSubject(record, request);
    record.keepRequestHeaders(request.raw.rawHeaders);
    request.record = record;
    raw.once('close', () => {
      whole = raw.writableFinished;
      if (raw.headersSent) record.keepAnswerHeaders(sentHeaders(reply));
      record.release();
    });
  });
  app.addHook('preHandler', (request, _reply, done) => {
    if (request.body !== undefined) request.record.keepRequest(request.body);
    done();
  });
  app.addHook('onError', (request, _reply, error, done) => {
    request.record.fail(error);
    done();
  });
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    request.record.keepAnswer(payload);
    done(null, payload);
  });
}

function pathOf({ url }: FastifyRequest): string {
  return url.split('?', 1)[0] ?? url;
}

/** Preflights ask for nothing. */
function isRecorded(request: FastifyRequest): boolean {
  const path = request.routeOptions.url ?? pathOf(request);
  return request.method !== 'OPTIONS' && (path === '/v1' || path.startsWith('/v1/'));
}

function openingOf(request: FastifyRequest): RequestOpening {
  const { headers, method, ip } = request;
  return {
    id: recordIdOf(request),
    endpoint: request.routeOptions.url?.replaceAll(/:(\w+)/g, '{$1}') ?? '/v1/{unknown}',
    method,
    transport: headers.upgrade?.toLowerCase() === 'websocket' ? 'websocket' : 'http',
    client: headers['user-agent'],
    address: ip,
    headers,
  };
}

/** A client may give one id to several requests. */
function recordIdOf({ id, headers }: FastifyRequest): string {
  return headers['x-request-id'] === id ? `${id}.${randomBytes(6).toString('hex')}` : id;
}

/** What the URL already names. */
function noteSubject(record: RequestRecord, { params, routeOptions: { url } }: FastifyRequest): void {
  if (typeof params !== 'object' || params === null || !('id' in params)) return;
  const id = typeof params.id === 'string' ? params.id : undefined;
  if (url?.startsWith('/v1/responses/:id')) record.responseId = id;
  if (url?.startsWith('/v1/conversations/:id')) record.conversation = id;
}
