import { describe, expect, it, test } from 'vitest';
import { agentProfile, modelProfile } from '../../turn/index.ts';
import { WireError } from '../errors.ts';
import { decodeChatRequest } from './decode-chat-request.ts';
import { fromResponsesShape } from './from-responses-shape.ts';

const context = {
  turnId: 't',
  owner: 'o',
  models: { resolve: () => ({ model: 'sonnet', adaptiveThinking: true }) },
  profiles: { agent: agentProfile, model: modelProfile },
};
const decode = (body: object) => decodeChatRequest({ model: 'gpt-4o', ...body }, context);

describe('a body of the Responses API, as Cursor sends to the chat endpoint', () => {
  it('means the same as its chat form', () => {
    const { turn, customToolNames } = decode({
      instructions: 'be nice',
      input: [
        { role: 'system', content: 'more' },
        {
          role: 'user',
          content: [
            { type: 'input_text', text: 'look' },
            { type: 'input_image', image_url: 'https://x.test/a.png' },
          ],
        },
        { type: 'reasoning', id: 'rs_1', summary: [] },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'on it' }] },
        { type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}' },
        { type: 'custom_tool_call', call_id: 'b', name: 'patch', input: '***' },
        { type: 'function_call_output', call_id: 'a', output: 'A' },
        { type: 'custom_tool_call_output', call_id: 'b', output: [{ type: 'input_text', text: 'B' }] },
      ],
      tools: [
        { type: 'function', name: 'f', parameters: null },
        { type: 'custom', name: 'patch' },
      ],
      reasoning: { effort: 'low' },
      text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' } }, verbosity: 'medium' },
      max_output_tokens: 9,
    });
    expect(turn).toMatchObject({
      profile: modelProfile,
      system: 'be nice\n\nmore',
      messages: [
        {
          role: 'user',
          parts: [
            { type: 'text', text: 'look' },
            { type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' } },
          ],
        },
        {
          role: 'assistant',
          parts: [
            { type: 'text', text: 'on it' },
            { type: 'tool-call', callId: 'a', name: 'f', arguments: { x: 1 } },
            { type: 'tool-call', callId: 'b', name: 'patch', arguments: { input: '***' } },
          ],
        },
        {
          role: 'user',
          parts: [
            { type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 'A' }] },
            { type: 'tool-result', callId: 'b', content: [{ type: 'text', text: 'B' }] },
          ],
        },
      ],
      output: { schema: { type: 'object' }, maxTokens: 9 },
      reasoning: { effort: 'low' },
    });
    expect(customToolNames).toEqual(new Set(['patch']));
  });

  it('may have its input as a string, and files in it', () => {
    expect(decode({ input: 'hi' }).turn.messages).toEqual([
      { role: 'user', parts: [{ type: 'text', text: 'hi' }] },
    ]);
    const file = { type: 'input_file', filename: 'a.txt', file_data: 'data:text/plain,x' };
    expect(decode({ input: [{ role: 'user', content: [file] }] }).turn.messages[0]?.parts).toEqual([
      { type: 'document', source: { kind: 'text', text: 'x' }, filename: 'a.txt' },
    ]);
  });

  it('may name uploaded files', () => {
    const content = [
      { type: 'input_file', file_id: 'a' },
      { type: 'input_image', file_id: 'b' },
    ];
    expect(fromResponsesShape({ input: [{ role: 'user', content }] })).toMatchObject({
      messages: [{ content: [{ type: 'file', file: { file_id: 'a' } }, { file: { file_id: 'b' } }] }],
    });
  });

  test.each([
    [{ input: 5 }, 'input', 'invalid_type'],
    [{ input: ['x'] }, 'input[0]', 'invalid_type'],
    [{ input: [{ type: 'item_reference', id: 'x' }] }, 'input[0].type', 'invalid_value'],
    [
      { input: [{ type: 'function_call', call_id: 'a', name: 'f' }] },
      'messages[0].tool_calls[0].function.arguments',
      'missing_required_field',
    ],
  ])('is refused: %j', (body, param, code) => {
    const run = () => decode(body);
    expect(run).toThrow(WireError);
    expect(run).toThrow(expect.objectContaining({ status: 400, param, code }));
  });
});

test.each([[{ messages: [], input: 'x' }], [{ model: 'm' }], ['text'], [null]])(
  '%j is left as it is',
  (body) => {
    expect(fromResponsesShape(body)).toBe(body);
  },
);
