import { describe, expect, it, test } from 'vitest';
import type { Message } from '../../turn/index.ts';
import { decodeResponses, plainSeal, responsesRefusal as refusal } from '../testing/responses.ts';
import { sealCompaction } from './compaction.ts';
import type { ResponsesContext } from './decode-responses-request.ts';
import type { StoredItem } from './items.ts';
import { peekReferences } from './peek-references.ts';

const messagesOf = (input: unknown, more: Partial<ResponsesContext> = {}) =>
  decodeResponses({ input }, more).turn.messages;

const user = (...texts: string[]): Message => ({
  role: 'user',
  parts: texts.map((text) => ({ type: 'text', text })),
});
const assistant = (...texts: string[]): Message => ({
  role: 'assistant',
  parts: texts.map((text) => ({ type: 'text', text })),
});
const reminder = (text: string) => `<system-reminder>\n${text}\n</system-reminder>`;
const said = (role: string, content: unknown) => ({ role, content });
const call = (call_id: string, more: object = {}) => ({
  type: 'function_call',
  call_id,
  name: 'f',
  arguments: '{"a":1}',
  ...more,
});
const output = (call_id: string, text: unknown = 'ok') => ({
  type: 'function_call_output',
  call_id,
  output: text,
});
const callPart = (callId: string) => ({ type: 'tool-call', callId, name: 'f', arguments: { a: 1 } });
const resultPart = (callId: string, text = 'ok') => ({
  type: 'tool-result',
  callId,
  content: [{ type: 'text', text }],
});
const stored = (id: string, role: 'user' | 'assistant', text: string): StoredItem =>
  role === 'user'
    ? { id, type: 'message', role, status: 'completed', content: [{ type: 'input_text', text }] }
    : {
        id,
        type: 'message',
        role,
        status: 'completed',
        content: [{ type: 'output_text', text, annotations: [], logprobs: [] }],
      };
const png = 'data:image/png;base64,iVBORw0KGgoA';
const pngSource = { kind: 'base64', mediaType: 'image/png', data: 'iVBORw0KGgoA' };
const pdf = 'data:application/pdf;base64,JVBERi0=';

