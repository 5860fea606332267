import type { FastifyReply } from 'fastify';
import type { AnswerTiming } from '../answer-timing.ts';
import { openJsonAnswer } from '../json-answer.ts';
import { settleStatus } from '../settle-status.ts';
import { openEventStream } from '../sse.ts';
import type { AnswerPart } from './answer-log.ts';
import type { RunUnderWay } from './run-under-way.ts';

export interface AnswerReplay {
  readonly run: Pick<RunUnderWay, 'read'>;
  readonly reply: FastifyReply;
  /** The request asks for an event stream. */
  readonly stream: boolean;
}

/** Answers with what the client of the run gets: from its beginning, then as it comes. */
export async function replayAnswer(
  { run, reply, stream }: AnswerReplay,
  timing: AnswerTiming,
): Promise<void> {
  using reader = run.read();
  const stop = (): void => reader[Symbol.dispose]();
  reply.raw.once('close', stop);
  await (stream ? replayStream : replayWhole)(reader.parts, reply, timing);
}

async function replayWhole(
  parts: AsyncIterable<AnswerPart>,
  reply: FastifyReply,
  timing: AnswerTiming,
): Promise<void> {
  using json = openJsonAnswer(reply, timing);
  for await (const part of parts) {
    if (part.type === 'whole') return json.send(part.status, part.body, part.headers);
  }
  if (!reply.raw.closed) throw new Error('The run that was joined left no answer.');
}

async function replayStream(
  all: AsyncIterable<AnswerPart>,
  reply: FastifyReply,
  timing: AnswerTiming,
): Promise<void> {
  const { settled, events } = await settleStatus(all, {
    settles: () => true,
    limitMs: timing.statusLimitMs,
  });
  if (settled?.type === 'elsewhere') return settled.answer(reply);
  if (settled?.type === 'whole') {
    reply.code(settled.status).headers(settled.headers).send(settled.body);
    return;
  }
  if (settled?.type === 'begun') reply.headers(settled.headers);
  const keepAliveData = settled?.type === 'begun' ? settled.keepAliveData : undefined;
  const stream = openEventStream(reply, { ...timing, ...(keepAliveData && { keepAliveData }) });
  for await (const part of events) {
    if (part.type === 'frames') await stream.sendFrames(part.text);
    // The run was refused only after we had begun.
    else if (part.type === 'whole') await stream.send(JSON.stringify(part.body));
  }
  stream.end();
}
