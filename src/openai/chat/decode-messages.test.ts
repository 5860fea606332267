import { describe, expect, it, test } from 'vitest';
import type { Message } from '../../turn/index.ts';
import { WireError } from '../errors.ts';
import { noFiles } from '../testing/files.ts';
import type { ChatRequestMessage } from './chat-request-schema.ts';
import { decodeMessages as decodeWithFiles } from './decode-messages.ts';

const decodeMessages = (messages: ChatRequestMessage[]) => decodeWithFiles(messages, noFiles);
const hi: ChatRequestMessage = { role: 'user', content: 'hi' };
const png = 'data:image/png;base64,iVBORw0KGgoA';

function call(...ids: string[]): ChatRequestMessage {
  return {
    role: 'assistant',
    content: null,
    tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } })),
  };
}
function result(id: string, content: string | null = 'ok'): ChatRequestMessage {
  return { role: 'tool', tool_call_id: id, content };
}
function user(...texts: string[]): Message {
  return { role: 'user', parts: texts.map((text) => ({ type: 'text', text })) };
}
function assistant(...texts: string[]): Message {
  return { role: 'assistant', parts: texts.map((text) => ({ type: 'text', text })) };
}
function reminder(text: string): string {
  return `<system-reminder>\n${text}\n</system-reminder>`;
}
const toolCall = (callId: string) => ({ type: 'tool-call', callId, name: 'f', arguments: { a: 1 } });
const toolResult = (callId: string, text = 'ok') => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text }],
});

