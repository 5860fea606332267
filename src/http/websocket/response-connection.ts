import { debugLines, type RequestOpening } from '../../observability/index.ts';
import { isJsonObject, type JsonObject } from '../../turn/index.ts';
import type { Caller } from '../authenticator.ts';
import { newId } from '../new-id.ts';
import { rateLimitHeaders } from '../rate-limit-headers.ts';
import { logFailure } from '../reply-errors.ts';
import { RequestRecord } from '../request-record.ts';
import { OpenResponse } from '../responses/open-response.ts';
import { type PreparedResponse, prepareResponse } from '../responses/prepare-response.ts';
import type { ResponseDeps } from '../responses/response-deps.ts';
import type { ChoiceEvent } from '../run-choices.ts';
import { ClientGone, type RunningRequests } from '../running-requests.ts';
import { settleStatus } from '../settle-status.ts';
import type { SideRequestWish } from '../side-requests.ts';
import { errorHeaders, toWireError } from '../wire-errors.ts';
import { ConnectionResponses } from './local-responses.ts';
import { type Socket, sendFrames } from './socket.ts';
import {
  connectionLimitReached,
  errorFrame,
  noBackground,
  notJson,
  responseInProgress,
  unknownMessage,
} from './socket-errors.ts';

export interface ConnectionDeps extends ResponseDeps {
  readonly running: RunningRequests;
  /** How long a connection may last. */
  readonly connectionLimitMs: number;
}

export interface ConnectionCaller {
  /** Asked anew for each response: a connection outlives the change of a key. */
  readonly identify: () => Promise<Caller>;
  /** Of the request that opened the connection. */
  readonly requestId: string;
  readonly profileName: string | undefined;
  readonly sideRequest: { readonly wish: SideRequestWish };
  readonly opening: Pick<RequestOpening, 'client' | 'address' | 'headers'>;
  /** Of the same request, names and values in turn. */
  readonly rawHeaders: readonly string[];
}

interface Asked {
  /** Its end has been told, or is about to be. */
  told: boolean;
  /** What an answer over HTTP would say in its headers of the limits of the key. */
  rateLimits: Readonly<Record<string, string>>;
}

const normalClosure = 1000;
const goingAway = 1001;

/** One WebSocket: one response after the other, each asked for by `response.create`. */
export class ResponseConnection {
  readonly #socket: Socket;
  readonly #caller: ConnectionCaller;
  readonly #deps: ConnectionDeps;
  readonly #local = new ConnectionResponses();
  readonly #gone = new AbortController();
  readonly #limit: NodeJS.Timeout;
  /** The response that was asked for last, until its end has been told and stored. */
  #current: Asked | undefined;
  #last: Promise<void> = Promise.resolve();
  #leaving: (() => Promise<void>) | undefined;

