import { type CollectedText, CompletionCollector, encodeTextCompletion } from '../../openai/index.ts';
import { openJsonAnswer } from '../json-answer.ts';
import { logFailure } from '../reply-errors.ts';
import { errorHeaders, toWireError } from '../wire-errors.ts';
import { type CompletionAnswer, choiceOptions } from './completion-answer.ts';

/** Answers with one whole completion, from the same events as the stream. */
export async function collectTextCompletion(answer: CompletionAnswer): Promise<void> {
  const { reply, events, head, timing, logger } = answer;
  using json = openJsonAnswer(reply, timing);
  try {
    const collectors = choiceOptions(answer).map((options) => new CompletionCollector(options));
    const collected: CollectedText[] = [];
    for await (const { choice, event } of events) {
      const whole = collectors[choice]?.push(event);
      if (whole) collected.push(whole);
    }
    json.send(200, encodeTextCompletion(head, collected));
  } catch (cause) {
    const error = toWireError(cause);
    logFailure(logger, error, reply.request.id);
    json.send(error.status, error.toBody(), errorHeaders(error));
  }
}
