import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import type { Notice } from '../../turn/index.ts';

/** What a client may want to know of how its run goes. */
export function readNotices(message: Extract<SDKMessage, { type: 'system' }>): Notice[] {
  switch (message.subtype) {
    case 'api_retry': {
      const status = message.error_status === null ? message.error : `status ${message.error_status}`;
      const text = `Upstream failed (${status}); try ${message.attempt} of ${message.max_retries} follows in ${Math.round(message.retry_delay_ms)} ms.`;
      return [{ type: 'notice', code: 'upstream_retry', message: text }];
    }
    case 'compact_boundary': {
      const text = 'The conversation was summarised to fit the context.';
      return [{ type: 'notice', code: 'context_compacted', message: text }];
    }
    case 'permission_denied':
      return [toolDenied({ name: message.tool_name, message: message.message })];
    default:
      return [];
  }
}

export function toolDenied({ name, message }: { readonly name: string; readonly message: string }): Notice {
  return { type: 'notice', code: 'tool_denied', message: `${name}: ${message}` };
}
