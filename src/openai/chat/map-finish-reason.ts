import type { StopReason } from '../../turn/index.ts';
import type { FinishReason } from './chat-wire.ts';

export function mapFinishReason(reason: StopReason, legacyFunctions: boolean): FinishReason {
  switch (reason) {
    case 'end':
    case 'stop-sequence':
      return 'stop';
    case 'length':
      return 'length';
    case 'client-calls':
      return legacyFunctions ? 'function_call' : 'tool_calls';
    // What there is of the answer went out as content; `message.refusal` is for answers to a schema.
    case 'refusal':
      return 'content_filter';
  }
}
