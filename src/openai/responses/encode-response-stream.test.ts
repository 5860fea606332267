import fc from 'fast-check';
import { ResponseStream } from 'openai/lib/responses/ResponseStream';
import { describe, expect, it, test } from 'vitest';
import { checkResponseEvents } from '../../../test/support/check-response-events.ts';
import {
  type FileChange,
  type JsonObject,
  noUsage,
  type StopReason,
  TurnError,
  type TurnEvent,
  type Usage,
} from '../../turn/index.ts';
import { WireError } from '../errors.ts';
import { filesChanged, imageContent } from '../testing/files.ts';
import { countingIds, decodeResponses } from '../testing/responses.ts';
import { type ResponseEncoderOptions, ResponseStreamEncoder } from './encode-response-stream.ts';
import type { ResponseEvent } from './response-events.ts';

const request = decodeResponses({
  tools: [
    { type: 'function', name: 'f' },
    { type: 'custom', name: 'patch' },
    { type: 'namespace', name: 'ns', tools: [{ type: 'function', name: 'g' }] },
    { type: 'web_search' },
    { type: 'code_interpreter' },
    { type: 'mcp', server_label: 'wiki', server_url: 'https://a.example' },
  ],
});
const options = (more: Partial<ResponseEncoderOptions> = {}): ResponseEncoderOptions => ({
  id: 'resp_1',
  createdAt: 1_700_000_000,
  now: () => 1_700_000_009,
  newId: countingIds(),
  settings: request.settings,
  customToolNames: request.customToolNames,
  toolNamespaces: request.toolNamespaces,
  showAgentWork: true,
  hosted: request.hosted,
  include: new Set(),
  ...more,
});
const usage: Usage = {
  ...noUsage,
  inputTokens: 10,
  cachedInputTokens: 4,
  cacheWriteTokens: 1,
  outputTokens: 5,
  thinkingTokens: 2,
};

const started: TurnEvent = { type: 'started', model: 'claude-sonnet-5', source: 'new' };
const textStarted: TurnEvent = { type: 'text.started' };
const text = (value: string): TurnEvent => ({ type: 'text.delta', text: value });
const thinkingStarted: TurnEvent = { type: 'thinking.started' };
const thinking = (value: string): TurnEvent => ({ type: 'thinking.delta', text: value });
const done = (stopReason: StopReason = 'end'): TurnEvent => ({ type: 'done', stopReason, usage });
const callStarted = (callId: string, name: string): TurnEvent => ({
  type: 'client-call.started',
  callId,
  name,
});
const callDelta = (callId: string, argumentsDelta: string): TurnEvent => ({
  type: 'client-call.delta',
  callId,
  argumentsDelta,
});
const callDone = (callId: string, name: string, args: JsonObject): TurnEvent => ({
  type: 'client-call.done',
  callId,
  name,
  arguments: args,
});
const toolStarted = (
  callId: string,
  name: string,
  input: JsonObject = {},
  parentCallId?: string,
): TurnEvent => ({
  type: 'tool.started',
  callId,
  name,
  input,
  ...(parentCallId === undefined ? {} : { parentCallId }),
});
const toolDone = (callId: string, name: string, output: string, more: object = {}): TurnEvent => ({
  type: 'tool.done',
  callId,
  name,
  output,
  isError: false,
  ...more,
});

function encode(events: readonly TurnEvent[], more: Partial<ResponseEncoderOptions> = {}) {
  const encoder = new ResponseStreamEncoder(options(more));
  const told = [...encoder.start(), ...events.flatMap((event) => encoder.push(event))];
  return { encoder, told, response: encoder.response() };
}
/** Type and the telling fields, without what the checker looks at anyway. */
function brief(events: readonly ResponseEvent[]): unknown[] {
  return events.map((event) => {
    const { type } = event;
    const name = type.replace(/^response\./, '');
    if ('response' in event) return [name, event.response.status];
    if ('item' in event) return [name, event.output_index, event.item.type];
    if (type === 'error') return [name, event.code];
    return [name, event.output_index];
  });
}