describe('input', () => {
  test.each<[string, unknown, unknown]>([
    ['a string', 'hi', [user('hi')]],
    ['a message without a type', [said('user', 'hi')], [user('hi')]],
    [
      'assistant content as a string',
      [said('user', 'a'), said('assistant', 'b'), said('user', 'c')],
      [user('a'), assistant('b'), user('c')],
    ],
    [
      'all kinds of text',
      [
        said('user', [
          { type: 'input_text', text: 'a' },
          { type: 'text', text: 'b' },
          { type: 'output_text', text: 'c' },
          { type: 'summary_text', text: 'd' },
          { type: 'reasoning_text', text: 'e' },
          { type: 'input_text', text: ' ' },
        ]),
      ],
      [user('a', 'b', 'c', 'd', 'e')],
    ],
    [
      'a refusal, which is what the assistant said',
      [said('user', 'a'), said('assistant', [{ type: 'refusal', refusal: 'no' }]), said('user', 'b')],
      [user('a'), assistant('no'), user('b')],
    ],
    [
      'messages of the assistant that follow each other, as one',
      [said('user', 'a'), said('assistant', 'b'), said('assistant', 'c'), said('user', 'd')],
      [user('a'), assistant('b', 'c'), user('d')],
    ],
    [
      'an image',
      [said('user', [{ type: 'input_image', image_url: png }])],
      [{ role: 'user', parts: [{ type: 'image', source: pngSource }] }],
    ],
    [
      'files by data and by address',
      [
        said('user', [
          { type: 'input_file', file_data: pdf, filename: 'a.pdf' },
          { type: 'input_file', file_url: 'https://a.example/b.pdf' },
        ]),
      ],
      [
        {
          role: 'user',
          parts: [
            {
              type: 'document',
              source: { kind: 'base64', mediaType: 'application/pdf', data: 'JVBERi0=' },
              filename: 'a.pdf',
            },
            { type: 'document', source: { kind: 'url', url: 'https://a.example/b.pdf' } },
          ],
        },
      ],
    ],
    [
      "items that are the agent's own affair, which say nothing",
      [
        said('user', 'a'),
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'x' }], encrypted_content: 'e' },
        {
          type: 'mcp_list_tools',
          server_label: 's',
          tools: [{ name: 't', input_schema: {}, annotations: null }],
        },
        { type: 'mcp_call', server_label: 's', name: 't', arguments: '{}', output: 'o', error: null },
        { type: 'web_search_call', status: 'completed', action: { type: 'search', query: 'q' } },
        {
          type: 'code_interpreter_call',
          code: 'ls',
          container_id: 'c',
          outputs: [{ type: 'logs', logs: 'x' }],
        },
        { type: 'mcp_approval_request', server_label: 's', name: 't', arguments: '{}' },
        said('assistant', 'b'),
        said('user', 'c'),
      ],
      [user('a'), assistant('b'), user('c')],
    ],
  ])('can be %s', (_, input, messages) => {
    expect(messagesOf(input)).toEqual(messages);
  });

  it('is kept as items, each with an id', () => {
    const { inputItems } = decodeResponses({
      input: [
        said('user', 'a'),
        { ...call('c1'), id: 'fc_own', status: null },
        output('c1', [{ type: 'input_text', text: 'x' }]),
        { type: 'reasoning', id: null, summary: [], content: null, encrypted_content: null },
        { type: 'custom_tool_call', call_id: 'c2', name: 'p', input: 'text' },
        { type: 'custom_tool_call_output', call_id: 'c2', output: 'y' },
      ],
    });
    expect(inputItems).toEqual([
      {
        id: 'msg_1',
        type: 'message',
        role: 'user',
        status: 'completed',
        content: [{ type: 'input_text', text: 'a' }],
      },
      {
        id: 'fc_own',
        type: 'function_call',
        call_id: 'c1',
        name: 'f',
        arguments: '{"a":1}',
        status: 'completed',
      },
      {
        id: 'fco_2',
        type: 'function_call_output',
        call_id: 'c1',
        output: [{ type: 'input_text', text: 'x' }],
        status: 'completed',
      },
      { id: 'rs_3', type: 'reasoning', summary: [], status: 'completed' },
      { id: 'ctc_4', type: 'custom_tool_call', call_id: 'c2', name: 'p', input: 'text', status: 'completed' },
      { id: 'ctco_5', type: 'custom_tool_call_output', call_id: 'c2', output: 'y', status: 'completed' },
    ]);
  });

  it('may have one id twice; then the second item gets another', () => {
    const { inputItems } = decodeResponses({
      input: [
        { id: 'msg_a', ...said('assistant', 'x') },
        { id: 'msg_a', ...said('assistant', 'y') },
        said('user', 'z'),
      ],
    });
    expect(new Set(inputItems.map(({ id }) => id)).size).toBe(3);
  });

  test.each<[string, unknown, string, string]>([
    ['a number', 5, 'input', 'invalid_type'],
    ['an item that is no object', ['hi'], 'input[0]', 'invalid_type'],
    ['an item of no kind', [{ text: 'x' }], 'input[0].type', 'missing_required_field'],
    [
      'an item of an unknown kind',
      [said('user', 'a'), { type: 'shell_call' }],
      'input[1].type',
      'invalid_value',
    ],
    ['an unknown role', [said('robot', 'x')], 'input[0].role', 'invalid_value'],
    ['an unknown part', [said('user', [{ type: 'video' }])], 'input[0].content[0].type', 'invalid_value'],
    ['audio', [said('user', [{ type: 'input_audio' }])], 'input[0].content[0]', 'unsupported_content'],
    [
      'an image of the assistant',
      [said('assistant', [{ type: 'input_image', image_url: png }])],
      'input[0].content[0]',
      'unsupported_content',
    ],
    [
      'an image of the system',
      [said('system', [{ type: 'input_image', image_url: png }])],
      'input[0].content[0]',
      'unsupported_content',
    ],
    [
      'an empty file',
      [said('user', [{ type: 'input_file' }])],
      'input[0].content[0].file_data',
      'missing_required_field',
    ],
    [
      'an image that is none',
      [said('user', [{ type: 'input_image', image_url: 'x' }])],
      'input[0].content[0].image_url',
      'invalid_value',
    ],
    [
      'a file address that is none',
      [said('user', [{ type: 'input_file', file_url: 'ftp://x' }])],
      'input[0].content[0].file_url',
      'invalid_value',
    ],
    [
      'a PDF as the output of a tool',
      [call('c'), output('c', [{ type: 'input_file', file_data: pdf }])],
      'input[1].output',
      'unsupported_content',
    ],
    [
      'a call without arguments',
      [{ type: 'function_call', call_id: 'c', name: 'f' }],
      'input[0].arguments',
      'missing_required_field',
    ],
    [
      'a call without an id',
      [{ type: 'function_call', name: 'f', arguments: '{}' }],
      'input[0].call_id',
      'missing_required_field',
    ],
    ['nothing but white space', [said('user', ' ')], 'input', 'invalid_value'],
    ['no items', [], 'input', 'invalid_value'],
    ['an answer as the last', [said('user', 'a'), said('assistant', 'b')], 'input', 'invalid_value'],
    [
      "another server's compaction",
      [{ type: 'compaction', encrypted_content: 'gAAA' }],
      'input[0].encrypted_content',
      'invalid_encrypted_content',
    ],
  ])('cannot be %s', (_, input, param, code) => {
    expect(refusal({ input })).toMatchObject({ status: 400, type: 'invalid_request_error', param, code });
  });

  it('names the unknown kind of an item and its place', () => {
    expect(refusal({ input: [{ type: 'shell_call' }] }).message).toMatch(/'shell_call'.*'input\[0\]\.type'/);
  });

  it('must be there, unless something is continued', () => {
    expect(refusal({ input: undefined })).toMatchObject({ param: 'input', code: 'missing_required_field' });
    const history = [stored('m', 'user', 'earlier')];
    const { turn } = decodeResponses({ input: undefined, previous_response_id: 'resp_1' }, { history });
    expect(turn.messages).toEqual([user('earlier')]);
  });
});

