import type { ForcedEnd, ItemEncoder, NewItem } from './item-encoder.ts';
import type { ItemStatus, ReasoningItem, SummaryPart } from './items.ts';
import type { ResponseEventBody } from './response-events.ts';

/** Blocks of thinking that follow each other, each as a part of the summary. */
export class ReasoningItemEncoder implements ItemEncoder {
  readonly #new: NewItem;
  readonly #parts: SummaryPart[] = [];
  #status: ItemStatus = 'in_progress';
  #open: string | undefined;

  constructor(place: NewItem) {
    this.#new = place;
  }

  get item(): ReasoningItem {
    const open = this.#open === undefined ? [] : [summaryPart(this.#open)];
    return {
      id: this.#new.id,
      type: 'reasoning',
      summary: [...this.#parts, ...open],
      status: this.#status,
    };
  }

  open(): ResponseEventBody[] {
    return [{ type: 'response.output_item.added', output_index: this.#new.outputIndex, item: this.item }];
  }

  add(delta: string): ResponseEventBody[] {
    const begin: ResponseEventBody[] =
      this.#open === undefined
        ? [{ type: 'response.reasoning_summary_part.added', ...this.#place(), part: summaryPart('') }]
        : [];
    this.#open = (this.#open ?? '') + delta;
    return [...begin, { type: 'response.reasoning_summary_text.delta', ...this.#place(), delta }];
  }

  /** The block has ended; another one may follow in the same item. */
  endPart(): ResponseEventBody[] {
    if (this.#open === undefined) return [];
    const text = this.#open;
    const place = this.#place();
    this.#parts.push(summaryPart(text));
    this.#open = undefined;
    return [
      { type: 'response.reasoning_summary_text.done', ...place, text },
      { type: 'response.reasoning_summary_part.done', ...place, part: summaryPart(text) },
    ];
  }

  close(status: ForcedEnd): ResponseEventBody[] {
    if (this.#status !== 'in_progress') return [];
    const end = this.endPart();
    this.#status = status;
    return [
      ...end,
      { type: 'response.output_item.done', output_index: this.#new.outputIndex, item: this.item },
    ];
  }

  #place() {
    const { id, outputIndex } = this.#new;
    return { item_id: id, output_index: outputIndex, summary_index: this.#parts.length };
  }
}

function summaryPart(text: string): SummaryPart {
  return { type: 'summary_text', text };
}
