import { describe, expect, test } from 'vitest';
import type { PlaygroundRequest } from '../state/build-request.ts';
import type { AnswerReader } from './answer.ts';
import { ask } from './ask.ts';
import { ChatAnswer } from './chat-answer.ts';
import { EventParser, readEvents } from './event-parser.ts';
import { ResponsesAnswer } from './responses-answer.ts';

function bodyOf(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size));
      controller.close();
    },
  });
}

describe('the parser of events', () => {
  const text =
    ': hello\n\nevent: a\r\ndata: {"x":1}\r\n\r\ndata: one\ndata: two\n\nid: 7\nretry: 10\n\ndata:no space\n\ndata: grün 😀\n\ndata: cut off';
  const expected = [
    { event: 'a', data: '{"x":1}' },
    { event: '', data: 'one\ntwo' },
    { event: '', data: 'no space' },
    { event: '', data: 'grün 😀' },
  ];

  test.each([1, 2, 3, 7, 1000])('gives the same frames in pieces of %i bytes', async (size) => {
    const events = [];
    for await (const event of readEvents(bodyOf(new TextEncoder().encode(text), size))) events.push(event);
    expect(events).toEqual(expected);
  });

  test('takes a CRLF that is cut in two for one end of a line', () => {
    const parser = new EventParser();
    expect(parser.push('data: a\r')).toEqual([]);
    expect(parser.push('\ndata: b\r\n\r')).toEqual([]);
    expect(parser.push('\n')).toEqual([{ event: '', data: 'a\nb' }]);
  });
});

function takeAll<Reader extends AnswerReader>(reader: Reader, events: readonly unknown[]): Reader {
  for (const event of events) reader.take(event);
  return reader;
}

const delta = (fields: object, more: object = {}) => ({ choices: [{ index: 0, delta: fields, ...more }] });

test('chunks become thoughts, tools, words, files and figures', () => {
  const block = '\n\n<!-- claudecode-api:files -->\n- a.txt\n<!-- /claudecode-api:files:1:0 -->';
  const answer = takeAll(new ChatAnswer(), [
    delta({ role: 'assistant', content: '' }),
    delta({ reasoning_content: 'I lo' }),
    delta({ reasoning_content: 'ok.\n[Read] a.txt\n' }),
    delta({ content: 'Done' }),
    { choices: [{ index: 1, delta: { content: 'of another choice' } }] },
    delta(
      {
        content: block,
        artifacts: [
          { path: 'a.txt', operation: 'created', size: 3, file_id: 'cfile_1', container_id: 'cntr_1' },
        ],
      },
      { finish_reason: 'stop' },
    ),
    {
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 4, prompt_tokens_details: { cached_tokens: 8 } },
    },
  ]).read();
  expect(answer.parts).toEqual([
    { kind: 'thinking', text: 'I look.' },
    { kind: 'activity', lines: [{ tool: 'Read', detail: 'a.txt' }] },
    { kind: 'text', text: 'Done', cited: [] },
  ]);
  // What is sent back is what came.
  expect(answer.raw).toEqual([{ role: 'assistant', content: `Done${block}` }]);
  expect(answer.artifacts).toMatchObject([
    { path: 'a.txt', fileId: 'cfile_1', containerId: 'cntr_1', diff: null },
  ]);
  expect(answer.tokens).toEqual({ input: 10, cached: 8, output: 4, reasoning: 0 });
  expect(answer.finish).toBe('stop');
});

test('calls of the client’s tools are put together by their index', () => {
  const call = (fields: object) => delta({ tool_calls: [fields] });
  const answer = takeAll(new ChatAnswer(), [
    call({ index: 0, id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city"' } }),
    call({ index: 1, id: 'c2', type: 'custom', custom: { name: 'sh', input: 'l' } }),
    call({ index: 0, function: { arguments: ':"Oslo"}' } }),
    call({ index: 1, custom: { input: 's' } }),
  ]).read();
  expect(answer.parts).toMatchObject([
    { kind: 'tool', id: 'c1', name: 'weather', input: { city: 'Oslo' }, state: 'open' },
    { kind: 'tool', id: 'c2', name: 'sh', input: 'ls', state: 'open' },
  ]);
  expect(answer.raw).toEqual([
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
        { id: 'c2', type: 'custom', custom: { name: 'sh', input: 'ls' } },
      ],
    },
  ]);
});

