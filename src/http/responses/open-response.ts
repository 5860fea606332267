import { failStoredResponse, type ResponseEvent, type ResponseObject } from '../../openai/index.ts';
import { noUsage, TurnError, type TurnEvent } from '../../turn/index.ts';
import { type ChoiceEvent, type ChoiceRun, runChoices } from '../run-choices.ts';
import { toWireError } from '../wire-errors.ts';
import { engineFor } from './engine-for.ts';
import { type KeptResponse, keepResponse } from './keep-response.ts';
import type { PreparedResponse } from './prepare-response.ts';
import { createEncoder, type ResponseEncoder, tellEvent } from './response-encoder.ts';
import type { ResponseServices } from './response-services.ts';

export interface OpenResponseOptions {
  readonly signal: AbortSignal;
  readonly observe: (event: ChoiceEvent) => void;
  /** Nothing goes out before the end. */
  readonly buffered: boolean;
}

type Services = Pick<
  ResponseServices,
  'engine' | 'responses' | 'conversations' | 'leases' | 'seal' | 'logger'
>;

/**
 * A response that runs with its request. Its end is stored before anybody is told of it, so that it can be continued
 * at once. Disposing of it stops the run and stores what became of it.
 */
export class OpenResponse implements AsyncDisposable {
  readonly encoder: ResponseEncoder;
  readonly #run: ChoiceRun;
  readonly #kept: KeptResponse;
  readonly #logger: ResponseServices['logger'];
  #stored = false;
  #lastSequence = -1;

  private constructor(
    encoder: ResponseEncoder,
    run: ChoiceRun,
    kept: KeptResponse,
    logger: ResponseServices['logger'],
  ) {
    this.encoder = encoder;
    this.#run = run;
    this.#kept = kept;
    this.#logger = logger;
  }

  /** Begins to run and to be stored, both at once. */
  static async begin(
    prepared: PreparedResponse,
    options: OpenResponseOptions,
    services: Services,
  ): Promise<OpenResponse> {
    const { engine, seal, logger } = services;
    const { buffered, observe } = options;
    const lost = new AbortController();
    const onLost = (): void => lost.abort(new TurnError('cancelled', 'The response was deleted.'));
    const encoder = createEncoder(prepared, { seal }, { buffered });
    const kept = keepResponse({ prepared, encoder, onLost }, services);
    const signal = AbortSignal.any([options.signal, lost.signal]);
    const run = runChoices(engineFor(prepared.request, engine), prepared.turn, 1, { signal, observe });
    try {
      await kept.begin();
    } catch (error) {
      kept[Symbol.dispose]();
      await run[Symbol.asyncDispose]();
      throw error;
    }
    return new OpenResponse(encoder, run, kept, logger);
  }

  get events(): AsyncIterable<ChoiceEvent> {
    return this.#run.events;
  }

  /** Of the last event that was told. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** `created` and `in_progress`. */
  start(): ResponseEvent[] {
    return this.#tell(this.encoder.start());
  }

  /** What is to be told of an event of the turn. An end that cannot be stored is a failure. */
  async push(event: TurnEvent): Promise<readonly ResponseEvent[]> {
    const told = tellEvent(this.encoder, event);
    if (!this.encoder.ended || this.#stored) return this.#tell(told);
    try {
      await this.#storeEnd();
      return this.#tell(told);
    } catch (cause) {
      this.#logUnstored(cause);
      const error = toWireError(cause);
      const next = told[0]?.sequence_number ?? this.#lastSequence + 1;
      return this.#tell(failStoredResponse(this.encoder.response(), error, next).events);
    }
  }

  /** Drains the run. Throws its failure. */
  async whole(): Promise<ResponseObject> {
    for await (const { event } of this.#run.events) {
      tellEvent(this.encoder, event);
      if (event.type === 'error') throw this.encoder.failure ?? event.error;
    }
    if (this.encoder.failure) throw this.encoder.failure;
    await this.#storeEnd();
    return this.encoder.response();
  }

  /** Ends it by a failure of ours. */
  async fail(cause: unknown): Promise<readonly ResponseEvent[]> {
    const told = this.encoder.fail(toWireError(cause));
    await this.#storeEnd().catch((error: unknown) => this.#logUnstored(error));
    return this.#tell(told);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#run[Symbol.asyncDispose]();
      if (!this.encoder.ended) tellEvent(this.encoder, stopped);
      await this.#storeEnd();
    } catch (error) {
      this.#logUnstored(error);
    } finally {
      this.#kept[Symbol.dispose]();
    }
  }

  #logUnstored(error: unknown): void {
    this.#logger.error({ err: error }, 'the end of a response could not be stored');
  }

  async #storeEnd(): Promise<void> {
    if (this.#stored) return;
    this.#stored = true;
    await this.#kept.end();
  }

  #tell<Events extends readonly ResponseEvent[]>(events: Events): Events {
    this.#lastSequence = events.at(-1)?.sequence_number ?? this.#lastSequence;
    return events;
  }
}

const stopped: TurnEvent = {
  type: 'error',
  error: new TurnError('cancelled', 'The request has ended.'),
  usage: noUsage,
};
