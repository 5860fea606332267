import type { Repetition } from './repetition.ts';

/** How a client left before it had its whole answer. */
export interface Leaving {
  /** Since its request came. */
  readonly elapsedMs: number;
  /** It asked for an event stream. */
  readonly stream: boolean;
  /** The head of the answer was out. */
  readonly begun: boolean;
}

/** A client's clock and ours do not start at once. */
const toleranceMs = 500;
/** Time-outs are told in whole seconds, rounded down; a close may be late. */
const lateMs = 3_000;
/** For the way of a repeated request to us. */
const travelMs = 1_000;

/**
 * For how many milliseconds to wait for a client that left to repeat its request; 0 where it will not. A close looks the
 * same whether a person stopped the client or its time-out did: what tells them apart is the clock.
 */
export function waitForReturn(
  { deliberate, tries, timeoutMs, timeoutTold }: Omit<Repetition, 'content' | 'client'>,
  { elapsedMs, stream, begun }: Leaving,
  graceMs: number,
): number {
  if (deliberate) return graceMs;
  // No library repeats a stream whose head it has.
  if (tries === undefined || timeoutMs === undefined || (stream && begun)) return 0;
  const due = elapsedMs >= timeoutMs - toleranceMs;
  if (due && (!begun || elapsedMs <= timeoutMs + lateMs)) return graceMs;
  // Of a client with a time-out that it did not tell, the library would be back after this pause.
  return timeoutTold ? 0 : Math.min(graceMs, pauseMs(tries) + travelMs);
}

/** The longest that OpenAI's libraries pause before they send a request again. */
function pauseMs(tries: number): number {
  return Math.min(500 * 2 ** tries, 8_000);
}