describe('the frame of a stream', () => {
  it('tells the whole response at its beginning and its end', () => {
    const { told, response } = encode([started, textStarted, text('Hi'), text('!'), done()]);
    checkResponseEvents(told);
    expect(brief(told)).toEqual([
      ['created', 'in_progress'],
      ['in_progress', 'in_progress'],
      ['output_item.added', 0, 'message'],
      ['content_part.added', 0],
      ['output_text.delta', 0],
      ['output_text.delta', 0],
      ['output_text.done', 0],
      ['content_part.done', 0],
      ['output_item.done', 0, 'message'],
      ['completed', 'completed'],
    ]);
    expect(told.at(-1)).toEqual({ type: 'response.completed', sequence_number: 9, response });
    expect(response).toEqual({
      ...request.settings,
      id: 'resp_1',
      object: 'response',
      created_at: 1_700_000_000,
      completed_at: 1_700_000_009,
      status: 'completed',
      error: null,
      incomplete_details: null,
      output: [
        {
          id: 'msg_1',
          type: 'message',
          status: 'completed',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Hi!', annotations: [], logprobs: [] }],
        },
      ],
      usage: {
        input_tokens: 10,
        input_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
        output_tokens: 5,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 15,
      },
    });
  });

  test.each<[StopReason, string, object | null]>([
    ['end', 'completed', null],
    ['stop-sequence', 'completed', null],
    ['client-calls', 'completed', null],
    ['length', 'incomplete', { reason: 'max_output_tokens' }],
    ['refusal', 'incomplete', { reason: 'content_filter' }],
  ])('ends %s as %s', (reason, status, incomplete_details) => {
    const { told, response } = encode([text('A'), done(reason)]);
    checkResponseEvents(told);
    expect(told.at(-1)?.type).toBe(`response.${status}`);
    expect(response).toMatchObject({ status, incomplete_details, output: [{ status }] });
    expect(response.completed_at).toBe(status === 'completed' ? 1_700_000_009 : null);
  });

  it('has nothing after its end', () => {
    const { encoder } = encode([text('A'), done()]);
    expect(encoder.ended).toBe(true);
    expect([...encoder.push(text('B')), ...encoder.start(), ...encoder.push(done())]).toEqual([]);
    expect(encoder.fail(new WireError({ status: 500, type: 'server_error', message: 'x' }))).toEqual([]);
    encoder.cancel();
    expect(encoder.response().status).toBe('completed');
  });

  it('begins by itself if nobody did', () => {
    const encoder = new ResponseStreamEncoder(options());
    const told = [...encoder.push(started), ...encoder.push(done())];
    checkResponseEvents(told);
    expect(encoder.start()).toEqual([]);
  });

  it('of a background response is queued first, perhaps by another process', () => {
    const first = new ResponseStreamEncoder(options());
    const queued = first.queue();
    expect(first.response().status).toBe('queued');
    const second = new ResponseStreamEncoder(options({ alreadyQueued: true }));
    expect(second.response().status).toBe('queued');
    const run = [...second.start(), ...second.push(text('A')), ...second.push(done())];
    checkResponseEvents([...queued, ...run]);
    const alone = [...first.start(), ...first.push(text('A')), ...first.push(done())];
    expect([...queued, ...alone]).toEqual([...queued, ...run]);
    expect(brief(queued)).toEqual([
      ['created', 'queued'],
      ['queued', 'queued'],
    ]);
  });

  it('can be kept alive without using up numbers', () => {
    const encoder = new ResponseStreamEncoder(options());
    const told: object[] = [...encoder.start()];
    told.push(encoder.keepAlive(), encoder.keepAlive(), ...encoder.push(text('A')), encoder.keepAlive());
    told.push(...encoder.push(done()));
    checkResponseEvents(told);
    expect(told[2]).toEqual({ type: 'keepalive', sequence_number: 1 });
  });
});

