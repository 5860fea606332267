import { setTimeout as sleep } from 'node:timers/promises';
import { debugLines } from '../../observability/index.ts';
import { WireError } from '../../openai/index.ts';
import type { ResponseRun } from '../../storage/index.ts';
import { TurnError, type TurnEvent } from '../../turn/index.ts';
import { logFailure } from '../reply-errors.ts';
import { RequestRecord } from '../request-record.ts';
import { engineFor } from '../responses/engine-for.ts';
import { type PreparedResponse, prepareResponse } from '../responses/prepare-response.ts';
import { createEncoder, type ResponseEncoder, tellEvent } from '../responses/response-encoder.ts';
import { toResponseEnd, toStoredEvents } from '../responses/response-end.ts';
import { runChoices } from '../run-choices.ts';
import { toWireError } from '../wire-errors.ts';
import type { BackgroundServices } from './background-services.ts';
import { endRun, failedEnd } from './end-run.ts';
import { EventWriter } from './event-writer.ts';
import type { Hold } from './lease-keeper.ts';
import { decodeStoredRequest } from './stored-request.ts';

/** A request that cannot be prepared for a reason that may pass is tried so often. */
const mostAttempts = 5;

const backgroundOpening = { endpoint: '/v1/responses', method: 'POST', transport: 'background' } as const;

/** Runs a claimed response to its end. The controller stops it; the reason says why. */
export async function runInBackground(
  run: ResponseRun,
  stop: AbortController,
  services: BackgroundServices,
): Promise<void> {
  const { responses, leases, logger } = services;
  const { id } = run;
  const onLost = (): void =>
    stop.abort(new TurnError('cancelled', 'The response was deleted or taken over.'));
  const hold = leases.hold(id, onLost);
  const recording = { recorder: services.recorder, opening: { ...backgroundOpening, id } };
  const record = new RequestRecord((whole) => {
    logger.info({ response: id, ...whole.toLogFields() }, 'background response');
  }, recording);
  record.owner = run.owner;
  record.turnId = id;
  record.responseId = id;
  let mine = false;
  try {
    const prepared = await prepareAgain(run, record, services);
    if (prepared instanceof WireError) {
      mine = true;
      record.fail(prepared);
      logFailure(logger, prepared, id);
      const end = await failedEnd(run, prepared, services);
      await endRun(id, end, { workerId: leases.workerId }, services);
      return;
    }
    record.key = prepared.key ?? undefined;
    record.model = prepared.turn.model;
    record.profile = prepared.turn.profile.name;
    // From here on the agent may act, and never again.
    if (!(await responses.markStarted(id, leases.workerId))) return;
    mine = true;
    using _run = record.run((reason) => stop.abort(reason));
    debugLines(logger, id).decoded(prepared.turn);
    await tellRun(prepared, { hold, stop, onLost, record }, services);
  } finally {
    hold.release();
    // Another try, here or elsewhere, has a record of its own.
    if (!mine) record.discard();
    record.release();
    services.signals.announce(id);
  }
}

async function prepareAgain(
  run: ResponseRun,
  record: RequestRecord,
  services: BackgroundServices,
): Promise<PreparedResponse | WireError> {
  const { id, createdAt, owner } = run;
  try {
    const { body, profileName, headers } = decodeStoredRequest(run.request, services.seal);
    if (headers !== undefined) record.keepRequestHeaders(headers);
    record.keepRequest(body);
    const caller = await services.governor.callerOf(owner);
    return await prepareResponse({ id, createdAt, caller, body, profileName }, services);
  } catch (cause) {
    const error = toWireError(cause);
    if (error.status >= 500 && run.attempt < mostAttempts) throw cause;
    return error;
  }
}

interface RunControls {
  readonly hold: Hold;
  readonly stop: AbortController;
  readonly onLost: () => void;
  readonly record: RequestRecord;
}

async function tellRun(
  prepared: PreparedResponse,
  { hold, stop, onLost, record }: RunControls,
  services: BackgroundServices,
): Promise<void> {
  const { id } = prepared;
  const { responses, signals, leases, logger } = services;
  const encoder = createEncoder(prepared, services, { alreadyQueued: true });
  const writer = new EventWriter({
    id,
    responses,
    secure: () => hold.secure(),
    onWritten: () => signals.announce(id),
    onLost,
    delayMs: services.backgroundTiming.eventDelayMs,
    retryMs: services.backgroundTiming.retryMs,
    logger,
  });
  try {
    await writer.add(toStoredEvents(encoder.start()));
    await tellTurn(prepared, encoder, writer, stop.signal, record, services);
  } catch (cause) {
    record.fail(cause);
    stop.abort(new TurnError('cancelled', 'The run has failed.'));
    await writer.add(toStoredEvents(encoder.fail(toWireError(cause)))).catch(() => {});
  }
  const events = await writer.take();
  record.keepAnswer(encoder.response());
  const end = { ...toResponseEnd(encoder, prepared), events };
  const ended = await endRun(id, end, { workerId: leases.workerId }, services);
  if (!ended) logger.warn({ response: id }, 'a background response was ended by somebody else');
  if (encoder.failure) logFailure(logger, encoder.failure, id);
}

async function tellTurn(
  prepared: PreparedResponse,
  encoder: ResponseEncoder,
  writer: EventWriter,
  signal: AbortSignal,
  record: RequestRecord,
  services: BackgroundServices,
): Promise<void> {
  const debug = debugLines(services.logger, prepared.id);
  for await (const event of runPatiently(prepared, signal, services)) {
    record.observe({ choice: 0, event });
    debug.event({ choice: 0, event });
    await writer.add(toStoredEvents(tellEvent(encoder, event)));
  }
}

/**
 * The turn's events. Nobody waits for it at the other end, so it asks again while the engine's queue is full, or the
 * key has all the runs that it may have at once.
 */
async function* runPatiently(
  { turn, request }: PreparedResponse,
  signal: AbortSignal,
  { engine, backgroundTiming }: BackgroundServices,
): AsyncGenerator<TurnEvent> {
  for (;;) {
    let refused = false;
    await using run = runChoices(engineFor(request, engine), turn, 1, { signal, observe: () => {} });
    let begun = false;
    for await (const { event } of run.events) {
      refused = !begun && event.type === 'error' && passes(event.error);
      if (refused) break;
      begun ||= event.type !== 'notice';
      yield event;
    }
    if (!refused) return;
    await sleep(backgroundTiming.retryMs, undefined, { signal }).catch(() => {});
  }
}

function passes({ code }: TurnError): boolean {
  return code === 'queue_full' || code === 'key_rate_limited';
}
