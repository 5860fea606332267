import type { FastifyReply } from 'fastify';
import type { ResponseEvent } from '../../openai/index.ts';
import { openEventStream } from '../sse.ts';
import { keepAliveData } from './keep-alive-data.ts';
import type { ResponseDeps } from './response-deps.ts';

export interface Replay {
  readonly reply: FastifyReply;
  readonly owner: string;
  readonly id: string;
  /** The number of the last event that the client has; -1 for none. */
  readonly after: number;
}

/**
 * Answers with the events of a background response, from any point on, until its end. The run does not depend on it:
 * a client that leaves may come back.
 */
export async function replayResponse(
  { reply, owner, id, after }: Replay,
  { background, timing, logger }: Pick<ResponseDeps, 'background' | 'timing' | 'logger'>,
): Promise<void> {
  const gone = new AbortController();
  reply.raw.once('close', () => gone.abort());
  let last = after;
  const stream = openEventStream(reply, { ...timing, keepAliveData: () => keepAliveData(last) });
  try {
    for await (const events of background.follow({ owner, id, after, signal: gone.signal })) {
      last = events.at(-1)?.sequence ?? last;
      await stream.sendEvents(events.map(({ body }) => body as unknown as ResponseEvent));
    }
    await stream.send('[DONE]');
  } catch (error) {
    // Without a last frame: the client asks again for what comes after the event that it has.
    logger.error({ requestId: reply.request.id, response: id, err: error }, 'events could not be read');
  } finally {
    stream.end();
  }
}
