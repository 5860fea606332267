import type { JsonObject } from '../../turn/index.ts';
import type { StoredItem } from '../items/stored-items.ts';

// Times are in whole milliseconds since 1970. The clocks of servers that share a database may differ by far less
// than a lease.

export type FinalStatus = 'completed' | 'incomplete' | 'failed' | 'cancelled';
export type ResponseStatus = 'queued' | 'in_progress' | FinalStatus;

export function isFinal(status: ResponseStatus): status is FinalStatus {
  return status !== 'queued' && status !== 'in_progress';
}

export interface ResponseEvent {
  /** From 0, one for each event. */
  readonly sequence: number;
  readonly body: JsonObject;
}

export interface Lease {
  readonly workerId: string;
  readonly until: number;
}

/** How a response begins; one that says it runs in the background is never without somebody to run it. */
export type ResponseBeginning =
  /** Waits for a worker to claim it. */
  | { readonly status: 'queued'; readonly background: true }
  /** Runs at once, in the process that has the lease; where that ends, the run is found by `expired`. */
  | { readonly status: 'in_progress'; readonly background: boolean; readonly lease: Lease }
  /** Lives and dies with its request. Where the process ends first, it stays `in_progress`. */
  | { readonly status: 'in_progress'; readonly background: false; readonly lease?: never };

export type NewResponse = ResponseBeginning & {
  readonly id: string;
  readonly owner: string;
  readonly createdAt: number;
  readonly previousResponseId?: string | undefined;
  readonly conversationId?: string | undefined;
  /** What is needed to run it; forgotten when it ends. */
  readonly request: JsonObject;
  /** The object as it is first told. */
  readonly response: JsonObject;
  /** Those that are told before it runs. */
  readonly events?: readonly ResponseEvent[] | undefined;
};

export interface StoredResponse {
  readonly id: string;
  readonly owner: string;
  /** The truth; `response` may still say an earlier one, such as `queued` of one that is in progress. */
  readonly status: ResponseStatus;
  readonly background: boolean;
  readonly createdAt: number;
  readonly completedAt: number | null;
  readonly previousResponseId: string | null;
  readonly conversationId: string | null;
  readonly request: JsonObject;
  /** The object as it was told last, by `create` or `finish`. */
  readonly response: JsonObject;
}

export interface ResponseEnd {
  readonly status: FinalStatus;
  readonly completedAt: number;
  readonly response: JsonObject;
  readonly output: readonly StoredItem[];
  /** The last events, so that nobody sees the end without them. */
  readonly events?: readonly ResponseEvent[] | undefined;
  /** A conversation of the same owner to which input and output are added; none where it was deleted. */
  readonly conversationId?: string | undefined;
}

/** Who alone may end a run: the worker that has it, or whoever finds that its lease has run out by this time. */
export type EndGuard = { readonly workerId: string } | { readonly leaseExpiredAt: number };

/** The run of a response that waits or is being worked on. */
export interface ResponseRun {
  readonly id: string;
  readonly owner: string;
  readonly createdAt: number;
  readonly background: boolean;
  readonly previousResponseId: string | null;
  readonly conversationId: string | null;
  readonly request: JsonObject;
  readonly response: JsonObject;
  /** Whether the engine may have acted: then it must not be run again. */
  readonly started: boolean;
  /** How often it was claimed, this time included. */
  readonly attempt: number;
  readonly cancelRequested: boolean;
  /** Of the last event that was stored; null where there is none. */
  readonly lastSequence: number | null;
}

/** `foreground`: it runs, but not in the background, so it is stopped by ending its request. */
export type CancelResult = 'cancelled' | 'requested' | 'finished' | 'foreground';

export interface ResponseHistory {
  readonly status: ResponseStatus;
  /** Null unless the status is `completed` or `incomplete`. */
  readonly items: readonly StoredItem[] | null;
}

export interface ResponseEvents {
  /** As of the same moment as the events: with a final one, no more will follow than were there. */
  readonly status: ResponseStatus;
  readonly events: readonly ResponseEvent[];
}
