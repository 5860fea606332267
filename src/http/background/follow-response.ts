import { isFinal, type ResponseEvent, type ResponseStore } from '../../storage/index.ts';
import type { ResponseSignals } from './response-signals.ts';

export interface Following {
  readonly owner: string;
  readonly id: string;
  /** The number of the last event that the reader has; -1 for none. */
  readonly after: number;
  readonly signal: AbortSignal;
}

export interface FollowServices {
  readonly responses: Pick<ResponseStore, 'events'>;
  readonly signals: ResponseSignals;
  /** How often to look for events of a run that another server has. */
  readonly pollMs: number;
}

const pageSize = 500;

/**
 * The stored events of a response, then those that are added, until it has ended or is gone. What was read live and
 * what is read later are the same rows.
 */
export async function* followResponse(
  { owner, id, after, signal }: Following,
  { responses, signals, pollMs }: FollowServices,
): AsyncGenerator<readonly ResponseEvent[]> {
  let last = after;
  while (!signal.aborted) {
    // Asked for before reading, so that nothing in between is missed.
    const { news, cancel } = signals.next(id, pollMs, signal);
    try {
      const page = await responses.events(owner, id, { after: last, limit: pageSize });
      if (page === null) return;
      last = page.events.at(-1)?.sequence ?? last;
      if (page.events.length > 0) yield page.events;
      if (page.events.length === pageSize) continue;
      if (isFinal(page.status)) return;
      await news;
    } finally {
      cancel();
    }
  }
}
