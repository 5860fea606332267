import { outputText } from './decode-parts.ts';
import type { ForcedEnd, ItemEncoder, NewItem } from './item-encoder.ts';
import type { Annotation, AssistantMessageItem, ItemStatus, OutputTextPart } from './items.ts';
import type { ResponseEventBody } from './response-events.ts';

/** One block of the answer's text as a message. */
export class MessageItemEncoder implements ItemEncoder {
  readonly #new: NewItem;
  #status: ItemStatus = 'in_progress';
  readonly #annotations: Annotation[] = [];
  #text = '';

  constructor(place: NewItem) {
    this.#new = place;
  }

  get item(): AssistantMessageItem {
    return this.#message([this.#part()]);
  }

  get text(): string {
    return this.#text;
  }

  open(): ResponseEventBody[] {
    return [
      {
        type: 'response.output_item.added',
        output_index: this.#new.outputIndex,
        item: this.#message([]),
      },
      { type: 'response.content_part.added', ...this.#place(), part: outputText('') },
    ];
  }

  add(delta: string): ResponseEventBody[] {
    this.#text += delta;
    return [{ type: 'response.output_text.delta', ...this.#place(), delta, logprobs: [] }];
  }

  /** Once the text is whole. */
  annotate(annotations: readonly Annotation[]): ResponseEventBody[] {
    return annotations.map((annotation) => ({
      type: 'response.output_text.annotation.added',
      ...this.#place(),
      annotation_index: this.#annotations.push(annotation) - 1,
      annotation,
    }));
  }

  close(status: ForcedEnd): ResponseEventBody[] {
    if (this.#status !== 'in_progress') return [];
    this.#status = status;
    const text = this.#text;
    return [
      { type: 'response.output_text.done', ...this.#place(), text, logprobs: [] },
      { type: 'response.content_part.done', ...this.#place(), part: this.#part() },
      { type: 'response.output_item.done', output_index: this.#new.outputIndex, item: this.item },
    ];
  }

  #part(): OutputTextPart {
    return outputText(this.#text, [...this.#annotations]);
  }

  #message(content: AssistantMessageItem['content']): AssistantMessageItem {
    return { id: this.#new.id, type: 'message', status: this.#status, role: 'assistant', content };
  }

  #place() {
    return { item_id: this.#new.id, output_index: this.#new.outputIndex, content_index: 0 };
  }
}
