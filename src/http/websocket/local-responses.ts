import type { StoredItem } from '../../openai/index.ts';
import type { LocalResponses, PreparedResponse } from '../responses/prepare-response.ts';
import type { ResponseEncoder } from '../responses/response-encoder.ts';

/** A client that goes further back than this sends the conversation itself. */
const mostKept = 32;

/** What a connection remembers of its responses that are not stored: they live and die with it. */
export class ConnectionResponses implements LocalResponses {
  readonly #histories = new Map<string, readonly StoredItem[]>();

  history(id: string): readonly StoredItem[] | undefined {
    return this.#histories.get(id);
  }

  /** Remembers a response that can be continued. */
  keep({ id, history, request }: PreparedResponse, encoder: ResponseEncoder): void {
    const { status } = encoder.response();
    if (request.store || (status !== 'completed' && status !== 'incomplete')) return;
    this.#histories.set(id, [...history, ...request.inputItems, ...encoder.output]);
    const [oldest] = this.#histories.keys();
    if (oldest !== undefined && this.#histories.size > mostKept) this.#histories.delete(oldest);
  }
}