function refusal(messages: ChatRequestMessage[]): WireError {
  try {
    decodeMessages(messages);
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('system text', () => {
  it('at the head is joined, system and developer alike', () => {
    const decoded = decodeMessages([
      { role: 'system', content: 'A' },
      {
        role: 'developer',
        content: [
          { type: 'text', text: 'B' },
          { type: 'text', text: 'C' },
        ],
      },
      { role: 'system', content: '' },
      hi,
    ]);
    expect(decoded).toMatchObject({ system: 'A\n\nB\n\nC', messages: [user('hi')] });
  });

  it('later stays at its place as a reminder', () => {
    const decoded = decodeMessages([
      hi,
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'go' },
    ]);
    expect(decoded).toMatchObject({
      system: '',
      messages: [user('hi'), user(reminder('be brief')), user('go')],
    });
  });

  it('alone is what is asked', () => {
    const decoded = decodeMessages([
      { role: 'system', content: 'rules' },
      { role: 'system', content: 'say hi' },
    ]);
    expect(decoded).toMatchObject({ system: 'rules', messages: [user('say hi')] });
  });
});

describe('messages', () => {
  test.each<[string, ChatRequestMessage[], Message[]]>([
    ['keep their number when the user speaks twice', [hi, hi], [user('hi'), user('hi')]],
    [
      'of the assistant in a row become one',
      [hi, { role: 'assistant', content: 'a' }, { role: 'assistant', content: 'b' }, hi],
      [user('hi'), assistant('a', 'b'), user('hi')],
    ],
    ['of the assistant without content are dropped', [hi, { role: 'assistant', content: '' }], [user('hi')]],
    ['of the user without content are dropped', [{ role: 'user', content: ' ' }, hi], [user('hi')]],
    [
      'lose parts without visible text',
      [
        {
          role: 'user',
          content: [
            { type: 'text', text: '\n' },
            { type: 'text', text: 'x' },
          ],
        },
      ],
      [user('x')],
    ],
    ['keep white space around text', [{ role: 'user', content: '  x\n' }], [user('  x\n')]],
    [
      'keep what the assistant refused to do',
      [
        hi,
        { role: 'assistant', content: [{ type: 'refusal', refusal: 'no' }] },
        hi,
        { role: 'assistant', content: null, refusal: 'never' },
        hi,
      ],
      [user('hi'), assistant('no'), user('hi'), assistant('never'), user('hi')],
    ],
    [
      'may begin with the assistant',
      [{ role: 'assistant', content: 'welcome' }, hi],
      [assistant('welcome'), user('hi')],
    ],
  ])('%s', (_, messages, expected) => {
    expect(decodeMessages(messages).messages).toEqual(expected);
  });
});

describe('tool calls and their results', () => {
  it('group the results of one assistant message and what the user says next', () => {
    const { messages } = decodeMessages([
      hi,
      call('a', 'b'),
      result('b'),
      result('a'),
      { role: 'user', content: 'and?' },
    ]);
    expect(messages).toEqual([
      user('hi'),
      { role: 'assistant', parts: [toolCall('a'), toolCall('b')] },
      { role: 'user', parts: [toolResult('b'), toolResult('a'), { type: 'text', text: 'and?' }] },
    ]);
  });

  it('put a later system message after the results', () => {
    const { messages } = decodeMessages([hi, call('a'), result('a'), { role: 'system', content: 's' }]);
    expect(messages[2]?.parts).toEqual([toolResult('a'), { type: 'text', text: reminder('s') }]);
  });

  it('keep rounds apart', () => {
    const { messages } = decodeMessages([hi, call('a'), result('a'), call('b'), result('b')]);
    expect(messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant', 'user']);
  });

  it('join calls that come in assistant messages of their own', () => {
    const { messages } = decodeMessages([hi, call('a'), call('b'), result('a'), result('b')]);
    expect(messages[1]?.parts).toEqual([toolCall('a'), toolCall('b')]);
    expect(messages[2]?.parts).toEqual([toolResult('a'), toolResult('b')]);
  });

  it('take images, text files and nothing as a result', () => {
    const { messages } = decodeMessages([
      hi,
      call('a', 'b'),
      {
        role: 'tool',
        tool_call_id: 'a',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image_url', image_url: { url: png } },
          { type: 'file', file: { file_data: 'data:text/csv,1;2' } },
        ],
      },
      result('b', null),
    ]);
    expect(messages[2]?.parts).toEqual([
      {
        type: 'tool-result',
        callId: 'a',
        content: [
          { type: 'text', text: 'see' },
          { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgoA' } },
          { type: 'text', text: '1;2' },
        ],
      },
      { type: 'tool-result', callId: 'b', content: [] },
    ]);
  });

  it('carry free text for custom tools', () => {
    const { messages } = decodeMessages([
      hi,
      {
        role: 'assistant',
        tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'patch', input: '*** x' } }],
      },
      result('c'),
    ]);
    expect(messages[1]?.parts).toEqual([
      { type: 'tool-call', callId: 'c', name: 'patch', arguments: { input: '*** x' } },
    ]);
  });

  test.each([
    ['', {}, 0],
    ['{"x":[1]}', { x: [1] }, 0],
    ['{"x":', { _raw_arguments: '{"x":' }, 1],
    ['[1]', { _raw_arguments: '[1]' }, 1],
    ['null', { _raw_arguments: 'null' }, 1],
  ])('with the arguments %j stay usable', (text, expected, reported) => {
    const decoded = decodeMessages([
      hi,
      {
        role: 'assistant',
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: text } }],
      },
      result('a'),
    ]);
    expect(decoded.messages[1]?.parts).toEqual([
      { type: 'tool-call', callId: 'a', name: 'f', arguments: expected },
    ]);
    expect(decoded.ignored.map(({ param }) => param)).toEqual(
      reported === 0 ? [] : ['messages[1].tool_calls[0].function.arguments'],
    );
  });

  it('in the legacy form get the same id in every request', () => {
    const history: ChatRequestMessage[] = [
      hi,
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } },
      { role: 'function', name: 'f', content: 'ok' },
    ];
    const longer = [...history, { role: 'assistant', content: 'done' } as const, hi];
    expect(decodeMessages(history).messages.slice(1)).toEqual([
      { role: 'assistant', parts: [toolCall('call_fn_1')] },
      { role: 'user', parts: [toolResult('call_fn_1')] },
    ]);
    expect(decodeMessages(longer).messages.slice(0, 3)).toEqual(decodeMessages(history).messages);
  });

  const unanswered = /must be followed by tool messages.*did not have response messages: b$/;
  test.each<[string, ChatRequestMessage[], string, RegExp]>([
    ['at the end', [hi, call('a', 'b'), result('a')], 'messages[1]', unanswered],
    ['before the user', [hi, call('b'), hi], 'messages[1]', unanswered],
    [
      'before the assistant',
      [hi, call('a', 'b'), result('a'), { role: 'assistant', content: 'x' }, hi],
      'messages[1]',
      unanswered,
    ],
    [
      'before system text',
      [hi, call('b'), { role: 'system', content: 's' }, result('b')],
      'messages[1]',
      unanswered,
    ],
    ['without a call', [hi, result('a')], 'messages[1].role', /must be a response to a preceeding message/],
    ['after the user spoke', [hi, call('a'), result('a'), hi, result('a')], 'messages[4].role', /preceeding/],
    ['of another id', [hi, call('a'), result('x')], 'messages[2].tool_call_id', /'x' not found/],
    ['twice', [hi, call('a'), result('a'), result('a')], 'messages[3].tool_call_id', /more than one/],
    ['with one id for two calls', [hi, call('a', 'a'), result('a')], 'messages[1].tool_calls', /Duplicate/],
    [
      'of an unknown function',
      [hi, { role: 'function', name: 'f', content: 'x' }],
      'messages[1].role',
      /function_call/,
    ],
  ])('are refused %s', (_, messages, param, message) => {
    const error = refusal(messages);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param });
    expect(error.message).toMatch(message);
  });
});

