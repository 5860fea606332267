import type { HookCallbackMatcher } from '@anthropic-ai/claude-agent-sdk';
import type { ClientTools } from './client-tools.ts';

/** Counts a turn's calls of the agent's own tools and declines those beyond the limit; the model then goes on without. */
export class CallLimit {
  #left = Number.POSITIVE_INFINITY;

  /** A new turn begins. */
  reset(limit = Number.POSITIVE_INFINITY): void {
    this.#left = limit;
  }

  /** Asked before each call. Calls of client tools are the client's own and do not count. */
  hook(clientTools: Pick<ClientTools, 'has'>): HookCallbackMatcher {
    return {
      hooks: [
        async (event) => {
          if (event.hook_event_name !== 'PreToolUse' || clientTools.has(event.tool_name)) return {};
          this.#left--;
          if (this.#left >= 0) return {};
          return {
            hookSpecificOutput: {
              hookEventName: 'PreToolUse',
              permissionDecision: 'deny',
              permissionDecisionReason:
                'The limit of tool calls for this request is reached. Answer with what you have.',
            },
          };
        },
      ],
    };
  }
}
