import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { ChatEncoderOptions, ChatRequest } from '../../openai/index.ts';
import type { ChoiceRun } from '../run-choices.ts';

/** What it takes to answer one decoded request. */
export interface ChatAnswer {
  readonly reply: FastifyReply;
  readonly request: ChatRequest;
  readonly run: ChoiceRun;
  readonly head: Pick<ChatEncoderOptions, 'id' | 'created' | 'model'>;
  /** Tell what the agent does, as reasoning. */
  readonly activity: boolean;
  readonly timing: ChatTiming;
  readonly logger: Logger;
}

export interface ChatTiming {
  /** Longest wait for the event that settles a stream's status; then the head goes out as 200. */
  readonly statusLimitMs: number;
  /** Silence after which a stream sends a comment. */
  readonly keepAliveMs: number;
  /** See `EventStreamOptions`. */
  readonly stalledReaderMs: number;
  /** Silence after which a whole answer sends white space, and its status is settled as 200. */
  readonly heartbeatMs: number;
}

/** Proxies commonly cut after 60 s without a byte, some after 30. */
export const usualTiming: ChatTiming = {
  statusLimitMs: 10_000,
  keepAliveMs: 15_000,
  stalledReaderMs: 300_000,
  heartbeatMs: 30_000,
};

/** One encoder's options for each of the `n` choices. */
export function choiceOptions({ request, head, activity }: ChatAnswer): ChatEncoderOptions[] {
  const { legacyFunctions, customToolNames } = request;
  return Array.from({ length: request.n }, (_, choiceIndex) => ({
    ...head,
    choiceIndex,
    legacyFunctions,
    customToolNames,
    activity,
  }));
}