describe('system text', () => {
  it('is the instructions, then what leads the conversation', () => {
    const history: StoredItem[] = [
      {
        id: 'a',
        type: 'message',
        role: 'developer',
        status: 'completed',
        content: [{ type: 'input_text', text: 'B' }],
      },
      stored('b', 'user', 'x'),
      stored('c', 'assistant', 'y'),
    ];
    const { turn, settings } = decodeResponses(
      { instructions: 'A', input: [said('system', 'later'), said('user', 'z')], previous_response_id: 'r' },
      { history },
    );
    expect(turn.system).toBe('A\n\nB');
    expect(turn.messages).toEqual([user('x'), assistant('y'), user(reminder('later')), user('z')]);
    expect(settings.instructions).toBe('A');
  });

  it('alone is what is asked, but instructions are not', () => {
    expect(decodeResponses({ instructions: 'I', input: [said('developer', 'say hi')] }).turn).toMatchObject({
      system: 'I',
      messages: [user('say hi')],
    });
    expect(refusal({ instructions: 'I', input: [] })).toMatchObject({ param: 'input' });
  });
});

describe('calls and their outputs', () => {
  const turns = (...input: object[]) => messagesOf([said('user', 'go'), ...input]).slice(1);

  it('in parallel lie together', () => {
    expect(turns(call('a'), call('b'), output('b'), output('a'))).toEqual([
      { role: 'assistant', parts: [callPart('a'), callPart('b')] },
      { role: 'user', parts: [resultPart('b'), resultPart('a')] },
    ]);
  });

  it('one after the other are messages of their own', () => {
    expect(turns(call('a'), output('a'), call('b'), output('b'))).toEqual([
      { role: 'assistant', parts: [callPart('a')] },
      { role: 'user', parts: [resultPart('a')] },
      { role: 'assistant', parts: [callPart('b')] },
      { role: 'user', parts: [resultPart('b')] },
    ]);
  });

  it('may have other items between them', () => {
    const between = [said('user', 'wait'), { type: 'reasoning', summary: [] }, said('developer', 'note')];
    expect(turns(said('assistant', 'A'), call('a'), ...between, output('a'))).toEqual([
      { role: 'assistant', parts: [{ type: 'text', text: 'A' }, callPart('a')] },
      {
        role: 'user',
        parts: [resultPart('a'), { type: 'text', text: 'wait' }, { type: 'text', text: reminder('note') }],
      },
    ]);
  });

  it('may overlap', () => {
    expect(turns(call('a'), call('b'), output('a'), call('c'), output('b'), output('c'))).toEqual([
      { role: 'assistant', parts: [callPart('a'), callPart('b')] },
      { role: 'user', parts: [resultPart('a'), resultPart('b')] },
      { role: 'assistant', parts: [callPart('c')] },
      { role: 'user', parts: [resultPart('c')] },
    ]);
  });

  it('may use an id again once it is answered', () => {
    expect(turns(call('a'), output('a', '1'), call('a'), output('a', '2'))).toEqual([
      { role: 'assistant', parts: [callPart('a')] },
      { role: 'user', parts: [resultPart('a', '1')] },
      { role: 'assistant', parts: [callPart('a')] },
      { role: 'user', parts: [resultPart('a', '2')] },
    ]);
  });

  it('are told apart by history and input', () => {
    const history: StoredItem[] = [
      stored('m', 'user', 'go'),
      { id: 'fc', type: 'function_call', call_id: 'a', name: 'f', arguments: '{"a":1}', status: 'completed' },
    ];
    expect(messagesOf([output('a')], { history })).toEqual([
      user('go'),
      { role: 'assistant', parts: [callPart('a')] },
      { role: 'user', parts: [resultPart('a')] },
    ]);
    expect(refusal({ input: 'next' }, { history }).message).toBe('No tool output found for function call a.');
  });

  it('of custom tools are plain text', () => {
    const made = { type: 'custom_tool_call', call_id: 'a', name: 'p', input: '*** x' };
    expect(turns(made, { type: 'custom_tool_call_output', call_id: 'a', output: 'ok' })).toEqual([
      {
        role: 'assistant',
        parts: [{ type: 'tool-call', callId: 'a', name: 'p', arguments: { input: '*** x' } }],
      },
      { role: 'user', parts: [resultPart('a')] },
    ]);
  });

  it('keep arguments that are no JSON, and report it', () => {
    const { turn, ignored } = decodeResponses({ input: [call('a', { arguments: '{"a"' }), output('a')] });
    expect(turn.messages[0]?.parts).toMatchObject([{ arguments: { _raw_arguments: '{"a"' } }]);
    expect(ignored.map(({ param }) => param)).toEqual(['input[0].arguments']);
  });

  it('keep images of a tool', () => {
    expect(turns(call('a'), output('a', [{ type: 'input_image', image_url: png }])).at(-1)?.parts).toEqual([
      { type: 'tool-result', callId: 'a', content: [{ type: 'image', source: pngSource }] },
    ]);
  });

  test.each<[string, object[], string]>([
    ['no output at the end', [call('a')], 'No tool output found for function call a.'],
    [
      'no output before what follows',
      [call('a'), said('user', 'x')],
      'No tool output found for function call a.',
    ],
    [
      'no output for one of two',
      [call('a'), call('b'), output('a')],
      'No tool output found for function call b.',
    ],
    ['no call', [output('a')], 'No tool call found for function call output with call_id a.'],
    ['no call yet', [output('a'), call('a')], 'No tool call found for function call output with call_id a.'],
    [
      'two outputs',
      [call('a'), output('a'), output('a')],
      'No tool call found for function call output with call_id a.',
    ],
  ])('with %s are refused', (_, items, message) => {
    expect(refusal({ input: [said('user', 'go'), ...items] })).toMatchObject({
      status: 400,
      param: 'input',
      message,
    });
  });

  it('with one id twice at once are refused', () => {
    expect(refusal({ input: [call('a'), call('a'), output('a')] })).toMatchObject({
      status: 400,
      param: 'input[1]',
    });
  });
});

