import { expect, test } from 'vitest';
import { textOfParts } from './parts.ts';
import { partsOfItems } from './parts-of-items.ts';
import { splitActivity, waitingTool } from './split-activity.ts';
import { readContent, turnsOfItems } from './turns-of-items.ts';

test('the lines on tools are taken out of the thoughts, in their order', () => {
  const parts = splitActivity(
    'First I look.\n[Read] a.txt\n[Bash] ls -la\nNow I know.\n\nGood.\n[Write] b.txt\n',
  );
  expect(parts).toEqual([
    { kind: 'thinking', text: 'First I look.' },
    {
      kind: 'activity',
      lines: [
        { tool: 'Read', detail: 'a.txt' },
        { tool: 'Bash', detail: 'ls -la' },
      ],
    },
    { kind: 'thinking', text: 'Now I know.\n\nGood.' },
    { kind: 'activity', lines: [{ tool: 'Write', detail: 'b.txt' }] },
  ]);
  expect(splitActivity('')).toEqual([]);
});

test('a tool that waits for approval is known by the last line', () => {
  expect(waitingTool(splitActivity('[Bash] rm x\n[Bash] waits for approval\n'))).toBe('Bash');
  expect(waitingTool(splitActivity('[Bash] waits for approval\n[Read] x\n'))).toBeUndefined();
});

test('outputs and decisions stand with the calls that they answer', () => {
  const parts = partsOfItems([
    { type: 'function_call', id: 'fc_1', call_id: 'c1', name: 'weather', arguments: '{"city":"Oslo"}' },
    { type: 'function_call_output', call_id: 'c1', output: 'rain' },
    { type: 'mcp_approval_request', id: 'mcpr_1', server_label: 'git', name: 'push', arguments: '{}' },
    { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true },
    { type: 'function_call', id: 'fc_2', call_id: 'c2', name: 'weather', arguments: '{"ci' },
  ]);
  expect(parts).toMatchObject([
    { kind: 'tool', id: 'c1', input: { city: 'Oslo' }, output: 'rain', state: 'done' },
    { kind: 'approval', id: 'mcpr_1', approved: true },
    { kind: 'tool', id: 'c2', input: '{"ci', state: 'open' },
  ]);
});

test('tools of the agent have their input, output and state', () => {
  const parts = partsOfItems([
    {
      type: 'mcp_call',
      id: 'm',
      server_label: 'claude_code',
      name: 'Read',
      arguments: '{"file_path":"a"}',
      output: null,
      error: 'gone',
      status: 'failed',
    },
    {
      type: 'web_search_call',
      id: 'w',
      status: 'completed',
      action: { type: 'search', query: 'q', sources: [{ type: 'url', url: 'https://a' }] },
    },
    { type: 'code_interpreter_call', id: 'c', status: 'interpreting', code: 'ls', outputs: null },
    { type: 'reasoning', id: 'r', summary: [{ type: 'summary_text', text: 'Hm.' }] },
    { type: 'something_new', id: 'n' },
  ]);
  expect(parts).toMatchObject([
    { name: 'Read', output: 'gone', state: 'failed' },
    { name: 'WebSearch', input: { query: 'q' }, output: 'https://a', state: 'done' },
    { name: 'Bash', input: { command: 'ls' }, output: undefined, state: 'running' },
    { kind: 'thinking', text: 'Hm.' },
  ]);
});

test('items become turns: one answer is one turn, with the files that it cites', () => {
  const cited = {
    type: 'container_file_citation',
    container_id: 'cntr_1',
    file_id: 'cfile_1',
    filename: 'a.txt',
  };
  const turns = turnsOfItems([
    { type: 'message', id: 'm0', role: 'developer', content: [{ type: 'input_text', text: 'Be brief.' }] },
    {
      type: 'message',
      id: 'm1',
      role: 'user',
      content: [
        { type: 'input_text', text: 'Hi' },
        { type: 'input_file', file_id: 'file-1' },
      ],
    },
    { type: 'reasoning', id: 'r', summary: [{ text: 'Hm.' }] },
    {
      type: 'message',
      id: 'm2',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'Hello', annotations: [cited, cited] }],
    },
    { type: 'message', id: 'm3', role: 'user', content: 'Bye' },
  ]);
  expect(turns).toMatchObject([
    { role: 'system', text: 'Be brief.' },
    { role: 'user', text: 'Hi', files: [{ name: 'file-1', fileId: 'file-1' }] },
    { role: 'assistant', parts: [{ kind: 'thinking' }, { kind: 'text', cited: [{ path: 'a.txt' }] }] },
    { role: 'user', text: 'Bye' },
  ]);
  const [, , answer] = turns;
  expect(answer?.role === 'assistant' && textOfParts(answer.parts)).toBe('Hello');
});

test('contents of Chat Completions are read, too', () => {
  const file = { type: 'file', file: { file_id: 'file-1', filename: 'a.pdf' } };
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA==' } };
  expect(readContent([{ type: 'text', text: 'Look' }, file, image])).toEqual({
    text: 'Look',
    files: [
      { name: 'a.pdf', fileId: 'file-1' },
      { name: 'image', fileId: undefined },
    ],
  });
  expect(readContent(null)).toEqual({ text: '', files: [] });
});
