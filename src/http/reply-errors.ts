import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { WireError } from '../openai/index.ts';
import { TurnError } from '../turn/index.ts';
import type { AnswerCopy } from './retries/answer-copy.ts';
import { errorHeaders, toWireError, unknownUrl } from './wire-errors.ts';

/** Whatever a handler throws goes out in OpenAI's shape. */
export function replyErrors(app: FastifyInstance, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => {
    const wireError = toWireError(error);
    logFailure(logger, wireError, request.id);
    return replyError(reply, wireError);
  });
  app.setNotFoundHandler((request, reply) =>
    replyError(reply, unknownUrl(request.method, request.url.split('?', 1)[0] ?? '')),
  );
}

export function replyError(reply: FastifyReply, error: WireError, copy?: AnswerCopy): FastifyReply {
  const headers = errorHeaders(error);
  const body = error.toBody();
  copy?.fail(error);
  copy?.whole(error.status, body, headers);
  return reply.code(error.status).headers(headers).send(body);
}

/** Tells of a failure of ours once: with its stack where it is a defect, in short where it is a known kind. */
export function logFailure(logger: Logger, error: WireError, requestId: string): void {
  if (error.status === 401 || error.status === 403)
    logger.debug({ requestId, code: error.code }, 'permission denied');
  if (error.status < 500) return;
  const { cause } = error;
  if (cause instanceof TurnError && cause.code !== 'engine_failed') {
    logger.warn({ requestId, code: cause.code, upstreamStatus: cause.upstreamStatus }, error.message);
  } else {
    logger.error({ requestId, err: cause ?? error }, error.message);
  }
}
