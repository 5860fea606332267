import { CompletionStreamEncoder } from '../../openai/index.ts';
import type { Usage } from '../../turn/index.ts';
import { logFailure, replyError } from '../reply-errors.ts';
import type { ChoiceEvent } from '../run-choices.ts';
import { settleStatus } from '../settle-status.ts';
import { openEventStream } from '../sse.ts';
import { toWireError } from '../wire-errors.ts';
import { type CompletionAnswer, choiceOptions } from './completion-answer.ts';

/** As for chat: a failure before the head is out has its own status; after it, it is the last frame. */
export async function streamTextCompletion(answer: CompletionAnswer): Promise<void> {
  const { reply, timing, logger } = answer;
  const { settled, events } = await settleStatus(answer.events, {
    settles: ({ event }) => event.type !== 'notice',
    limitMs: timing.statusLimitMs,
  });
  if (settled?.event.type === 'error') {
    const error = toWireError(settled.event.error);
    logFailure(logger, error, reply.request.id);
    replyError(reply, error);
    return;
  }
  const stream = openEventStream(reply, timing);
  try {
    for await (const chunks of encode(events, answer)) {
      await stream.send(...chunks.map((chunk) => JSON.stringify(chunk)));
    }
    await stream.send('[DONE]');
  } catch (cause) {
    const error = toWireError(cause);
    logFailure(logger, error, reply.request.id);
    await stream.send(JSON.stringify(error.toBody()));
  } finally {
    stream.end();
  }
}

async function* encode(events: AsyncIterable<ChoiceEvent>, answer: CompletionAnswer) {
  const encoders = choiceOptions(answer).map((options) => new CompletionStreamEncoder(options));
  const usages: Usage[] = [];
  for await (const { choice, event } of events) {
    if (event.type === 'error') throw event.error;
    if (event.type === 'done') usages.push(event.usage);
    yield encoders[choice]?.push(event) ?? [];
  }
  if (answer.request.includeUsage) yield encoders.slice(0, 1).map((encoder) => encoder.usageChunk(usages));
}