  constructor(socket: Socket, caller: ConnectionCaller, deps: ConnectionDeps) {
    this.#socket = socket;
    this.#caller = caller;
    this.#deps = deps;
    this.#limit = setTimeout(() => this.#leave(() => this.#tellLimit()), deps.connectionLimitMs);
    this.#limit.unref();
    socket.on('close', () => {
      clearTimeout(this.#limit);
      this.#gone.abort(new ClientGone());
    });
    socket.on('message', (data, isBinary) => {
      this.#receive(isBinary ? '' : data.toString()).catch((error: unknown) => {
        deps.logger.error({ requestId: caller.requestId, err: error }, 'a websocket message broke');
        socket.terminate();
      });
    });
  }

  /** Closes once the response in progress is over. */
  closeWhenIdle(): void {
    this.#leave(async () => this.#socket.close(goingAway, 'The server is shutting down.'));
  }

  #leave(how: () => Promise<void>): void {
    this.#leaving ??= how;
    if (this.#current === undefined) void this.#leaving();
  }

  async #tellLimit(): Promise<void> {
    const minutes = Math.round(this.#deps.connectionLimitMs / 60_000);
    await this.#send([errorFrame(connectionLimitReached(minutes))]);
    this.#socket.close(normalClosure, 'The connection has reached its time limit.');
  }

  async #receive(text: string): Promise<void> {
    if (this.#leaving && this.#current === undefined) return;
    if (this.#current?.told === false) {
      await this.#send([errorFrame(responseInProgress())]);
      return;
    }
    // Whoever has been told the end may ask again, although we still clear up.
    const asked: Asked = { told: false, rateLimits: {} };
    this.#current = asked;
    this.#last = this.#last.then(() => this.#answer(text, asked));
    await this.#last;
  }

  async #answer(text: string, asked: Asked): Promise<void> {
    try {
      await this.#create(readMessage(text), asked);
    } catch (cause) {
      const error = toWireError(cause);
      logFailure(this.#deps.logger, error, this.#caller.requestId);
      asked.told = true;
      await this.#send([errorFrame(error, { ...asked.rateLimits, ...errorHeaders(error) })]);
    } finally {
      asked.told = true;
      if (this.#current === asked) {
        this.#current = undefined;
        if (this.#leaving) await this.#leaving();
      }
    }
  }

  async #create(body: JsonObject, asked: Asked): Promise<void> {
    const id = newId('resp_');
    const record = this.#newRecord(id, body);
    try {
      await this.#run(await this.#prepare(id, body, asked, record), asked, record);
    } catch (cause) {
      record.fail(cause);
      throw cause;
    } finally {
      record.release();
    }
  }

  async #prepare(
    id: string,
    body: JsonObject,
    asked: Asked,
    record: RequestRecord,
  ): Promise<PreparedResponse> {
    const { profileName, sideRequest, requestId } = this.#caller;
    const caller = await this.#admit(asked);
    record.owner = caller.owner;
    record.key = caller.key ?? undefined;
    const named = { profileName, sideRequest };
    const call = { id, createdAt: Date.now(), caller, body, ...named, local: this.#local };
    const prepared = await prepareResponse(call, this.#deps);
    if (prepared.request.background) throw noBackground();
    record.model = prepared.turn.model;
    record.profile = prepared.turn.profile.name;
    record.sideRequest = prepared.request.sideRequest;
    const { ignored } = prepared.request;
    if (ignored.length > 0)
      this.#deps.logger.info({ requestId, ignored }, 'parts of the request have no effect');
    return prepared;
  }

  async #run(prepared: PreparedResponse, asked: Asked, record: RequestRecord): Promise<void> {
    using running = this.#deps.running.follow(this.#gone.signal);
    using _run = record.run((reason) => running.abort(reason));
    const debug = debugLines(this.#deps.logger, this.#caller.requestId);
    debug.decoded(prepared.turn);
    const observe = (event: ChoiceEvent): void => {
      record.observe(event);
      debug.event(event);
    };
    const options = { signal: running.signal, observe, buffered: false };
    await using response = await OpenResponse.begin(prepared, options, this.#deps);
    await this.#tell(response, () => {
      this.#local.keep(prepared, response.encoder);
      asked.told = true;
    });
    record.keepAnswer(response.encoder.response());
  }

  async #admit(asked: Asked): Promise<Caller> {
    const caller = await this.#caller.identify();
    const admission = await this.#deps.governor.admit(caller);
    asked.rateLimits = rateLimitHeaders(admission);
    if (admission.refusal) throw admission.refusal;
    return caller;
  }

  /** `onEnd` is told before the client is. */
  async #tell(response: OpenResponse, onEnd: () => void): Promise<void> {
    const { timing, logger } = this.#deps;
    const { settled, events } = await settleStatus(response.events, {
      settles: ({ event }) => event.type !== 'notice',
      limitMs: timing.statusLimitMs,
    });
    if (settled?.event.type === 'error') {
      await response.push(settled.event);
      throw response.encoder.failure ?? settled.event.error;
    }
    const keepAlive = setInterval(() => {
      const sequence_number = Math.max(0, response.lastSequence);
      void this.#send([{ type: 'keepalive', sequence_number }]);
    }, timing.keepAliveMs);
    try {
      await this.#send(response.start());
      for await (const { event } of events) {
        const told = await response.push(event);
        if (response.encoder.ended) onEnd();
        await this.#send(told);
        keepAlive.refresh();
        const { failure } = response.encoder;
        if (failure && event.type === 'error') logFailure(logger, failure, this.#caller.requestId);
      }
    } catch (cause) {
      logFailure(logger, toWireError(cause), this.#caller.requestId);
      await this.#send(await response.fail(cause));
    } finally {
      clearInterval(keepAlive);
    }
  }

  #newRecord(id: string, body: JsonObject): RequestRecord {
    const { requestId, opening, rawHeaders } = this.#caller;
    const { recorder, logger } = this.#deps;
    const record = new RequestRecord(
      (whole) => logger.info({ requestId, ...whole.toLogFields() }, 'websocket response'),
      {
        recorder,
        opening: { ...opening, id, endpoint: '/v1/responses', method: 'POST', transport: 'websocket' },
      },
    );
    record.turnId = id;
    record.responseId = id;
    record.stream = true;
    record.keepRequestHeaders(rawHeaders);
    record.keepRequest(body);
    return record;
  }

  #send(frames: readonly object[]): Promise<void> {
    return sendFrames(this.#socket, frames, this.#deps.timing.stalledReaderMs);
  }
}

/** The body of a `response.create`: its fields stand beside the type. */
function readMessage(text: string): JsonObject {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw notJson();
  }
  if (!isJsonObject(message)) throw notJson();
  const { type, ...body } = message;
  if (type !== 'response.create') throw unknownMessage(type);
  return body;
}
