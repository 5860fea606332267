import type { OutputItem } from './items.ts';
import type { ResponseEventBody } from './response-events.ts';

/** How an item ends that is still open when the answer does. */
export type ForcedEnd = 'completed' | 'incomplete';

/** One item of the output while it comes into being. */
export interface ItemEncoder {
  /** As it is now. */
  readonly item: OutputItem;
  /** Ends the item before its own time; nothing if it has ended. */
  close(status: ForcedEnd): ResponseEventBody[];
}

/** What a new item is given. */
export interface NewItem {
  readonly id: string;
  readonly outputIndex: number;
}
