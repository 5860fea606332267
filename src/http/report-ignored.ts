import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { IgnoredParameter } from '../openai/index.ts';

const longestHeader = 1_000;

/** Tells client and log what of the request was accepted but has no effect. */
export function reportIgnored(
  ignored: readonly IgnoredParameter[],
  reply: FastifyReply,
  logger: Logger,
): void {
  if (ignored.length === 0) return;
  // The paths hold names that the client chose: only what a header may carry gets in.
  const names = ignored.map(({ param }) => param.replace(/[^\x21-\x7e]|,/g, '?')).join(',');
  reply.header('x-claudecode-ignored', names.slice(0, longestHeader));
  logger.info({ requestId: reply.request.id, ignored }, 'parts of the request have no effect');
}