describe('text and thinking', () => {
  it('are an item for each block of text, and one for blocks of thinking in a row', () => {
    const { told, response } = encode([
      ...[thinkingStarted, thinking('A'), thinking('B'), thinkingStarted, thinking('C')],
      ...[textStarted, text('D'), textStarted, text('E'), thinkingStarted, thinking('F'), done()],
    ]);
    checkResponseEvents(told);
    expect(response.output).toMatchObject([
      { id: 'rs_1', type: 'reasoning', status: 'completed', summary: [{ text: 'AB' }, { text: 'C' }] },
      { id: 'msg_2', content: [{ text: 'D' }] },
      { id: 'msg_3', content: [{ text: 'E' }] },
      { id: 'rs_4', summary: [{ text: 'F' }] },
    ]);
  });

  it('without a word leave no item', () => {
    const { told, response } = encode([textStarted, text(''), thinkingStarted, thinking(''), done()]);
    checkResponseEvents(told);
    expect(response.output).toEqual([]);
  });

  it('end before a tool of the agent itself, not before one of a subagent', () => {
    const { told } = encode([
      ...[text('A'), toolStarted('s', 'Read', {}, 't'), text('B')],
      ...[
        toolStarted('t', 'Read'),
        toolDone('s', 'Read', 'x'),
        toolDone('t', 'Read', 'y'),
        text('C'),
        done(),
      ],
    ]);
    const final = checkResponseEvents(told);
    expect(final['output']).toMatchObject([
      { content: [{ text: 'AB' }] },
      { type: 'mcp_call', output: 'x' },
      { type: 'mcp_call', output: 'y' },
      { content: [{ text: 'C' }] },
    ]);
  });
});

describe('client calls', () => {
  it('carry the arguments as they came, and the names that the client gave', () => {
    const { told, response } = encode([
      ...[
        callStarted('a', 'f'),
        callDelta('a', '{"x"'),
        callDelta('a', ''),
        callDelta('a', ': 1}'),
        callDone('a', 'f', { x: 1 }),
      ],
      ...[callStarted('b', 'ns__g'), callDone('b', 'ns__g', {})],
      ...[
        callStarted('c', 'patch'),
        callDelta('c', '{"input":"*** '),
        callDelta('c', 'x\\n'),
        callDelta('c', '"}'),
      ],
      ...[callDone('c', 'patch', { input: '*** x\n' }), done('client-calls')],
    ]);
    checkResponseEvents(told);
    expect(response.output).toEqual([
      {
        id: 'fc_1',
        type: 'function_call',
        status: 'completed',
        call_id: 'a',
        name: 'f',
        arguments: '{"x": 1}',
      },
      {
        id: 'fc_2',
        type: 'function_call',
        status: 'completed',
        call_id: 'b',
        name: 'g',
        namespace: 'ns',
        arguments: '{}',
      },
      {
        id: 'ctc_3',
        type: 'custom_tool_call',
        status: 'completed',
        call_id: 'c',
        name: 'patch',
        input: '*** x\n',
      },
    ]);
    const input = told.flatMap((event) =>
      event.type === 'response.custom_tool_call_input.delta' ? [event.delta] : [],
    );
    expect(input).toEqual(['*** ', 'x\n']);
  });

  it('that the limit cut off are incomplete, with what came of them', () => {
    const { told, response } = encode([
      ...[callStarted('a', 'f'), callDelta('a', '{"x"'), callDone('a', 'f', {})],
      ...[callStarted('b', 'patch'), callDelta('b', '{"input":"*** '), callDone('b', 'patch', {})],
      ...[callStarted('c', 'f'), callDelta('c', '{"y'), done('length')],
    ]);
    checkResponseEvents(told);
    expect(response.output).toMatchObject([
      { status: 'incomplete', arguments: '{"x"' },
      { status: 'incomplete', input: '*** ' },
      { status: 'incomplete', arguments: '{"y' },
    ]);
  });

  it('whose input was told wrong fail the response', () => {
    const { told, response, encoder } = encode([
      ...[
        callStarted('a', 'patch'),
        callDelta('a', '{"input":"abc'),
        callDone('a', 'patch', { input: 'xyz' }),
      ],
    ]);
    checkResponseEvents(told);
    expect(response.status).toBe('failed');
    expect(encoder.failure).toMatchObject({ code: 'engine_failed', shouldRetry: false });
  });
});

