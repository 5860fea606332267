import { setTimeout as sleep } from 'node:timers/promises';
import {
  failStoredResponse,
  type ResponseEvent,
  type ResponseObject,
  type WireError,
} from '../../openai/index.ts';
import type { EndGuard, ResponseEnd, ResponseRun } from '../../storage/index.ts';
import { toJson, toStorage } from '../responses/item-bodies.ts';
import { toStoredEvents } from '../responses/response-end.ts';
import { lostRun } from '../responses/response-errors.ts';
import type { BackgroundServices } from './background-services.ts';

const mostTries = 5;

/**
 * Stores the end of a run; where the database does not answer, again a few times. After that the run is ended as
 * lost, by whoever finds it.
 */
export async function endRun(
  id: string,
  end: ResponseEnd,
  guard: EndGuard,
  { responses, signals, backgroundTiming, logger }: BackgroundServices,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      const ended = await responses.finish(id, end, guard);
      signals.announce(id);
      return ended;
    } catch (error) {
      if (attempt === mostTries) throw error;
      logger.warn({ err: error, response: id }, 'the end of a run could not be stored, and is tried again');
      await sleep(backgroundTiming.retryMs);
    }
  }
}

/** The end of a run that nobody carries on: what was told of it, then the failure. */
export async function failedEnd(
  run: ResponseRun,
  error: WireError,
  services: Pick<BackgroundServices, 'responses'>,
): Promise<ResponseEnd> {
  const told = await readAll(run, services);
  const stored = run.response as unknown as ResponseObject;
  const next = (told.at(-1)?.sequence_number ?? -1) + 1;
  // The failure of a response comes after its beginning, in the stream of every client.
  const begun = told.some(({ type }) => type === 'response.in_progress');
  const beginning: ResponseEvent[] = begun
    ? []
    : [
        {
          type: 'response.in_progress',
          response: { ...stored, status: 'in_progress' },
          sequence_number: next,
        },
      ];
  const { response, events } = failStoredResponse(stored, error, next + beginning.length, told);
  return {
    status: 'failed',
    completedAt: Date.now(),
    response: toJson(response),
    output: toStorage(response.output),
    // Of a run that was not in the background nobody keeps events.
    events: run.background ? toStoredEvents([...beginning, ...events]) : [],
  };
}

/** The end of a run that was to be cancelled when its server went away. */
export async function cancelledEnd(
  run: ResponseRun,
  services: Pick<BackgroundServices, 'responses'>,
): Promise<ResponseEnd> {
  const { response, output } = await failedEnd(run, lostRun(), services);
  return {
    status: 'cancelled',
    completedAt: Date.now(),
    response: { ...response, status: 'cancelled', error: null },
    output,
  };
}

const pageSize = 1_000;

async function readAll(
  { owner, id }: ResponseRun,
  { responses }: Pick<BackgroundServices, 'responses'>,
): Promise<readonly ResponseEvent[]> {
  const all: ResponseEvent[] = [];
  for (;;) {
    const after = all.at(-1)?.sequence_number ?? -1;
    const events = (await responses.events(owner, id, { after, limit: pageSize }))?.events ?? [];
    all.push(...events.map(({ body }) => body as unknown as ResponseEvent));
    if (events.length < pageSize) return all;
  }
}