describe('references', () => {
  const known = stored('msg_k', 'assistant', 'kept');
  const findItem = (id: string) => (id === 'msg_k' ? known : undefined);

  test.each([[{ type: 'item_reference', id: 'msg_k' }], [{ id: 'msg_k' }], [{ type: null, id: 'msg_k' }]])(
    'such as %j are resolved',
    (reference) => {
      const input = [said('user', 'a'), reference, said('user', 'b')];
      const request = decodeResponses({ input }, { findItem });
      expect(request.turn.messages).toEqual([user('a'), assistant('kept'), user('b')]);
      expect(request.inputItems[1]).toEqual(known);
      expect(peekReferences({ input }).itemIds).toEqual(['msg_k']);
    },
  );

  it('to nothing are a 404', () => {
    const error = refusal({ input: [{ type: 'item_reference', id: 'rs_x' }] });
    expect(error).toMatchObject({ status: 404, type: 'invalid_request_error', param: 'input' });
    expect(error.message).toMatch(/^Item with id 'rs_x' not found\./);
  });

  it('to the conversation itself say nothing twice', () => {
    const history = [stored('msg_u', 'user', 'q'), known];
    const request = decodeResponses(
      { input: [{ type: 'item_reference', id: 'msg_k' }, said('user', 'b')], previous_response_id: 'r' },
      { findItem, history },
    );
    expect(request.turn.messages).toEqual([user('q'), assistant('kept'), user('b')]);
    expect(request.inputItems).toHaveLength(1);
  });

  it('are not seen where a client counts its messages anew', () => {
    const history = [stored('msg_0', 'user', 'q'), known];
    const request = decodeResponses({ input: [{ id: 'msg_0', ...said('user', 'other') }] }, { history });
    expect(request.turn.messages.at(-1)).toEqual(user('other'));
    expect(request.inputItems[0]?.id).not.toBe('msg_0');
  });
});

