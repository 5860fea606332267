import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { DebugLines } from '../../observability/index.ts';
import type { AnswerTiming } from '../answer-timing.ts';
import type { AnswerCopy } from '../retries/answer-copy.ts';
import type { ChoiceEvent } from '../run-choices.ts';

/** What it takes to answer with the choices of one request, in whichever of the two completion dialects. */
export interface ChoiceAnswer {
  readonly reply: FastifyReply;
  readonly events: AsyncIterable<ChoiceEvent>;
  readonly timing: AnswerTiming;
  readonly logger: Logger;
  readonly debug: DebugLines;
  readonly copy?: AnswerCopy | undefined;
}
