import type { TurnEvent } from '../../turn/index.ts';

/** An event of one of the turns that answer a request. */
export interface RunEvent {
  readonly choice: number;
  readonly event: TurnEvent;
}

/** What is kept of bodies and timeline: nothing, the structure without texts, or all but secrets. */
export type DetailLevel = 'off' | 'redacted' | 'full';
