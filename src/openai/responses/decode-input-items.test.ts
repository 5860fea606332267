import { describe, expect, it, test } from 'vitest';
import { countingIds } from '../testing/responses.ts';
import { decodeConversationItems } from './decode-input-items.ts';

const decode = (items: unknown) =>
  decodeConversationItems(items, 'items', { newId: countingIds(), findItem: () => undefined });

describe('items of a conversation', () => {
  it('are kept as those of a request', () => {
    expect(decode([{ role: 'user', content: 'hi' }])).toEqual([
      {
        id: 'msg_1',
        type: 'message',
        role: 'user',
        status: 'completed',
        content: [{ type: 'input_text', text: 'hi' }],
      },
    ]);
    expect(decode(undefined)).toEqual([]);
  });

  it('need not be a whole conversation', () => {
    expect(decode([{ type: 'function_call_output', call_id: 'c', output: 'x' }])).toHaveLength(1);
  });

  test.each<[unknown, string]>([
    ['hi', 'items'],
    [[{ type: 'compaction_trigger' }], 'items'],
    [[{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }], 'items[0].content[0].image_url'],
    [
      [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_file', file_data: 'x' }] }],
      'items[0].output[0].file_data',
    ],
  ])('such as %j are refused at once', (items, param) => {
    expect(() => decode(items)).toThrow(expect.objectContaining({ status: 400, param }));
  });
});

describe('items of the agent', () => {
  test.each<[object, object]>([
    [
      {
        type: 'mcp_call',
        server_label: 's',
        name: 't',
        arguments: '{}',
        status: 'calling',
        approval_request_id: null,
      },
      { id: 'mcp_1', status: 'in_progress', output: null, error: null },
    ],
    [
      { type: 'mcp_call', server_label: 's', name: 't', arguments: '{}', error: { code: 1 } },
      { status: 'failed', error: '{"code":1}' },
    ],
    [
      {
        type: 'mcp_list_tools',
        server_label: 's',
        tools: [{ name: 't', input_schema: {}, description: null }],
        error: null,
      },
      { id: 'mcpl_1', tools: [{ name: 't', input_schema: {} }] },
    ],
    [{ type: 'web_search_call' }, { id: 'ws_1', status: 'completed', action: { type: 'search' } }],
    [
      { type: 'web_search_call', action: { type: 'open_page', url: 'https://a.example' } },
      { action: { type: 'open_page', url: 'https://a.example' } },
    ],
    [
      { type: 'web_search_call', action: { type: 'find_in_page', url: 'u', pattern: 'p' } },
      { action: { type: 'find_in_page', url: 'u', pattern: 'p' } },
    ],
    [
      { type: 'code_interpreter_call', container_id: 'c', outputs: [{ type: 'image', url: 'u' }] },
      { id: 'ci_1', code: null, outputs: [{ type: 'image', url: 'u' }] },
    ],
  ])('%j are kept', (item, expected) => {
    const [kept] = decode([item]);
    expect(kept).toMatchObject(expected);
    expect(JSON.stringify(kept)).not.toMatch(/"(?:annotations|approval_request_id|description)"/);
  });

  it('keep where a text comes from', () => {
    const cited = { type: 'url_citation', start_index: 0, end_index: 1, title: 't', url: 'u' };
    const content = [{ type: 'output_text', text: 'x', annotations: [cited, { type: 'new' }], logprobs: [] }];
    expect(decode([{ role: 'assistant', content, phase: 'final_answer' }])).toMatchObject([
      { phase: 'final_answer', content: [{ annotations: [cited] }] },
    ]);
  });
});
