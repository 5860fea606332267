import { ChatChoiceCollector, type CollectedChoice, encodeChatCompletion } from '../../openai/index.ts';
import { openJsonAnswer } from '../json-answer.ts';
import { logFailure } from '../reply-errors.ts';
import { errorHeaders, toWireError } from '../wire-errors.ts';
import { type ChatAnswer, choiceOptions } from './chat-answer.ts';

/** Answers with one whole completion, from the same events as the stream. */
export async function collectCompletion(answer: ChatAnswer): Promise<void> {
  const { reply, run, head, timing, logger } = answer;
  using json = openJsonAnswer(reply, timing);
  try {
    const collectors = choiceOptions(answer).map((options) => new ChatChoiceCollector(options));
    const collected: CollectedChoice[] = [];
    for await (const { choice, event } of run.events) {
      const whole = collectors[choice]?.push(event);
      if (whole) collected.push(whole);
    }
    json.send(200, encodeChatCompletion(head, collected));
  } catch (cause) {
    const error = toWireError(cause);
    logFailure(logger, error, reply.request.id);
    json.send(error.status, error.toBody(), errorHeaders(error));
  }
}
