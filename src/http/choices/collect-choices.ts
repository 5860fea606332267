import type { TurnEvent } from '../../turn/index.ts';
import { openJsonAnswer } from '../json-answer.ts';
import { logFailure } from '../reply-errors.ts';
import { errorHeaders, toWireError } from '../wire-errors.ts';
import type { ChoiceAnswer } from './choice-answer.ts';

/** Folds the events of one choice; the choice itself comes with its last event. Throws the error that ended it. */
export interface ChoiceCollector<Choice> {
  push(event: TurnEvent): Choice | undefined;
}

/** Answers with one whole object, from the same events as the stream. */
export async function collectChoices<Choice>(
  { reply, events, timing, logger, copy }: ChoiceAnswer,
  collectors: readonly ChoiceCollector<Choice>[],
  encode: (collected: readonly Choice[]) => object,
): Promise<void> {
  using json = openJsonAnswer(reply, { ...timing, copy });
  try {
    const collected: Choice[] = [];
    for await (const { choice, event } of events) {
      const whole = collectors[choice]?.push(event);
      if (whole !== undefined) collected.push(whole);
    }
    json.send(200, encode(collected));
  } catch (cause) {
    const error = toWireError(cause);
    logFailure(logger, error, reply.request.id);
    copy?.fail(error);
    json.send(error.status, error.toBody(), errorHeaders(error));
  }
}
