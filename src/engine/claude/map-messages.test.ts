import { describe, expect, test } from 'vitest';
import type { AssistantMessage, JsonObject, UserMessage, UserPart } from '../../turn/index.ts';
import { assistantMessage, toAssistantInput, toUserInput, userContent } from './map-messages.ts';

const user = (...parts: UserPart[]): UserMessage => ({ role: 'user', parts });
const text = (value: string) => ({ type: 'text', text: value }) as const;
const png = { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } as const;
const image = { type: 'image', source: png } as const;
const imageBlock = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } };

test('a single text is a plain string, to the letter', () => {
  expect(userContent(user(text(' /cost @file\n')))).toBe(' /cost @file\n');
});

test.each<[string, UserPart, unknown]>([
  ['an image', image, imageBlock],
  [
    'an image by its address',
    { type: 'image', source: { kind: 'url', url: 'https://a.example/1.png' } },
    { type: 'image', source: { type: 'url', url: 'https://a.example/1.png' } },
  ],
  [
    'a document',
    { type: 'document', source: { ...png, mediaType: 'application/pdf' } },
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
  ],
  [
    'a document with a name',
    { type: 'document', source: { kind: 'url', url: 'https://a.example/1.pdf' }, filename: '1.pdf' },
    { type: 'document', source: { type: 'url', url: 'https://a.example/1.pdf' }, title: '1.pdf' },
  ],
  [
    'a document of text',
    { type: 'document', source: { kind: 'text', text: 'a,b' }, filename: 'a.csv' },
    { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'a,b' }, title: 'a.csv' },
  ],
  [
    "a tool's result",
    { type: 'tool-result', callId: 'c1', content: [text('snow'), image] },
    { type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'snow' }, imageBlock] },
  ],
  [
    "a tool's empty result",
    { type: 'tool-result', callId: 'c1', content: [] },
    { type: 'tool_result', tool_use_id: 'c1', content: [] },
  ],
])('%s becomes a block of the Messages API', (_, part, block) => {
  expect(userContent(user(part))).toEqual([block]);
});

test('several parts keep their order', () => {
  expect(userContent(user(text('see'), image, text('there')))).toEqual([
    { type: 'text', text: 'see' },
    imageBlock,
    { type: 'text', text: 'there' },
  ]);
});

describe('an assistant message', () => {
  const answer: AssistantMessage = { role: 'assistant', parts: [text('It snows.')] };
  const calling: AssistantMessage = {
    role: 'assistant',
    parts: [
      text('Let me see.'),
      { type: 'tool-call', callId: 'c1', name: 'look', arguments: { at: 'Oslo' } },
    ],
  };

  test('is whole, as upstream would have answered it', () => {
    expect(assistantMessage(answer, 'sonnet')).toMatchObject({
      type: 'message',
      role: 'assistant',
      model: 'sonnet',
      content: [{ type: 'text', text: 'It snows.' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 0, output_tokens: 0 },
    });
  });

  test('with a call says so, and keeps the id that the result will name', () => {
    expect(assistantMessage(calling, 'sonnet')).toMatchObject({
      content: [
        { type: 'text', text: 'Let me see.' },
        { type: 'tool_use', id: 'c1', name: 'look', input: { at: 'Oslo' } },
      ],
      stop_reason: 'tool_use',
    });
  });

  test('has an id of its own, since entries of one id are taken for one message', () => {
    expect(assistantMessage(answer, 'sonnet')['id']).not.toBe(assistantMessage(answer, 'sonnet')['id']);
  });

  test('on the input has a uuid of its own', () => {
    expect(toAssistantInput(answer, 'sonnet').uuid).not.toBe(toAssistantInput(answer, 'sonnet').uuid);
  });
});

describe('ids of calls', () => {
  const sentId = (callId: string): readonly unknown[] => {
    const call: AssistantMessage = {
      role: 'assistant',
      parts: [{ type: 'tool-call', callId, name: 'look', arguments: {} }],
    };
    const [use] = assistantMessage(call, 'sonnet')['content'] as readonly JsonObject[];
    const [result] = userContent(user({ type: 'tool-result', callId, content: [] })) as readonly JsonObject[];
    return [use?.['id'], result?.['tool_use_id']];
  };

  test.each(['toolu_01AbC', 'call_1-2'])('%s is sent as it is', (callId) => {
    expect(sentId(callId)).toEqual([callId, callId]);
  });

  test.each(['functions.look:0', 'ä', ''])(
    'for %j, which upstream would refuse, call and result are given the same other one',
    (callId) => {
      const [use, result] = sentId(callId);
      expect(use).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
      expect(result).toBe(use);
    },
  );

  test('different ids stay different', () => {
    expect(sentId('functions.look:0')).not.toEqual(sentId('functions.look:1'));
  });
});

test('a message of the past asks nothing, the last one does', () => {
  expect(toUserInput(user(text('then')), { query: false })).toMatchObject({
    type: 'user',
    shouldQuery: false,
  });
  expect(toUserInput(user(text('now')), { query: true })).not.toHaveProperty('shouldQuery');
});
