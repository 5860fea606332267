import { type StopReason, TurnError, type Usage } from '../../turn/index.ts';
import { type WireError, wireErrorFromTurnError } from '../errors.ts';
import type { ItemEncoder } from './item-encoder.ts';
import { mapIncomplete } from './map-response-status.ts';
import type { ResponseEvent, ResponseEventBody } from './response-events.ts';
import { describeFailure, errorEvent } from './response-failure.ts';
import {
  buildResponse,
  encodeResponseUsage,
  type IncompleteDetails,
  type ResponseExtension,
  type ResponseFailure,
  type ResponseObject,
  type ResponseStatus,
  type ResponseUsage,
} from './response-object.ts';
import type { ResponseSettings } from './response-settings.ts';

export interface FrameOptions {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  readonly settings: ResponseSettings;
  /** Unix seconds. */
  readonly now: () => number;
  /** `queue()` was told before, by another encoder of the same response (background). */
  readonly alreadyQueued?: boolean;
}

/** How many events `queue()` tells. */
const queueEvents = 2;

/**
 * The life of one response around its items: numbers the events, and tells its beginning and its one end. An item
 * that is open when the response fails stays without a `done` event: a client that keeps finished items for
 * its next try must not keep half a message.
 */
export class ResponseFrame {
  readonly #options: FrameOptions;
  readonly #items: ItemEncoder[] = [];
  #status: ResponseStatus;
  #begun: boolean;
  #sequence: number;
  #usage: ResponseUsage | undefined;
  #completedAt: number | undefined;
  #incomplete: IncompleteDetails | undefined;
  #error: ResponseFailure | undefined;
  #failure: WireError | undefined;
  #extension: ResponseExtension | undefined;

  constructor(options: FrameOptions) {
    this.#options = options;
    this.#begun = options.alreadyQueued ?? false;
    this.#status = this.#begun ? 'queued' : 'in_progress';
    this.#sequence = this.#begun ? queueEvents : 0;
  }

  get ended(): boolean {
    return this.#status !== 'queued' && this.#status !== 'in_progress';
  }

  get failure(): WireError | undefined {
    return this.#failure;
  }

  get lastSequenceNumber(): number {
    return this.#sequence - 1;
  }

  get items(): readonly ItemEncoder[] {
    return this.#items;
  }

  response(): ResponseObject {
    const { id, createdAt, settings } = this.#options;
    return buildResponse({
      id,
      createdAt,
      settings,
      status: this.#status,
      output: this.#items.map(({ item }) => item),
      completedAt: this.#completedAt,
      error: this.#error,
      incompleteDetails: this.#incomplete,
      usage: this.#usage,
      extension: this.#extension,
    });
  }

  queue(): ResponseEvent[] {
    if (this.#begun) return [];
    this.#begun = true;
    this.#status = 'queued';
    return this.tell([this.#lifecycle('response.created'), this.#lifecycle('response.queued')]);
  }

  start(): ResponseEvent[] {
    const created = this.#begun ? [] : this.tell([this.#lifecycle('response.created')]);
    this.#begun = true;
    this.#status = 'in_progress';
    return [...created, ...this.tell([this.#lifecycle('response.in_progress')])];
  }

  /** Takes an item up into the output. */
  add(item: ItemEncoder): void {
    this.#items.push(item);
  }

  /** Takes items out of the output, which only an answer that is not streamed can do. */
  remove(isGone: (item: ItemEncoder) => boolean): void {
    const left = this.#items.filter((item) => !isGone(item));
    this.#items.splice(0, this.#items.length, ...left);
  }

  /** For the object alone; there is no event that tells it. */
  extend(extension: ResponseExtension): void {
    this.#extension = extension;
  }

  /** Gives events their numbers. */
  tell(bodies: readonly ResponseEventBody[]): ResponseEvent[] {
    return bodies.map((body) => ({ ...body, sequence_number: this.#sequence++ }));
  }

  finish(reason: StopReason, usage: Usage): ResponseEvent[] {
    this.#incomplete = mapIncomplete(reason);
    const isWhole = this.#incomplete === undefined;
    const closing = this.#items.flatMap((item) => item.close(isWhole ? 'completed' : 'incomplete'));
    const closed = this.tell(closing);
    this.#usage = encodeResponseUsage(usage);
    this.#status = isWhole ? 'completed' : 'incomplete';
    if (isWhole) this.#completedAt = this.#options.now();
    return [
      ...closed,
      ...this.tell([this.#lifecycle(isWhole ? 'response.completed' : 'response.incomplete')]),
    ];
  }

  fail(error: WireError | TurnError, usage?: Usage): ResponseEvent[] {
    if (this.ended) return [];
    const wire = error instanceof TurnError ? wireErrorFromTurnError(error, 'input') : error;
    this.#abandon('failed', usage);
    this.#failure = wire;
    this.#error = describeFailure(wire);
    return this.tell([errorEvent(wire), this.#lifecycle('response.failed')]);
  }

  cancel(usage?: Usage): void {
    if (!this.ended) this.#abandon('cancelled', usage);
  }

  #abandon(status: 'failed' | 'cancelled', usage: Usage | undefined): void {
    for (const item of this.#items) item.close('incomplete');
    if (usage !== undefined) this.#usage = encodeResponseUsage(usage);
    this.#status = status;
  }

  #lifecycle(type: Extract<ResponseEventBody, { response: ResponseObject }>['type']): ResponseEventBody {
    return { type, response: this.response() };
  }
}
