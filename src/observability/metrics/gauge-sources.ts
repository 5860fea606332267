import type { LiveMetrics } from '../../contract/index.ts';

/** What is read at the moment when somebody looks. */
export interface GaugeSources {
  readonly pool: () => LiveMetrics['pool'];
  readonly activeRuns: () => number;
  /** Of request records: what waits to be stored, and what was lost since the start. */
  readonly records: () => {
    readonly waiting: number;
    readonly dropped: number;
    /** Bodies and timelines alone. */
    readonly droppedDetails: number;
  };
  /** Messages to the budget webhook since the start. */
  readonly budgetAlerts: () => { readonly delivered: number; readonly failed: number };
  /** Connections to `/ws`. */
  readonly liveClients: () => number;
  /** Of the server. */
  readonly version: string;
}
