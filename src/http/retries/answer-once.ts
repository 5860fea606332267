import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isJsonObject } from '../../turn/index.ts';
import type { AnswerTiming } from '../answer-timing.ts';
import type { Authenticator, Caller } from '../authenticator.ts';
import { identifyCaller } from '../identify-caller.ts';
import { toWireError } from '../wire-errors.ts';
import { readRepetition } from './repetition.ts';
import { replayAnswer } from './replay-answer.ts';
import type { RunUnderWay } from './run-under-way.ts';
import type { RunsUnderWay } from './runs-under-way.ts';
import { waitForReturn } from './wait-for-return.ts';

export interface OnceDeps {
  readonly authenticator: Authenticator;
  readonly retries: RunsUnderWay;
  readonly timing: AnswerTiming;
  readonly logger: Logger;
}

/** Runs a request and answers it; `run` is there where others may join. */
type Start = (caller: Caller, run: RunUnderWay | undefined) => Promise<unknown>;

/**
 * Answers a request that starts a run. One that its client repeats gets the answer of the run that it has started
 * already: it is neither run nor counted again.
 */
export async function answerOnce(
  deps: OnceDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  start: Start,
): Promise<FastifyReply> {
  const { retries, logger } = deps;
  const caller = await identifyCaller(deps.authenticator, request);
  const { bodyDigest, headers, routeOptions } = request;
  if (bodyDigest === undefined || retries.graceMs === 0) {
    await start(caller, undefined);
    return reply;
  }

  const endpoint = routeOptions.url ?? '';
  const repetition = readRepetition({ owner: caller.owner, endpoint, headers, bodyDigest });
  const known = retries.find(repetition);
  if (known) {
    logger.info({ requestId: request.id, joined: known.requestId }, 'a repeated request joined its run');
    request.record.joined = known.requestId;
    reply.header('x-claudecode-joined', known.requestId);
    known.arrive(repetition.tries);
    leaveWithConnection(known, repetition, request, reply, deps);
    await replayAnswer({ run: known, reply, stream: asksForStream(request) }, deps.timing);
    request.record.responseId ??= known.answerId();
    return reply;
  }

  const run = retries.begin(repetition, {
    requestId: request.id,
    answerId: () => request.record.responseId,
    headers: () => ownHeaders(reply),
  });
  leaveWithConnection(run, repetition, request, reply, deps);
  // Its client may leave before the run has begun, which goes on.
  using _record = request.record.hold();
  try {
    await start(caller, run);
  } catch (cause) {
    run.refuse(toWireError(cause));
    throw cause;
  } finally {
    retries.end(run);
  }
  return reply;
}

function leaveWithConnection(
  run: RunUnderWay,
  repetition: ReturnType<typeof readRepetition>,
  request: FastifyRequest,
  { raw }: FastifyReply,
  { retries, logger }: OnceDeps,
): void {
  const stream = asksForStream(request);
  const leave = (): void => {
    const { graceMs } = retries;
    const leaving = { elapsedMs: request.record.elapsedMs, stream, begun: raw.headersSent };
    const mayAsk = !raw.writableFinished || repetition.deliberate;
    const waitMs = mayAsk ? waitForReturn(repetition, leaving, graceMs) : 0;
    if (waitMs > 0 && !run.told)
      logger.info({ requestId: request.id, waitMs }, 'the client may come back, so its run goes on');
    run.leave(waitMs);
  };
  if (raw.closed) leave();
  else raw.once('close', leave);
}

function asksForStream({ body }: FastifyRequest): boolean {
  return isJsonObject(body) && body['stream'] === true;
}

/** What we say of the run itself; the rest is of each request. */
function ownHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
      name.startsWith('x-claudecode-') && value !== undefined ? [[name, String(value)]] : [],
    ),
  );
}
