import type { HookCallback, HookCallbackMatcher } from '@anthropic-ai/claude-agent-sdk';
import type { RunChanges } from './run-changes.ts';

/** Seconds; longer than a call is ever held up. */
const timeout = 60;

/**
 * Hooks of a Claude Code process that tell the run which is under way of each tool call, before and after it is made. A call
 * of a client tool is made elsewhere, and takes as long as its client likes: it is passed by.
 */
export function changeHooks(
  current: () => Pick<RunChanges, 'before' | 'after'> | undefined,
  isClientTool: (name: string) => boolean,
): Record<'PreToolUse' | 'PostToolUse' | 'PostToolUseFailure', HookCallbackMatcher[]> {
  const before: HookCallback = async (event) => {
    if (event.hook_event_name === 'PreToolUse' && !isClientTool(event.tool_name))
      await current()?.before({
        toolUseId: event.tool_use_id,
        name: event.tool_name,
        input: event.tool_input,
      });
    return {};
  };
  const after: HookCallback = async (event) => {
    if (event.hook_event_name === 'PostToolUse' || event.hook_event_name === 'PostToolUseFailure')
      await current()?.after(event.tool_use_id);
    return {};
  };
  return {
    PreToolUse: [{ hooks: [before], timeout }],
    PostToolUse: [{ hooks: [after], timeout }],
    PostToolUseFailure: [{ hooks: [after], timeout }],
  };
}
