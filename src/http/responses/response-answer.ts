import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { DebugLines } from '../../observability/index.ts';
import type { AnswerTiming } from '../answer-timing.ts';
import type { AnswerCopy } from '../retries/answer-copy.ts';
import type { OpenResponse } from './open-response.ts';

/** What it takes to answer with a response that runs. */
export interface ResponseAnswer {
  readonly reply: FastifyReply;
  readonly response: OpenResponse;
  readonly timing: AnswerTiming;
  readonly logger: Logger;
  readonly debug: DebugLines;
  readonly copy?: AnswerCopy | undefined;
}