describe('what is asked', () => {
  test.each<[string, ChatRequestMessage[], string]>([
    ['an answer to continue', [hi, { role: 'assistant', content: 'Sure, ' }], 'messages'],
    [
      'an empty last message',
      [hi, { role: 'assistant', content: 'a' }, { role: 'user', content: '' }],
      'messages[2].content',
    ],
    ['nothing at all', [{ role: 'system', content: ' ' }], 'messages'],
  ])('cannot be %s', (_, messages, param) => {
    expect(refusal(messages)).toMatchObject({ status: 400, code: 'invalid_value', param });
  });
});

describe('media in a user message', () => {
  const decode = (part: unknown) =>
    decodeMessages([{ role: 'user', content: [part] } as ChatRequestMessage]).messages[0]?.parts;

  test.each([
    [
      { type: 'image_url', image_url: { url: png } },
      { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgoA' },
    ],
    [
      { type: 'image_url', image_url: png.replace('png', 'jpg') },
      { kind: 'base64', mediaType: 'image/jpeg', data: 'iVBORw0KGgoA' },
    ],
    [
      { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
      { kind: 'url', url: 'https://x.test/a.png' },
    ],
    [
      { type: 'file', file: { file_data: png } },
      { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgoA' },
    ],
  ])('is an image: %j', (part, source) => {
    expect(decode(part)).toEqual([{ type: 'image', source }]);
  });

  test.each([
    [
      { file_data: 'data:application/pdf;base64,JVBERi0=', filename: 'a.pdf' },
      { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
      'a.pdf',
    ],
    [
      { file_data: `data:text/markdown;base64,${Buffer.from('# é').toString('base64')}`, filename: 'a.md' },
      { kind: 'text', text: '# é' },
      'a.md',
    ],
    [{ file_data: 'data:application/ld+json,{}', filename: null }, { kind: 'text', text: '{}' }, undefined],
  ])('is a document: %j', (file, source, filename) => {
    expect(decode({ type: 'file', file })).toEqual([
      { type: 'document', source, ...(filename === undefined ? {} : { filename }) },
    ]);
  });

  const at = 'messages[0].content[0]';
  test.each([
    [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }, 'invalid_value', `${at}.image_url.url`],
    [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,' } },
      'invalid_value',
      `${at}.image_url.url`,
    ],
    [
      { type: 'image_url', image_url: { url: 'data:image/svg+xml,x' } },
      'unsupported_content',
      `${at}.image_url.url`,
    ],
    [{ type: 'file', file: { file_data: 'JVBERi0=' } }, 'invalid_value', `${at}.file.file_data`],
    [
      { type: 'file', file: { file_data: 'data:application/zip;base64,AA' } },
      'unsupported_content',
      `${at}.file.file_data`,
    ],
    [{ type: 'file', file: {} }, 'missing_required_field', `${at}.file.file_data`],
    [{ type: 'input_audio', input_audio: { data: '', format: 'wav' } }, 'unsupported_content', at],
  ])('is refused: %j', (part, code, param) => {
    expect(refusal([{ role: 'user', content: [part] } as ChatRequestMessage])).toMatchObject({
      status: 400,
      code,
      param,
    });
  });

  it('has no PDF in a tool result', () => {
    const file = { file_data: 'data:application/pdf;base64,JVBERi0=' };
    const error = refusal([
      hi,
      call('a'),
      { role: 'tool', tool_call_id: 'a', content: [{ type: 'file', file }] },
    ]);
    expect(error).toMatchObject({ code: 'unsupported_content', param: 'messages[2].content' });
  });
});