describe("the agent's own tools", () => {
  it('are calls of a server, whose items may overlap', () => {
    const remote: TurnEvent = {
      type: 'tool.started',
      callId: 'b',
      name: 'ask',
      server: 'wiki',
      input: { q: 1 },
    };
    const { told, response } = encode([
      ...[toolStarted('a', 'Read', { file_path: 'x' }), remote],
      ...[
        toolDone('b', 'ask', 'no', { isError: true }),
        toolDone('a', 'Read', 'text'),
        toolStarted('c', 'Task'),
        done(),
      ],
    ]);
    checkResponseEvents(told);
    const call = { type: 'mcp_call', output: null, error: null };
    expect(response.output).toEqual([
      {
        ...call,
        id: 'mcp_1',
        server_label: 'claude_code',
        name: 'Read',
        arguments: '{"file_path":"x"}',
        output: 'text',
        status: 'completed',
      },
      {
        ...call,
        id: 'mcp_2',
        server_label: 'wiki',
        name: 'ask',
        arguments: '{"q":1}',
        error: 'no',
        status: 'failed',
      },
      {
        ...call,
        id: 'mcp_3',
        server_label: 'claude_code',
        name: 'Task',
        arguments: '{}',
        status: 'incomplete',
      },
    ]);
  });

  it('are not told unless the client wants to know', () => {
    const events = [text('A'), toolStarted('a', 'Read'), toolDone('a', 'Read', 'x'), text('B'), done()];
    const { told, response } = encode(events, { showAgentWork: false });
    checkResponseEvents(told);
    expect(response.output.map(({ type }) => type)).toEqual(['message', 'message']);
  });

  const hits = {
    results: [{ tool_use_id: 'x', content: [{ title: 't', url: 'https://a.example' }] }, 'comment'],
  };
  test.each<[string, string[], object]>([
    ['its query', [], { type: 'search', query: 'q' }],
    [
      'its sources, if they are included',
      ['web_search_call.action.sources'],
      { type: 'search', query: 'q', sources: [{ type: 'url', url: 'https://a.example' }] },
    ],
  ])('have a search told by %s', (_, include, action) => {
    const events = [
      toolStarted('a', 'WebSearch', { query: 'q' }),
      toolDone('a', 'WebSearch', 'x', { detail: hits }),
      done(),
    ];
    const { told, response } = encode(events, { include: new Set(include) });
    checkResponseEvents(told);
    expect(response.output).toEqual([{ id: 'ws_1', type: 'web_search_call', status: 'completed', action }]);
  });

  test.each<[string, TurnEvent[]]>([
    ['failed', [toolDone('a', 'WebSearch', 'x', { isError: true })]],
    ['never ended', []],
  ])('have a search that %s told as failed', (_, events) => {
    const { told, response } = encode([toolStarted('a', 'WebSearch', { query: 'q' }), ...events, done()]);
    checkResponseEvents(told);
    expect(response.output).toMatchObject([{ status: 'failed' }]);
  });

  const bash = toolStarted('a', 'Bash', { command: 'ls' });
  const code = { id: 'ci_1', type: 'code_interpreter_call', code: 'ls', container_id: 'cntr_1' };
  test.each<[string, TurnEvent[], string[], object]>([
    ['completed', [toolDone('a', 'Bash', 'x')], [], { status: 'completed', outputs: null }],
    [
      'with its output',
      [toolDone('a', 'Bash', 'x')],
      ['code_interpreter_call.outputs'],
      { status: 'completed', outputs: [{ type: 'logs', logs: 'x' }] },
    ],
    ['failed', [toolDone('a', 'Bash', 'x', { isError: true })], [], { status: 'failed', outputs: null }],
    ['never ended', [], [], { status: 'incomplete', outputs: null }],
  ])('have a command told as code: %s', (_, events, include, expected) => {
    const more = { include: new Set(include), containerId: 'cntr_1' };
    const { told, response } = encode([bash, ...events, done()], more);
    checkResponseEvents(told);
    expect(response.output).toEqual([{ ...code, ...expected }]);
  });

  it('have a command told as a call, unless the client asked for the code interpreter', () => {
    const hosted = { ...request.hosted, codeInterpreter: false };
    const { response } = encode([bash, toolDone('a', 'Bash', 'x'), done()], { hosted });
    expect(response.output).toMatchObject([{ type: 'mcp_call', name: 'Bash', output: 'x' }]);
  });
});

