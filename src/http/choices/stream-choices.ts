import type { TurnEvent, Usage } from '../../turn/index.ts';
import { logFailure, replyError } from '../reply-errors.ts';
import type { ChoiceEvent } from '../run-choices.ts';
import { settleStatus } from '../settle-status.ts';
import { openEventStream } from '../sse.ts';
import { toWireError } from '../wire-errors.ts';
import type { ChoiceAnswer } from './choice-answer.ts';

/** Makes the chunks of one choice. */
export interface ChoiceEncoder {
  push(event: TurnEvent): readonly object[];
  usageChunk(turns: readonly Usage[]): object;
}

/**
 * Answers with a stream of chunks. A failure before the head is out has its own status; after it, it is a last
 * frame `{"error":{…}}` without `[DONE]`, at which every client fails the call.
 */
export async function streamChoices(
  answer: ChoiceAnswer,
  encoders: readonly ChoiceEncoder[],
  { includeUsage }: { readonly includeUsage: boolean },
): Promise<void> {
  const { reply, timing, logger, copy } = answer;
  const { settled, events } = await settleStatus(answer.events, {
    settles: ({ event }) => event.type !== 'notice',
    limitMs: timing.statusLimitMs,
  });
  if (settled?.event.type === 'error') {
    const error = toWireError(settled.event.error);
    logFailure(logger, error, reply.request.id);
    replyError(reply, error, copy);
    return;
  }

  const stream = openEventStream(reply, { ...timing, copy });
  try {
    for await (const chunks of encode(events, encoders, includeUsage)) {
      answer.debug.chunks(chunks);
      await stream.send(...chunks.map((chunk) => JSON.stringify(chunk)));
    }
    await stream.send('[DONE]');
  } catch (cause) {
    const error = toWireError(cause);
    logFailure(logger, error, reply.request.id);
    copy?.fail(error);
    await stream.send(JSON.stringify(error.toBody()));
  } finally {
    stream.end();
  }
}

async function* encode(
  events: AsyncIterable<ChoiceEvent>,
  encoders: readonly ChoiceEncoder[],
  includeUsage: boolean,
): AsyncGenerator<readonly object[]> {
  const usages: Usage[] = [];
  for await (const { choice, event } of events) {
    if (event.type === 'error') throw event.error;
    if (event.type === 'done') usages.push(event.usage);
    yield encoders[choice]?.push(event) ?? [];
  }
  if (includeUsage) yield encoders.slice(0, 1).map((encoder) => encoder.usageChunk(usages));
}
