import type { RequestRecord } from '../../contract/index.ts';
import type { RunSpan, TracedRun } from '../tracing/tracing.ts';
import type { TrackedRun } from './active-run.ts';
import { cleanField, cleanOptional } from './clean-field.ts';
import { maskHeaders } from './keep-headers.ts';
import { readAnswerId, readRequestBody } from './request-body.ts';
import type { RequestRecorder } from './request-recorder.ts';
import type { DetailLevel, RunEvent } from './run-event.ts';
import { RunFacts } from './run-facts.ts';
import { sumUsage } from './usage-view.ts';

/** What is known of a request as it arrives. */
export interface RequestOpening {
  /** Unique. */
  readonly id: string;
  /** The pattern of the route, such as `/v1/responses/{id}`. */
  readonly endpoint: string;
  readonly method: string;
  readonly transport: RequestRecord['transport'];
  /** The client's own name for itself. */
  readonly client?: string | undefined;
  readonly address?: string | undefined;
  /** For the trace that it belongs to. */
  readonly headers?: TracedRun['headers'];
}

/** Gathers all that is kept of one request, or of a run of its own. Without a recorder nothing is kept. */
export class GatheredRequest {
  owner: string | undefined;
  /** The API key, as it is called now. */
  key: { readonly id: string; readonly name: string } | null | undefined;
  /** As the client named it. */
  modelAsked: string | undefined;
  /** That runs, as far as it is known before it answers. */
  model: string | undefined;
  profile: string | undefined;
  stream = false;
  conversation: string | undefined;
  responseId: string | undefined;
  /** The request whose run it joined, which tells what the run took. */
  joined: string | undefined;
  protected readonly facts = new RunFacts();
  readonly #opening: RequestOpening;
  readonly #recorder: RequestRecorder | undefined;
  readonly #level: DetailLevel;
  readonly #startedAt = Date.now();
  readonly #began = performance.now();
  #requestHeaders: readonly string[] | undefined;
  #answerHeaders: readonly string[] | undefined;
  #request: unknown;
  #answer: unknown;
  #run: TrackedRun | undefined;
  #span: RunSpan | undefined;
  #over = false;

  constructor(opening: RequestOpening, recorder: RequestRecorder | undefined) {
    this.#opening = opening;
    this.#recorder = recorder;
    this.#level = recorder?.detail().level ?? 'off';
  }

  /** As the record is called. */
  get id(): string {
    return this.#opening.id;
  }

  get elapsedMs(): number {
    return performance.now() - this.#began;
  }

  /** Notes what the request asks for; the body itself is kept by setting. */
  keepRequest(body: unknown): void {
    const { modelAsked, stream, conversation } = readRequestBody(body);
    this.modelAsked ??= modelAsked;
    this.stream ||= stream;
    this.conversation ??= conversation;
    if (this.#level !== 'off') this.#request = body;
  }

  /** The whole answer as the client gets it, where it is one object; a streamed one is kept by its events. */
  keepAnswer(answer: unknown): void {
    this.responseId ??= readAnswerId(answer);
    if (this.#level !== 'off') this.#answer = answer;
  }

  /** The headers that came with the request, as Node has them: names and values in turn. Kept as the body is. */
  keepRequestHeaders(headers: readonly string[]): void {
    if (this.#level !== 'off') this.#requestHeaders = headers;
  }

  /** As `keepRequestHeaders`, of those that went out with the answer. */
  keepAnswerHeaders(headers: readonly string[]): void {
    if (this.#level !== 'off') this.#answerHeaders = headers;
  }

  /** The request's headers without secrets, for a run that goes on without it; undefined: they are not kept. */
  requestHeadersToStore(): readonly string[] | undefined {
    return this.#requestHeaders && maskHeaders(this.#requestHeaders);
  }

  /** The first error is kept. */
  noteError(error: { readonly code: string; readonly message: string }): void {
    this.facts.error ??= error;
  }

  observe(told: RunEvent): void {
    this.facts.observe(told, this.elapsedMs);
    this.#run?.observe(told);
    this.#span?.observe(told);
  }

  /** Nothing is kept of it: it is tried again, or somebody else tells of it. */
  discard(): void {
    this.endRun();
    this.#over = true;
  }

  /** A run begins: it is listed among those under way until it ends, and can be stopped from there. */
  protected beginRun(stop: () => void): void {
    if (this.#recorder === undefined || this.#run !== undefined) return;
    const { client, address, keyId, keyName, profile, modelAsked } = this.#texts();
    const { id, endpoint, transport, headers = {} } = this.#opening;
    const startedAt = this.#startedAt;
    this.#run = this.#recorder.runs.begin({
      ...{ id, startedAt, endpoint, transport, keyId, keyName, profile, client, address, stop },
      model: cleanOptional(this.model, 200) ?? modelAsked,
      level: this.#level,
      elapsedMs: () => this.elapsedMs,
    });
    const traced = { requestId: id, startedAt, headers, model: modelAsked, profile };
    this.#span = this.#recorder.beginSpan(traced);
  }

  protected endRun(): void {
    if (this.#run !== undefined) this.#recorder?.runs.end(this.#opening.id);
  }

  /** Hands over what was gathered; to be called once, when all is over. */
  protected finish(status: number, durationMs: number = this.elapsedMs): void {
    if (this.#recorder === undefined || this.#over) return;
    this.#over = true;
    this.endRun();
    const record = this.#toRecord(status, durationMs);
    this.#span?.end(record);
    // What a stranger sends is not kept.
    const isKept = this.owner !== undefined && (this.#request !== undefined || this.#run !== undefined);
    const level = isKept ? this.#level : 'off';
    const { timeline } = this.#run ?? {};
    this.#recorder.keep(record, {
      ...{ level, request: this.#request, answer: this.#answer, timeline },
      ...{ requestHeaders: this.#requestHeaders, answerHeaders: this.#answerHeaders },
    });
    this.#requestHeaders = undefined;
    this.#answerHeaders = undefined;
    this.#request = undefined;
    this.#answer = undefined;
  }

  #toRecord(status: number, durationMs: number): RequestRecord {
    const { id, endpoint, method, transport } = this.#opening;
    const { facts } = this;
    const { firstTokenMs, error } = facts;
    return {
      id,
      startedAt: this.#startedAt,
      ...{ endpoint, method: cleanField(method, 20), transport, status },
      errorCode: cleanOptional(error?.code, 100),
      errorMessage: cleanOptional(error?.message, 500),
      durationMs: Math.round(durationMs),
      firstTokenMs: firstTokenMs === undefined ? null : Math.round(firstTokenMs),
      owner: cleanOptional(this.owner, 200),
      ...this.#texts(),
      stream: this.stream,
      source: facts.source ?? null,
      stopReason: this.joined === undefined ? (facts.stopReason ?? null) : 'joined',
      ...(facts.usage ?? noUsage),
      tools: facts.tools,
      files: facts.files,
    };
  }

  #texts() {
    const { client, address } = this.#opening;
    return {
      keyId: cleanOptional(this.key?.id, 200),
      keyName: cleanOptional(this.key?.name, 200),
      modelAsked: cleanOptional(this.modelAsked, 200),
      modelUsed: cleanOptional(this.facts.answeringModel, 200),
      profile: cleanOptional(this.profile, 200),
      conversation: cleanOptional(this.conversation, 200),
      responseId: cleanOptional(this.responseId, 200),
      client: cleanOptional(client, 200),
      address: cleanOptional(address, 100),
    };
  }
}

const noUsage = sumUsage([]);