test.each([[true], [false]])(
  'a call that needs approval is told to the client (agent work shown: %s)',
  (showAgentWork) => {
    const asked = {
      type: 'approval.requested',
      callId: 'a',
      server: 'wiki',
      name: 'ask',
      arguments: { q: 1 },
    } as const;
    const { told, response } = encode([text('A'), asked, done('client-calls')], { showAgentWork });
    checkResponseEvents(told);
    expect(response.status).toBe('completed');
    expect(response.output).toMatchObject([
      { type: 'message', status: 'completed' },
      { id: 'mcpr_2', type: 'mcp_approval_request', server_label: 'wiki', name: 'ask', arguments: '{"q":1}' },
    ]);
  },
);

describe('a failure', () => {
  const error = (code: ConstructorParameters<typeof TurnError>[0]): TurnEvent => ({
    type: 'error',
    error: new TurnError(code, 'It broke.'),
    usage,
  });

  it('is an error, then the failed response; half an item stays without an end', () => {
    const { told, response, encoder } = encode([
      ...[textStarted, text('A'), textStarted, text('B'), toolStarted('a', 'Read', {}, 's')],
      error('overloaded'),
    ]);
    checkResponseEvents(told);
    expect(brief(told).slice(-4)).toEqual([
      ['mcp_call_arguments.delta', 2],
      ['mcp_call_arguments.done', 2],
      ['error', 'server_is_overloaded'],
      ['failed', 'failed'],
    ]);
    expect(told.at(-2)).toEqual({
      type: 'error',
      sequence_number: told.length - 2,
      code: 'server_is_overloaded',
      message: 'It broke.',
      param: null,
      error: { type: 'server_error', code: 'server_is_overloaded', message: 'It broke.', param: null },
    });
    expect(response).toMatchObject({
      status: 'failed',
      error: { code: 'server_is_overloaded', message: 'It broke.' },
      usage: { total_tokens: 15 },
      output: [
        { status: 'completed' },
        { status: 'incomplete', content: [{ text: 'B' }] },
        { status: 'incomplete' },
      ],
    });
    expect(encoder.failure).toBeInstanceOf(WireError);
  });

  test.each<[ConstructorParameters<typeof TurnError>[0], string]>([
    ['context_length_exceeded', 'context_length_exceeded'],
    ['quota_exceeded', 'insufficient_quota'],
    ['rate_limited', 'rate_limit_exceeded'],
    ['invalid_request', 'invalid_prompt'],
    ['model_not_found', 'invalid_prompt'],
    ['engine_failed', 'engine_failed'],
  ])('%s has the code %s, by which Codex knows whether to try again', (code, told) => {
    expect(encode([error(code)]).response.error?.code).toBe(told);
  });

  it('names the conversation as this API does', () => {
    expect(encode([error('context_length_exceeded')]).encoder.failure?.param).toBe('input');
  });

  it('may come from outside', () => {
    const encoder = new ResponseStreamEncoder(options());
    const told = encoder.fail(new WireError({ status: 500, type: 'server_error', message: 'x' }));
    checkResponseEvents(told);
    expect(encoder.response().error).toEqual({ code: 'server_error', message: 'x' });
  });

  it('is a text that cannot be taken back', () => {
    const { told, encoder } = encode([textStarted, text('{"a"'), { type: 'text.reset' }, text('x')]);
    checkResponseEvents(told);
    expect(encoder.failure).toMatchObject({ code: 'schema_mismatch' });
  });
});

