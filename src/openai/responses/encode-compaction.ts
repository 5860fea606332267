import { TurnError, type TurnEvent, type Usage } from '../../turn/index.ts';
import type { WireError } from '../errors.ts';
import { sealCompaction } from './compaction.ts';
import {
  type CompactionItem,
  type InputMessageItem,
  idPrefixes,
  type OutputItem,
  type StoredItem,
} from './items.ts';
import type { ResponseEvent, ResponseEventBody } from './response-events.ts';
import { type FrameOptions, ResponseFrame } from './response-frame.ts';
import type { ResponseObject, ResponseUsage } from './response-object.ts';
import { WholeItemEncoder } from './whole-item.ts';

export interface CompactionEncoderOptions extends FrameOptions {
  readonly newId: (prefix: string) => string;
  readonly seal: (text: string) => string;
}

/** The answer to a compaction request: exactly one compaction item, once the summary is whole. */
export class CompactionStreamEncoder {
  readonly #options: CompactionEncoderOptions;
  readonly #frame: ResponseFrame;
  #summary = '';
  #started = false;

  constructor(options: CompactionEncoderOptions) {
    this.#options = options;
    this.#frame = new ResponseFrame(options);
  }

  get output(): readonly OutputItem[] {
    return this.#frame.items.map(({ item }) => item);
  }

  get failure(): WireError | undefined {
    return this.#frame.failure;
  }

  get ended(): boolean {
    return this.#frame.ended;
  }

  start(): ResponseEvent[] {
    if (this.#started) return [];
    this.#started = true;
    return this.#frame.start();
  }

  push(event: TurnEvent): ResponseEvent[] {
    if (this.ended) return [];
    return [...this.start(), ...this.#push(event)];
  }

  fail(error: WireError, usage?: Usage): ResponseEvent[] {
    if (this.ended) return [];
    return [...this.start(), ...this.#frame.fail(error, usage)];
  }

  response(): ResponseObject {
    return this.#frame.response();
  }

  #push(event: TurnEvent): ResponseEvent[] {
    switch (event.type) {
      case 'text.delta':
        this.#summary += event.text;
        return [];
      case 'text.reset':
        this.#summary = '';
        return [];
      case 'error':
        return this.#frame.fail(event.error, event.usage);
      case 'done': {
        const summary = this.#summary.trim();
        // Half a summary would silently lose the rest of the conversation.
        if (summary === '' || (event.stopReason !== 'end' && event.stopReason !== 'stop-sequence')) {
          const error = new TurnError(
            'engine_failed',
            `The model gave no whole summary (${event.stopReason}).`,
            {
              agentActed: true,
            },
          );
          return this.#frame.fail(error, event.usage);
        }
        const events = this.#frame.tell(this.#tellItem(summary));
        return [...events, ...this.#frame.finish('end', event.usage)];
      }
      default:
        return [];
    }
  }

  #tellItem(summary: string): ResponseEventBody[] {
    const { newId, seal } = this.#options;
    const item: CompactionItem = {
      id: newId(idPrefixes.compaction),
      type: 'compaction',
      encrypted_content: sealCompaction(summary, seal),
    };
    const encoder = new WholeItemEncoder(item, 0);
    this.#frame.add(encoder);
    return encoder.open();
  }
}

/** What `POST /v1/responses/compact` answers. */
export interface CompactedResponse {
  readonly id: string;
  readonly object: 'response.compaction';
  /** Unix seconds. */
  readonly created_at: number;
  readonly output: readonly (InputMessageItem | CompactionItem)[];
  readonly usage: ResponseUsage;
}

export interface CompactedParts {
  readonly id: string;
  /** Unix seconds. */
  readonly createdAt: number;
  /** The whole conversation: history and input. */
  readonly items: readonly StoredItem[];
  readonly compaction: CompactionItem;
  readonly usage: ResponseUsage;
}

/** The user's messages as they were, then the compaction of all the rest. */
export function encodeCompactedResponse(parts: CompactedParts): CompactedResponse {
  const kept = parts.items.flatMap((item) => (item.type === 'message' && item.role === 'user' ? [item] : []));
  return {
    id: parts.id,
    object: 'response.compaction',
    created_at: parts.createdAt,
    output: [...kept, parts.compaction],
    usage: parts.usage,
  };
}
