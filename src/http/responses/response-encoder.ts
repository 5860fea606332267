import {
  CompactionStreamEncoder,
  type OutputItem,
  type ResponseEvent,
  type ResponseObject,
  ResponseStreamEncoder,
  type WireError,
} from '../../openai/index.ts';
import type { TurnEvent, Usage } from '../../turn/index.ts';
import { newId } from '../new-id.ts';
import type { PreparedResponse } from './prepare-response.ts';
import type { ResponseServices } from './response-services.ts';

/** What the dialect's encoders of a response have in common. */
export interface ResponseEncoder {
  readonly output: readonly OutputItem[];
  readonly failure: WireError | undefined;
  readonly ended: boolean;
  start(): ResponseEvent[];
  push(event: TurnEvent): ResponseEvent[];
  fail(error: WireError, usage?: Usage): ResponseEvent[];
  /** Absent: it can only fail. */
  cancel?(usage?: Usage): void;
  response(): ResponseObject;
}

export interface EncoderChoice {
  /** `created` and `queued` have been told. */
  readonly alreadyQueued?: boolean;
  /** Nothing goes out before the end. */
  readonly buffered?: boolean;
}

export function createEncoder(
  prepared: PreparedResponse,
  { seal }: Pick<ResponseServices, 'seal'>,
  choice: EncoderChoice = {},
): ResponseEncoder {
  const { request } = prepared;
  const frame = {
    id: prepared.id,
    createdAt: Math.floor(prepared.createdAt / 1000),
    settings: request.settings,
    now: () => Math.floor(Date.now() / 1000),
    newId,
    alreadyQueued: choice.alreadyQueued ?? false,
  };
  if (request.compactionTrigger) return new CompactionStreamEncoder({ ...frame, seal: seal.seal });
  return newStreamEncoder(frame, prepared, choice.buffered ?? false);
}

/** `created` and `queued`, and the object that they tell. */
export function queueResponse(prepared: PreparedResponse): {
  readonly events: ResponseEvent[];
  readonly response: ResponseObject;
} {
  const frame = {
    id: prepared.id,
    createdAt: Math.floor(prepared.createdAt / 1000),
    settings: prepared.request.settings,
    now: () => Math.floor(Date.now() / 1000),
    newId,
  };
  const encoder = newStreamEncoder(frame, prepared, false);
  return { events: encoder.queue(), response: encoder.response() };
}

function newStreamEncoder(
  frame: Pick<
    ConstructorParameters<typeof ResponseStreamEncoder>[0],
    'id' | 'createdAt' | 'settings' | 'now' | 'newId' | 'alreadyQueued'
  >,
  { request, containerId }: PreparedResponse,
  buffered: boolean,
): ResponseStreamEncoder {
  const { customToolNames, toolNamespaces, showAgentWork, hosted, include } = request;
  return new ResponseStreamEncoder({
    ...frame,
    customToolNames,
    toolNamespaces,
    showAgentWork,
    hosted,
    include,
    buffered,
    ...(containerId !== undefined && { containerId }),
  });
}

/** The wire's events of one event of the turn. A turn that was stopped ends the response as cancelled, silently. */
export function tellEvent(encoder: ResponseEncoder, event: TurnEvent): ResponseEvent[] {
  if (event.type === 'error' && event.error.code === 'cancelled' && encoder.cancel) {
    encoder.cancel(event.usage);
    return [];
  }
  return encoder.push(event);
}
