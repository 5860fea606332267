import type { ResponseServices } from '../responses/response-services.ts';
import type { ResponseSignals } from './response-signals.ts';

export interface BackgroundTiming {
  /** Longest time that an event waits for others to be written with. */
  readonly eventDelayMs: number;
  /** How often runs are looked for that nobody announced, and runs whose server went away. */
  readonly sweepMs: number;
  /** How often to look for what another server did: events to follow, a request to cancel. */
  readonly pollMs: number;
  /** Pause before a run asks again that found the engine's queue full, or a database that did not answer. */
  readonly retryMs: number;
}

export const usualBackgroundTiming: BackgroundTiming = {
  eventDelayMs: 25,
  sweepMs: 5_000,
  pollMs: 1_000,
  retryMs: 1_000,
};

export interface BackgroundServices extends ResponseServices {
  readonly signals: ResponseSignals;
  readonly backgroundTiming: BackgroundTiming;
}