describe('files', () => {
  const chart: FileChange = { path: 'a.png', operation: 'created', content: imageContent, fileId: 'cfile_1' };
  const files = filesChanged([chart, { path: 'old', operation: 'deleted' }], {
    containerId: 'cntr_1',
    omitted: 2,
  });
  const citation = {
    ...{ type: 'container_file_citation', container_id: 'cntr_1', file_id: 'cfile_1', filename: 'a.png' },
    ...{ start_index: 4, end_index: 9 },
  };
  const fileLink = ({ path }: FileChange) => `https://a.example/${path}`;
  const extension = {
    artifacts: [
      { path: 'a.png', file_id: 'cfile_1', container_id: 'cntr_1', url: 'https://a.example/a.png' },
      { path: 'old', size: null, file_id: null, container_id: null, url: null },
    ],
    artifacts_omitted: 2,
  };

  it('are cited by the message that the answer ends with, before it is done', () => {
    const { told, response } = encode([text('See '), text('a.png.'), files, done()], { fileLink });
    expect(checkResponseEvents(told)).toEqual(response);
    expect(brief(told).slice(6, 10)).toEqual([
      ...[
        ['output_text.annotation.added', 0],
        ['output_text.done', 0],
        ['content_part.done', 0],
      ],
      ['output_item.done', 0, 'message'],
    ]);
    expect(told).toContainEqual(
      expect.objectContaining({
        item_id: 'msg_1',
        content_index: 0,
        annotation_index: 0,
        annotation: citation,
      }),
    );
    expect(response.output).toMatchObject([{ content: [{ text: 'See a.png.', annotations: [citation] }] }]);
    expect(response.claudecode).toMatchObject(extension);
  });

  test.each<[string, TurnEvent[]]>([
    ['without a message', []],
    ['whose message is over', [text('See a.png'), callStarted('c', 'f'), callDone('c', 'f', {})]],
  ])('of an answer %s are artifacts only', (_, events) => {
    const { told, response } = encode([...events, files, done()], { fileLink });
    expect(checkResponseEvents(told)).toEqual(response);
    expect(told.filter(({ type }) => type.includes('annotation'))).toEqual([]);
    expect(response.claudecode).toMatchObject(extension);
  });

  it('of a failed response are told, too', () => {
    const error: TurnEvent = { type: 'error', error: new TurnError('timeout', 'x'), usage: noUsage };
    const { told, response } = encode([text('a.png'), files, error], { fileLink });
    expect(checkResponseEvents(told)).toEqual(response);
    expect(response).toMatchObject({ status: 'failed', claudecode: extension });
  });

  it('that did not change leave no trace', () => {
    expect(encode([text('A'), done()]).response).not.toHaveProperty('claudecode');
  });
});

describe('a text that is taken back', () => {
  it('is no failure if nothing was said', () => {
    const { told, response } = encode([
      thinking('T'),
      textStarted,
      { type: 'text.reset' },
      textStarted,
      text('A'),
      done(),
    ]);
    checkResponseEvents(told);
    expect(response.output).toMatchObject([{ type: 'reasoning' }, { content: [{ text: 'A' }] }]);
  });

  it('is forgotten if nothing was sent', () => {
    const events = [
      thinking('T'),
      text('bad'),
      { type: 'text.reset' } as const,
      textStarted,
      text('good'),
      done(),
    ];
    const { response, encoder } = encode(events, { buffered: true });
    expect(encoder.failure).toBeUndefined();
    expect(response.status).toBe('completed');
    expect(response.output).toMatchObject([
      { type: 'reasoning' },
      { content: [{ text: 'good' }], status: 'completed' },
    ]);
  });
});

test('a cancelled response has no event for it, and keeps what there is', () => {
  const { told, encoder } = encode([text('A')]);
  encoder.cancel(usage);
  expect(encoder.push(text('B'))).toEqual([]);
  checkResponseEvents(told, { end: 'cut' });
  expect(encoder.response()).toMatchObject({
    status: 'cancelled',
    completed_at: null,
    usage: { total_tokens: 15 },
    output: [{ status: 'incomplete', content: [{ text: 'A' }] }],
  });
});

