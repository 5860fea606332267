import type { StopReason } from '../../turn/index.ts';
import type { IncompleteDetails } from './response-object.ts';

/**
 * Why an answer is not whole; undefined if it is. A refusal cuts the answer off where it stands, which OpenAI
 * calls a content filter (as `finish_reason: content_filter` in chat); what there is of it stays.
 */
export function mapIncomplete(reason: StopReason): IncompleteDetails | undefined {
  switch (reason) {
    case 'end':
    case 'stop-sequence':
    case 'client-calls':
      return undefined;
    case 'length':
      return { reason: 'max_output_tokens' };
    case 'refusal':
      return { reason: 'content_filter' };
  }
}
