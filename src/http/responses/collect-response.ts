import { openJsonAnswer } from '../json-answer.ts';
import { logFailure } from '../reply-errors.ts';
import { errorHeaders, toWireError } from '../wire-errors.ts';
import type { ResponseAnswer } from './response-answer.ts';

/** Answers with the whole response, from the same events as the stream. */
export async function collectResponse({
  reply,
  response,
  timing,
  logger,
  copy,
}: ResponseAnswer): Promise<void> {
  using json = openJsonAnswer(reply, { ...timing, copy });
  try {
    json.send(200, await response.whole());
  } catch (cause) {
    const error = toWireError(cause);
    logFailure(logger, error, reply.request.id);
    copy?.fail(error);
    json.send(error.status, error.toBody(), errorHeaders(error));
  }
}