/** One block of a turn, its text in pieces. */
interface Block {
  readonly events: readonly TurnEvent[];
  readonly text: string;
}
const pieces = fc.array(fc.string({ maxLength: 6 }), { maxLength: 5 });
const anyBlock = fc.oneof(
  pieces.map((parts) => (): Block => ({ events: [textStarted, ...parts.map(text)], text: parts.join('') })),
  pieces.map((parts) => (): Block => ({ events: [thinkingStarted, ...parts.map(thinking)], text: '' })),
  fc
    .record({
      name: fc.constantFrom('f', 'ns__g', 'patch'),
      input: fc.string({ maxLength: 20 }),
      cuts: fc.array(fc.nat(40), { maxLength: 4 }),
      ends: fc.boolean(),
    })
    .map(({ name, input, cuts, ends }) => (id: string): Block => {
      const json = JSON.stringify({ input });
      const edges = [0, ...cuts.map((cut) => Math.min(cut, json.length)).sort((a, b) => a - b), json.length];
      const deltas = edges.slice(1).map((edge, at) => callDelta(id, json.slice(edges[at], edge)));
      const end = ends ? [callDone(id, name, { input })] : [];
      return { events: [callStarted(id, name), ...deltas, ...end], text: '' };
    }),
  fc.constant(
    (id: string): Block => ({
      events: [{ type: 'approval.requested', callId: id, server: 'wiki', name: 'ask', arguments: {} }],
      text: '',
    }),
  ),
  fc
    .record({
      name: fc.constantFrom('Read', 'Bash', 'WebSearch'),
      isError: fc.boolean(),
      ends: fc.boolean(),
      subagent: fc.boolean(),
    })
    .map(({ name, isError, ends, subagent }) => (id: string): Block => {
      const begin = toolStarted(id, name, { command: 'ls', query: 'q' }, subagent ? 'parent' : undefined);
      return { events: [begin, ...(ends ? [toolDone(id, name, 'x', { isError })] : [])], text: '' };
    }),
);
const anyEnd = fc.constantFrom<TurnEvent>(
  ...(['end', 'length', 'client-calls', 'refusal', 'stop-sequence'] as const).map(done),
  { type: 'error', error: new TurnError('upstream_failed', 'x'), usage: noUsage },
);
const anyFiles = fc.option(
  fc.array(fc.constantFrom('a', 'b', 'a.b', 'c/a'), { minLength: 1, maxLength: 3 }).map((paths) =>
    filesChanged(
      paths.map((path) => ({ path, operation: 'created', content: imageContent, fileId: `cfile_${path}` })),
      { containerId: 'cntr_1' },
    ),
  ),
  { nil: undefined },
);
/** Blocks one after the other, but the end of a tool may come at any later time. */
const anyTurn = fc
  .record({
    blocks: fc.array(anyBlock, { maxLength: 8 }),
    delays: fc.array(fc.nat(6)),
    files: anyFiles,
    end: anyEnd,
  })
  .map(({ blocks, delays, files, end }) => {
    const made = blocks.map((block, at) => block(`call_${at}`));
    const events: TurnEvent[] = [];
    const waiting: { event: TurnEvent; blocks: number }[] = [];
    for (const [at, block] of made.entries()) {
      for (const event of block.events) {
        if (event.type === 'tool.done') waiting.push({ event, blocks: delays[at] ?? 0 });
        else events.push(event);
      }
      for (const one of waiting.splice(0)) {
        if (one.blocks === 0) events.push(one.event);
        else waiting.push({ ...one, blocks: one.blocks - 1 });
      }
    }
    const changed = files === undefined ? [] : [files];
    return { events: [started, ...events, ...changed, end], text: made.map((block) => block.text).join('') };
  });

describe('any turn', () => {
  test('gives a legal stream that tells the same as the response', () => {
    fc.assert(
      fc.property(anyTurn, fc.boolean(), (turn, showAgentWork) => {
        const { told, response } = encode(turn.events, { showAgentWork });
        expect(checkResponseEvents(told)).toEqual(response);
        const said = response.output.flatMap((item) =>
          item.type === 'message'
            ? item.content.map((part) => (part.type === 'output_text' ? part.text : ''))
            : [],
        );
        expect(said.join('')).toBe(turn.text);
      }),
      { numRuns: 500 },
    );
  });

  test("is understood by OpenAI's own stream reader", async () => {
    await fc.assert(
      fc.asyncProperty(anyTurn, async (turn) => {
        const { told, response } = encode(turn.events);
        // It takes an error event for the end of the stream; http sends it under a name of its own.
        const lines = told
          .filter(({ type }) => type !== 'error')
          .map((event) => `${JSON.stringify(event)}\n`);
        const reader = ResponseStream.fromReadableStream(new Blob(lines).stream());
        const { output_text, ...final } = await reader.finalResponse();
        expect(withoutParsed(final)).toEqual(JSON.parse(JSON.stringify(response)));
        expect(output_text).toBe(turn.text);
      }),
      { numRuns: 60 },
    );
  });
});

/** The reader adds what it made of the text. */
function withoutParsed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    ['parsed', 'parsed_arguments', 'output_parsed'].includes(key) ? undefined : inner,
  );
}
