import { logFailure, replyError } from '../reply-errors.ts';
import { settleStatus } from '../settle-status.ts';
import { openEventStream } from '../sse.ts';
import { toWireError } from '../wire-errors.ts';
import { keepAliveData } from './keep-alive-data.ts';
import type { ResponseAnswer } from './response-answer.ts';

/**
 * Answers with a stream of events. A failure before the head is out has its own status; after it, it is told by
 * the events `error` and `response.failed`.
 */
export async function streamResponse({
  reply,
  response,
  timing,
  logger,
  debug,
  copy,
}: ResponseAnswer): Promise<void> {
  const { settled, events } = await settleStatus(response.events, {
    settles: ({ event }) => event.type !== 'notice',
    limitMs: timing.statusLimitMs,
  });
  if (settled?.event.type === 'error') {
    await response.push(settled.event);
    const error = response.encoder.failure ?? toWireError(settled.event.error);
    logFailure(logger, error, reply.request.id);
    replyError(reply, error, copy);
    return;
  }

  const stream = openEventStream(reply, {
    ...timing,
    copy,
    keepAliveData: () => keepAliveData(response.lastSequence),
  });
  try {
    await stream.sendEvents(response.start());
    for await (const { event } of events) {
      const told = await response.push(event);
      debug.chunks(told);
      await stream.sendEvents(told);
      const { failure } = response.encoder;
      if (failure) copy?.fail(failure);
      if (failure && event.type === 'error') logFailure(logger, failure, reply.request.id);
    }
  } catch (cause) {
    const error = toWireError(cause);
    logFailure(logger, error, reply.request.id);
    copy?.fail(error);
    await stream.sendEvents(await response.fail(cause));
  } finally {
    await stream.send('[DONE]');
    stream.end();
  }
}
