import { query } from '@anthropic-ai/claude-agent-sdk';

/** The Agent SDK used as its documentation shows: one `query()` per request. Milliseconds to the first text. */
export async function coldQuery(
  prompt: string,
  options: { readonly env: Record<string, string>; readonly cwd: string; readonly agent: boolean },
): Promise<number> {
  const start = performance.now();
  const messages = query({
    prompt,
    options: {
      cwd: options.cwd,
      env: options.env,
      model: 'claude-sonnet-5',
      settingSources: [],
      includePartialMessages: true,
      permissionMode: 'bypassPermissions',
      allowDangerouslySkipPermissions: true,
      ...(options.agent ? { systemPrompt: { type: 'preset', preset: 'claude_code' } } : { tools: [] }),
    },
  });
  let first: number | undefined;
  for await (const message of messages)
    if (message.type === 'stream_event' && message.event.type === 'content_block_delta')
      first ??= performance.now() - start;
  if (first === undefined) throw new Error('the answer had no text');
  return first;
}
