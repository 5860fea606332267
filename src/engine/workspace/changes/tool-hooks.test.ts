import type { HookInput } from '@anthropic-ai/claude-agent-sdk';
import { expect, test } from 'vitest';
import { changeHooks } from './tool-hooks.ts';

const base = { session_id: 's', transcript_path: '', cwd: '/', tool_use_id: 'toolu_1', tool_input: { a: 1 } };
const { signal } = new AbortController();

test('the run is told before and after each call, but for those of client tools', async () => {
  const told: unknown[] = [];
  const run = {
    before: async (call: unknown) => void told.push(['before', call]),
    after: async (id: string) => void told.push(['after', id]),
  };
  const hooks = changeHooks(
    () => run,
    (name) => name === 'client_tool',
  );
  const tell = async (event: HookInput): Promise<void> => {
    if (event.hook_event_name in hooks)
      for (const { hooks: callbacks } of hooks[event.hook_event_name as keyof typeof hooks])
        for (const callback of callbacks) expect(await callback(event, undefined, { signal })).toEqual({});
  };
  for (const tool_name of ['Bash', 'client_tool']) {
    await tell({ ...base, hook_event_name: 'PreToolUse', tool_name });
    await tell({ ...base, hook_event_name: 'PostToolUse', tool_name, tool_response: '' });
    await tell({ ...base, hook_event_name: 'PostToolUseFailure', tool_name, error: '' });
  }
  const after = ['after', 'toolu_1'];
  // Of a call that was never told of, the end means nothing to a run.
  expect(told).toEqual([
    ['before', { toolUseId: 'toolu_1', name: 'Bash', input: { a: 1 } }],
    after,
    after,
    after,
    after,
  ]);
});

test('between runs nobody is told', async () => {
  const [matcher] = changeHooks(
    () => undefined,
    () => false,
  ).PreToolUse;
  const event = { ...base, hook_event_name: 'PreToolUse', tool_name: 'Bash' } as const;
  expect(await matcher?.hooks[0]?.(event, undefined, { signal })).toEqual({});
});