test('events of Responses grow items, and the end has the whole of them', () => {
  const place = { output_index: 1, item_id: 'm', content_index: 0 };
  const reader = takeAll(new ResponsesAnswer(), [
    { type: 'response.created', response: { id: 'resp_1', output: [] } },
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: {
        type: 'mcp_call',
        id: 't',
        name: 'Bash',
        server_label: 'claude_code',
        arguments: '',
        status: 'in_progress',
      },
    },
    { type: 'response.mcp_call_arguments.delta', output_index: 0, delta: '{"command":"ls"}' },
    {
      type: 'response.output_item.added',
      output_index: 1,
      item: { type: 'message', id: 'm', role: 'assistant', content: [] },
    },
    { type: 'response.output_text.delta', ...place, delta: 'Hel' },
    { type: 'response.output_text.delta', ...place, delta: 'lo' },
  ]);
  expect(reader.read()).toMatchObject({
    parts: [
      { kind: 'tool', name: 'Bash', input: { command: 'ls' }, state: 'running' },
      { kind: 'text', text: 'Hello' },
    ],
    responseId: undefined,
  });
  const output = [
    { type: 'message', id: 'm', role: 'assistant', content: [{ type: 'output_text', text: 'Hello!' }] },
  ];
  reader.take({
    type: 'response.completed',
    response: {
      id: 'resp_1',
      output,
      usage: { input_tokens: 5, output_tokens: 2 },
      claudecode: { artifacts: [{ path: 'b' }], artifacts_omitted: 2 },
    },
  });
  expect(reader.read()).toMatchObject({
    parts: [{ kind: 'text', text: 'Hello!' }],
    raw: output,
    responseId: 'resp_1',
    artifacts: [{ path: 'b' }],
    artifactsOmitted: 2,
    tokens: { input: 5, output: 2 },
    finish: 'stop',
  });
});

test('failures within a stream are told', () => {
  const error = { error: { message: 'Busy.', code: 'server_is_overloaded' } };
  expect(takeAll(new ChatAnswer(), [error]).read().failure).toMatchObject({
    message: 'Busy.',
    code: 'server_is_overloaded',
  });
  const failed = {
    type: 'response.failed',
    response: { id: 'r', output: [], error: { code: 'timeout', message: 'Too long.' } },
  };
  const answer = takeAll(new ResponsesAnswer(), [failed]).read();
  expect(answer).toMatchObject({ failure: { message: 'Too long.', code: 'timeout' }, responseId: undefined });
});

describe('asking', () => {
  const request: PlaygroundRequest = { endpoint: '/v1/chat/completions', body: { model: 'm' } };
  const quiet = { onHead: () => {}, onProgress: () => {} };
  const askWith = async (respond: () => Response | Promise<Response>, abort = new AbortController()) => {
    const before = globalThis.fetch;
    globalThis.fetch = async () => respond();
    try {
      return await ask(request, { secret: 'sk-1', signal: abort.signal }, quiet);
    } finally {
      globalThis.fetch = before;
    }
  };
  const stream = (text: string) => new Response(bodyOf(new TextEncoder().encode(text), 10));

  test('a refusal is told with its status and the wait', async () => {
    const body = JSON.stringify({ error: { message: 'Slow down.', code: 'rate_limit_exceeded' } });
    const end = await askWith(
      () => new Response(body, { status: 429, headers: { 'retry-after': '3', 'x-request-id': 'req_1' } }),
    );
    expect(end.failure).toMatchObject({
      status: 429,
      message: 'Slow down.',
      retryAfter: 3,
      requestId: 'req_1',
    });
  });

  test('a stream that ends without an end has broken off, one that was stopped has not', async () => {
    const begun = `data: ${JSON.stringify(delta({ content: 'Hal' }))}\n\n`;
    expect(await askWith(() => stream(begun))).toMatchObject({
      stopped: false,
      failure: { code: 'broken_off' },
      answer: { parts: [{ text: 'Hal' }] },
    });
    const abort = new AbortController();
    const end = await askWith(() => {
      abort.abort();
      return stream(begun);
    }, abort);
    expect(end).toMatchObject({ stopped: true, failure: undefined });
  });

  test('a server that is not there is told', async () => {
    const end = await askWith(() => Promise.reject(new TypeError('fetch failed')));
    expect(end.failure).toMatchObject({ code: 'unreachable', status: 0 });
  });
});
