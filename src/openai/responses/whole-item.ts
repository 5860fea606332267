import type { ForcedEnd, ItemEncoder } from './item-encoder.ts';
import type { CompactionItem, McpApprovalRequestItem } from './items.ts';
import type { ResponseEventBody } from './response-events.ts';

/** An item that comes whole: it is added and done at once. */
export class WholeItemEncoder implements ItemEncoder {
  readonly item: CompactionItem | McpApprovalRequestItem;
  readonly #outputIndex: number;

  constructor(item: CompactionItem | McpApprovalRequestItem, outputIndex: number) {
    this.item = item;
    this.#outputIndex = outputIndex;
  }

  open(): ResponseEventBody[] {
    const place = { output_index: this.#outputIndex, item: this.item };
    return [
      { type: 'response.output_item.added', ...place },
      { type: 'response.output_item.done', ...place },
    ];
  }

  close(_status: ForcedEnd): ResponseEventBody[] {
    return [];
  }
}
