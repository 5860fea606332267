import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { CompletionEncoderOptions, CompletionHead, CompletionRequest } from '../../openai/index.ts';
import type { ChatTiming } from '../chat/chat-answer.ts';
import type { ChoiceEvent } from '../run-choices.ts';

/** What it takes to answer one decoded request. */
export interface CompletionAnswer {
  readonly reply: FastifyReply;
  readonly request: CompletionRequest;
  /** Of all prompts; the choices of the first come first. */
  readonly events: AsyncIterable<ChoiceEvent>;
  readonly head: CompletionHead;
  readonly timing: ChatTiming;
  readonly logger: Logger;
}

/** One encoder's options for each choice. */
export function choiceOptions({ request, head }: CompletionAnswer): CompletionEncoderOptions[] {
  const { prompts, n } = request;
  return prompts.flatMap(({ echo }, prompt) =>
    Array.from({ length: n }, (_, choice) => ({ ...head, choiceIndex: prompt * n + choice, echo })),
  );
}