describe('compaction', () => {
  const item = { type: 'compaction', encrypted_content: sealCompaction('all of it', plainSeal.seal) };
  const summary = '<conversation_summary>\nall of it\n</conversation_summary>';

  it('is read in its place', () => {
    expect(messagesOf([said('user', 'a'), item, said('user', 'b')])).toEqual([
      user('a'),
      user(summary),
      user('b'),
    ]);
  });

  it('stands for all that came before it in a chain, but for the system text', () => {
    const history: StoredItem[] = [
      {
        id: 's',
        type: 'message',
        role: 'system',
        status: 'completed',
        content: [{ type: 'input_text', text: 'S' }],
      },
      stored('u', 'user', 'a'),
      stored('v', 'assistant', 'b'),
      { id: 'cmp', type: 'compaction', encrypted_content: item.encrypted_content },
    ];
    const { turn } = decodeResponses({ input: 'c', previous_response_id: 'r' }, { history });
    expect(turn.system).toBe('S');
    expect(turn.messages).toEqual([user(summary), user('c')]);
  });

  it('is asked for by a trigger, after which nothing has to be asked', () => {
    const request = decodeResponses({
      input: [said('user', 'a'), said('assistant', 'b'), { type: 'compaction_trigger' }],
    });
    expect(request.compactionTrigger).toBe(true);
    expect(request.turn.messages).toEqual([user('a'), assistant('b')]);
    expect(request.inputItems).toHaveLength(2);
  });
});

describe('a decision on a call that needed approval', () => {
  const asked: StoredItem = {
    id: 'mcpr_1',
    type: 'mcp_approval_request',
    server_label: 'wiki',
    name: 'ask',
    arguments: '{"q":1}',
  };
  const history = [stored('u', 'user', 'go'), asked];
  const decision = (approve: boolean) => ({
    type: 'mcp_approval_response',
    approval_request_id: 'mcpr_1',
    approve,
    reason: 'because',
  });
  const wanted = [{ server: 'wiki', name: 'ask', arguments: { q: 1 } }];

  it('is told to the model, and an approval to the engine', () => {
    const decide = (approve: boolean) => decodeResponses({ input: [decision(approve)] }, { history }).turn;
    expect(decide(true).approvedCalls).toEqual(wanted);
    expect(JSON.stringify(decide(true).messages)).toMatch(/approved the call of the tool 'ask'.*'wiki'/);
    expect(decide(false).approvedCalls).toBeUndefined();
    expect(JSON.stringify(decide(false).messages)).toMatch(/declined.*because/);
  });

  it('holds until the agent speaks again', () => {
    const input = [said('user', 'go'), asked, decision(true)];
    expect(decodeResponses({ input }).turn.approvedCalls).toEqual(wanted);
    const later = [...input, said('assistant', 'done'), said('user', 'more')];
    expect(decodeResponses({ input: later }).turn.approvedCalls).toBeUndefined();
  });

  it('may be on a request that is only known by its id', () => {
    const findItem = () => asked;
    expect(decodeResponses({ input: [decision(true)] }, { findItem }).turn.approvedCalls).toEqual(wanted);
    expect(refusal({ input: [decision(true)] })).toMatchObject({
      status: 400,
      param: 'input[0].approval_request_id',
    });
  });
});
