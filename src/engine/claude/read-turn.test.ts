import type { SDKMessage } from '@anthropic-ai/claude-agent-sdk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AssistantPart,
  type JsonObject,
  type StopReason,
  TurnError,
  type TurnEvent,
} from '../../turn/index.ts';
import { UsageCounter } from './count-usage.ts';
import { TurnReader, type TurnReaderOptions } from './read-turn.ts';
import { RemoteTools } from './remote-tools.ts';

const message = (fields: object): SDKMessage => fields as unknown as SDKMessage;
const stream = (event: object, parent: string | null = null): SDKMessage =>
  message({ type: 'stream_event', event, parent_tool_use_id: parent });

const messageStart = (parent: string | null = null): SDKMessage =>
  stream(
    { type: 'message_start', message: { model: 'claude-x', usage: { input_tokens: 10, output_tokens: 1 } } },
    parent,
  );
const messageEnd = (stop: string, output = 5): SDKMessage[] => [
  stream({ type: 'message_delta', delta: { stop_reason: stop }, usage: { output_tokens: output } }),
  stream({ type: 'message_stop' }),
];

/** A streamed content block: how it starts, its deltas, its end. */
function block(
  index: number,
  start: object,
  deltas: readonly object[],
  parent: string | null = null,
): SDKMessage[] {
  return [
    stream({ type: 'content_block_start', index, content_block: start }, parent),
    ...deltas.map((delta) => stream({ type: 'content_block_delta', index, delta }, parent)),
    stream({ type: 'content_block_stop', index }, parent),
  ];
}
const textBlock = (index: number, pieces: readonly string[], parent: string | null = null): SDKMessage[] =>
  block(
    index,
    { type: 'text', text: '' },
    pieces.map((text) => ({ type: 'text_delta', text })),
    parent,
  );
const thinkingBlock = (index: number, pieces: readonly string[]): SDKMessage[] =>
  block(index, { type: 'thinking', thinking: '', signature: '' }, [
    ...pieces.map((thinking) => ({ type: 'thinking_delta', thinking })),
    { type: 'signature_delta', signature: 'sig' },
  ]);
const toolBlock = (index: number, id: string, name: string, json: readonly string[]): SDKMessage[] =>
  block(
    index,
    { type: 'tool_use', id, name, input: {} },
    json.map((partial_json) => ({ type: 'input_json_delta', partial_json })),
  );

let uuids = 0;
/** What the engine says once a block is whole. */
function whole(content: object, parent: string | null = null, more: object = {}): SDKMessage {
  uuids++;
  return message({
    type: 'assistant',
    message: { content: [content] },
    parent_tool_use_id: parent,
    uuid: `uuid-${uuids}`,
    ...more,
  });
}
const use = (id: string, name: string, input: JsonObject = {}) => ({ type: 'tool_use', id, name, input });
const toolResult = (
  results: readonly object[],
  { parent = null, detail }: { readonly parent?: string | null; readonly detail?: unknown } = {},
): SDKMessage =>
  message({
    type: 'user',
    message: {
      role: 'user',
      content: results.map((one) => ({ type: 'tool_result', ...one })),
    },
    parent_tool_use_id: parent,
    ...(detail === undefined ? {} : { tool_use_result: detail }),
  });
const success = (fields: object = {}): SDKMessage =>
  message({ type: 'result', subtype: 'success', is_error: false, result: '', modelUsage: {}, ...fields });

const answer = (...pieces: string[]): SDKMessage[] => [
  messageStart(),
  ...textBlock(0, pieces),
  whole({ type: 'text', text: pieces.join('') }),
  ...messageEnd('end_turn'),
  success(),
];

function readerFor(options: Partial<TurnReaderOptions> = {}): TurnReader {
  return new TurnReader({
    source: 'new',
    isClientTool: (name) => name === 'look' || name === 'see',
    remote: new RemoteTools([]),
    structured: false,
    runningTools: new Map(),
    stop: [],
    maxTokens: undefined,
    usage: new UsageCounter(),
    ...options,
  });
}

/** Reads until the turn ends, as the turn's runner does, and holds it to the contract of its events. */
function read(
  messages: readonly SDKMessage[],
  options: Partial<TurnReaderOptions> = {},
): { readonly events: TurnEvent[]; readonly reader: TurnReader; readonly unread: number } {
  const reader = readerFor(options);
  const events: TurnEvent[] = [];
  let at = 0;
  while (at < messages.length && reader.ended === undefined) {
    const next = messages[at++];
    if (next !== undefined) events.push(...reader.push(next));
    if (reader.closing !== undefined) events.push(...reader.close(undefined));
  }
  const terminal = events.filter(({ type }) => type === 'done' || type === 'error');
  expect(terminal.length).toBe(reader.ended === undefined ? 0 : 1);
  if (terminal.length === 1) expect(events.at(-1)).toBe(terminal[0]);
  const saying = /^(text|thinking|client-call)\./;
  const first = events.findIndex(({ type }) => saying.test(type));
  if (first >= 0) expect(events.slice(0, first).map(({ type }) => type)).toContain('started');
  expect(events.filter(({ type }) => type === 'started').length).toBeLessThanOrEqual(1);
  return { events, reader, unread: messages.length - at };
}

/** The turn is given up, and its process tells nothing more. */
function failed(reader: TurnReader, error: TurnError): TurnEvent[] {
  reader.fail(error);
  return reader.close(undefined);
}

/** The events without counts, which other tests look at. */
function told(events: readonly TurnEvent[]): object[] {
  return events.map((event) => {
    if (event.type === 'done') return { type: 'done', stopReason: event.stopReason };
    if (event.type === 'error') return { type: 'error', code: event.error.code };
    return event;
  });
}

const joinedText = (events: readonly TurnEvent[]): string =>
  events.map((event) => (event.type === 'text.delta' ? event.text : '')).join('');
const types = (events: readonly TurnEvent[]): string[] => events.map(({ type }) => type);
const started = { type: 'started', model: 'claude-x', source: 'new' };
const delta = (text: string) => ({ type: 'text.delta', text });
const done = (stopReason: StopReason) => ({ type: 'done', stopReason });

describe('an answer', () => {
  test('text comes as upstream sends it', () => {
    const { events, reader } = read(answer('Hel', '', 'lo'));
    expect(told(events)).toEqual([started, { type: 'text.started' }, delta('Hel'), delta('lo'), done('end')]);
    expect(reader.ended).toBe('idle');
    expect(reader.visible).toEqual([{ type: 'text', text: 'Hello' }]);
  });

  test('thinking is told apart from the text, and is no part of the conversation', () => {
    const { events, reader } = read([
      messageStart(),
      ...thinkingBlock(0, ['hm', '']),
      ...textBlock(1, ['Yes.']),
      ...messageEnd('end_turn'),
      success(),
    ]);
    expect(told(events)).toEqual([
      started,
      { type: 'thinking.started' },
      { type: 'thinking.delta', text: 'hm' },
      { type: 'text.started' },
      delta('Yes.'),
      done('end'),
    ]);
    expect(reader.visible).toEqual([{ type: 'text', text: 'Yes.' }]);
  });

  test('text that comes with the beginning of its block counts', () => {
    const { events } = read([
      messageStart(),
      ...block(0, { type: 'text', text: 'He' }, [{ type: 'text_delta', text: 'llo' }]),
      ...messageEnd('end_turn'),
      success(),
    ]);
    expect(joinedText(events)).toBe('Hello');
  });

  test('the conversation can be resumed at the last entry of the main agent', () => {
    const last = whole({ type: 'text', text: 'Yes.' });
    const { reader } = read([
      messageStart(),
      whole({ type: 'thinking', thinking: 'hm' }),
      ...textBlock(0, ['Yes.']),
      last,
      whole({ type: 'text', text: 'aside' }, 'task-1'),
      ...messageEnd('end_turn'),
      success(),
    ]);
    expect(reader.lastEntry).toBe((last as { uuid: string }).uuid);
  });

  test('upstream counts come with the end', () => {
    const modelUsage = {
      'claude-x': {
        inputTokens: 10,
        outputTokens: 5,
        cacheReadInputTokens: 0,
        cacheCreationInputTokens: 0,
        costUSD: 0.5,
      },
    };
    const { events } = read([...answer('Hello').slice(0, -1), success({ modelUsage })]);
    expect(events.at(-1)).toMatchObject({
      type: 'done',
      usage: { inputTokens: 10, outputTokens: 5, costUsd: 0.5, upstreamCalls: 1 },
    });
  });

  test.each([false, true])(
    'a refusal is told as one, also where a schema was asked for (%s), and the engine does not go on to try again',
    (structured) => {
      const { events } = read(
        [
          messageStart(),
          ...textBlock(0, ['I']),
          ...messageEnd('refusal'),
          message({
            type: 'user',
            message: { role: 'user', content: [{ type: 'text', text: 'Your response above was stopped' }] },
            parent_tool_use_id: null,
          }),
          ...answer('I'),
        ],
        { structured },
      );
      expect(told(events).at(-1)).toEqual(done('refusal'));
      expect(joinedText(events)).toBe(structured ? '' : 'I');
    },
  );

  test('messages of kinds that say nothing to us are passed over', () => {
    const { events } = read([
      message({ type: 'system', subtype: 'init' }),
      message({ type: 'tool_progress' }),
      stream({ type: 'ping' }),
      ...answer('Hello'),
    ]);
    expect(types(events)).toEqual(['started', 'text.started', 'text.delta', 'done']);
  });
});

describe("the agent's own tools", () => {
  const detail = { type: 'create', path: 'a.txt' };
  const run: SDKMessage[] = [
    messageStart(),
    ...textBlock(0, ['Writing.']),
    ...toolBlock(1, 't1', 'Write', ['{"path"', ':"a.txt"}']),
    whole(use('t1', 'Write', { path: 'a.txt' })),
    ...messageEnd('tool_use'),
    toolResult([{ tool_use_id: 't1', content: 'written' }], { detail }),
    messageStart(),
    ...textBlock(0, ['Done.']),
    ...messageEnd('end_turn'),
    success(),
  ];

  test('are told when they begin and when they are done, with what they said', () => {
    const { events, reader } = read(run);
    expect(told(events)).toEqual([
      started,
      { type: 'text.started' },
      delta('Writing.'),
      { type: 'tool.started', callId: 't1', name: 'Write', input: { path: 'a.txt' } },
      { type: 'tool.done', callId: 't1', name: 'Write', isError: false, output: 'written', detail },
      { type: 'text.started' },
      delta('Done.'),
      done('end'),
    ]);
    expect(reader.visible).toEqual([
      { type: 'text', text: 'Writing.' },
      { type: 'text', text: 'Done.' },
    ]);
  });

  test.each<[string, unknown, string]>([
    ['text', 'a', 'a'],
    [
      'blocks',
      [{ type: 'text', text: 'a' }, { type: 'image' }, { type: 'text', text: 'b' }],
      'a\n[image]\nb',
    ],
    ['nothing', undefined, ''],
  ])('whatever the output is (%s), it becomes text', (_, content, output) => {
    const { events } = read([
      messageStart(),
      whole(use('t1', 'Read')),
      toolResult([{ tool_use_id: 't1', content, is_error: true }]),
    ]);
    expect(events.at(-1)).toMatchObject({ type: 'tool.done', isError: true, output });
  });

  test('one that outlasts the turn is done in the next', () => {
    const runningTools = new Map<string, string>();
    read([messageStart(), whole(use('t1', 'Bash'))], { runningTools });
    const { events } = read([toolResult([{ tool_use_id: 't1', content: 'ok' }])], { runningTools });
    expect(events).toMatchObject([{ type: 'tool.done', callId: 't1', name: 'Bash' }]);
    expect(runningTools.size).toBe(0);
  });

  test('a result of a call that nobody knows is passed over', () => {
    expect(read([toolResult([{ tool_use_id: 't9', content: 'ok' }])]).events).toEqual([]);
  });

  test("what a subagent says stays out of the text, its tools are told under its parent's call", () => {
    const { events, reader } = read([
      messageStart(),
      whole(use('task', 'Task')),
      ...messageEnd('tool_use'),
      messageStart('task'),
      ...textBlock(0, ['secret'], 'task'),
      whole({ type: 'text', text: 'secret' }, 'task'),
      whole(use('t1', 'Grep'), 'task'),
      toolResult([{ tool_use_id: 't1', content: 'found' }], { parent: 'task' }),
      toolResult([{ tool_use_id: 'task', content: 'report' }]),
      ...answer('Done.'),
    ]);
    expect(told(events)).toEqual([
      started,
      { type: 'tool.started', callId: 'task', name: 'Task', input: {} },
      { type: 'tool.started', callId: 't1', name: 'Grep', input: {}, parentCallId: 'task' },
      {
        type: 'tool.done',
        callId: 't1',
        name: 'Grep',
        isError: false,
        output: 'found',
        parentCallId: 'task',
      },
      { type: 'tool.done', callId: 'task', name: 'Task', isError: false, output: 'report' },
      { type: 'text.started' },
      delta('Done.'),
      done('end'),
    ]);
    expect(reader.visible).toEqual([{ type: 'text', text: 'Done.' }]);
  });

  test('whether another try would repeat work is known from the first sign of it', () => {
    const reader = readerFor();
    reader.push(messageStart());
    expect(reader.acted).toBe(false);
    reader.push(whole(use('t1', 'Bash')));
    expect(reader.acted).toBe(true);
  });
});

describe("calls of the client's tools", () => {
  test('are told as they come, and end the turn with their message', () => {
    const { events, reader, unread } = read([
      messageStart(),
      ...textBlock(0, ['Let me see.']),
      ...toolBlock(1, 'c1', 'look', ['{"at":', '"Oslo"}']),
      whole(use('c1', 'look', { at: 'Oslo' })),
      ...messageEnd('tool_use'),
      success(),
    ]);
    expect(told(events)).toEqual([
      started,
      { type: 'text.started' },
      delta('Let me see.'),
      { type: 'client-call.started', callId: 'c1', name: 'look' },
      { type: 'client-call.delta', callId: 'c1', argumentsDelta: '{"at":' },
      { type: 'client-call.delta', callId: 'c1', argumentsDelta: '"Oslo"}' },
      { type: 'client-call.done', callId: 'c1', name: 'look', arguments: { at: 'Oslo' } },
      done('client-calls'),
    ]);
    expect(reader.ended).toBe('parked');
    expect(unread).toBe(1);
    expect(reader.visible).toEqual([
      { type: 'text', text: 'Let me see.' },
      { type: 'tool-call', callId: 'c1', name: 'look', arguments: { at: 'Oslo' } },
    ]);
  });

  test('without arguments have an empty object for them, in the stream, too', () => {
    const { events } = read([messageStart(), ...toolBlock(0, 'c1', 'look', []), ...messageEnd('tool_use')]);
    expect(told(events).slice(2, -1)).toEqual([
      { type: 'client-call.delta', callId: 'c1', argumentsDelta: '{}' },
      { type: 'client-call.done', callId: 'c1', name: 'look', arguments: {} },
    ]);
  });

  test('of one message come all before the turn ends', () => {
    const { events, reader } = read([
      messageStart(),
      ...toolBlock(0, 'c1', 'look', ['{"at":1}']),
      ...toolBlock(1, 'c2', 'see', ['{"at":2}']),
      ...messageEnd('tool_use'),
    ]);
    expect(types(events)).toEqual([
      'started',
      ...['client-call.started', 'client-call.delta', 'client-call.done'],
      ...['client-call.started', 'client-call.delta', 'client-call.done'],
      'done',
    ]);
    expect(reader.visible).toEqual([
      { type: 'tool-call', callId: 'c1', name: 'look', arguments: { at: 1 } },
      { type: 'tool-call', callId: 'c2', name: 'see', arguments: { at: 2 } },
    ]);
  });

  test("beside a call of the agent's own, which runs on, end the turn as well", () => {
    const runningTools = new Map<string, string>();
    const { events, reader } = read(
      [
        messageStart(),
        ...toolBlock(0, 't1', 'Bash', ['{}']),
        whole(use('t1', 'Bash')),
        ...toolBlock(1, 'c1', 'look', ['{}']),
        whole(use('c1', 'look')),
        ...messageEnd('tool_use'),
      ],
      { runningTools },
    );
    expect(reader.ended).toBe('parked');
    expect(types(events)).toEqual([
      'started',
      'tool.started',
      'client-call.started',
      'client-call.delta',
      'client-call.done',
      'done',
    ]);
    expect([...runningTools.keys()]).toEqual(['t1']);
  });

  test('are no tools of the agent when their results come back', () => {
    const { events } = read([toolResult([{ tool_use_id: 'c1', content: 'snow' }]), ...answer('It snows.')], {
      source: 'live',
    });
    expect(types(events)).toEqual(['started', 'text.started', 'text.delta', 'done']);
  });

  test('cut off by the token limit end the turn at the limit, with what came of them', () => {
    const { events, reader } = read([
      messageStart(),
      ...toolBlock(0, 'c1', 'look', ['{"at":"Os']),
      ...messageEnd('max_tokens'),
    ]);
    expect(told(events).slice(-2)).toEqual([
      { type: 'client-call.done', callId: 'c1', name: 'look', arguments: {} },
      done('length'),
    ]);
    expect(reader.ended).toBe('spent');
  });
});

describe('stop sequences', () => {
  test('end the turn where they begin, though they come in pieces', () => {
    const { events, reader, unread } = read(answer('one E', 'N', 'D two'), { stop: ['END'] });
    expect(told(events)).toEqual([started, { type: 'text.started' }, delta('one '), done('stop-sequence')]);
    expect(reader.ended).toBe('spent');
    expect(unread).toBeGreaterThan(0);
  });

  test('what only began like one is given out when the text is over', () => {
    const { events, reader } = read(answer('the EN'), { stop: ['END'] });
    expect(told(events)).toEqual([
      started,
      { type: 'text.started' },
      delta('the '),
      delta('EN'),
      done('end'),
    ]);
    expect(reader.ended).toBe('idle');
  });

  test('do not reach from one text into the next', () => {
    const { events } = read(
      [messageStart(), ...textBlock(0, ['EN']), ...textBlock(1, ['D']), ...messageEnd('end_turn'), success()],
      { stop: ['END'] },
    );
    expect(told(events)).toEqual([
      started,
      { type: 'text.started' },
      delta('EN'),
      { type: 'text.started' },
      delta('D'),
      done('end'),
    ]);
  });

  test('text before a tool of the agent comes before it, to the last letter', () => {
    const { events } = read(
      [
        messageStart(),
        ...textBlock(0, ['the EN']),
        whole({ type: 'text', text: 'the EN' }),
        ...toolBlock(1, 't1', 'Bash', ['{}']),
        whole(use('t1', 'Bash')),
        ...messageEnd('tool_use'),
      ],
      { stop: ['END'] },
    );
    const upToTool = events.slice(0, types(events).indexOf('tool.started'));
    expect(joinedText(upToTool)).toBe('the EN');
  });

  test('of the text only: arguments and thinking may hold them', () => {
    const { events } = read(
      [
        messageStart(),
        ...thinkingBlock(0, ['END']),
        ...toolBlock(1, 'c1', 'look', ['{"at":"END"}']),
        ...messageEnd('tool_use'),
      ],
      { stop: ['END'] },
    );
    expect(told(events).at(-1)).toEqual(done('client-calls'));
  });
});

describe('the token limit', () => {
  test.each(['max_tokens', 'model_context_window_exceeded'])(
    'reached upstream (%s) ends the turn; the engine would go on',
    (stop) => {
      const { events, reader, unread } = read([
        messageStart(),
        ...textBlock(0, ['One, two']),
        ...messageEnd(stop),
        ...answer('three'),
      ]);
      expect(told(events).slice(-2)).toEqual([delta('One, two'), done('length')]);
      expect(reader.ended).toBe('spent');
      expect(unread).toBeGreaterThan(0);
    },
  );

  test('is kept over the calls of one turn', () => {
    const oneMore = [
      messageStart(),
      whole(use('t1', 'Bash')),
      ...messageEnd('tool_use', 6),
      toolResult([{ tool_use_id: 't1', content: 'ok' }]),
    ];
    const { events, unread } = read([...oneMore, ...oneMore, ...answer('Done.')], { maxTokens: 10 });
    expect(told(events).at(-1)).toEqual(done('length'));
    expect(events.at(-1)).toMatchObject({ usage: { outputTokens: 12, upstreamCalls: 2 } });
    expect(unread).toBeGreaterThan(0);
  });

  test('reached with the last word is no matter', () => {
    const { events } = read(
      [messageStart(), ...textBlock(0, ['Hello']), ...messageEnd('end_turn', 10), success()],
      { maxTokens: 10 },
    );
    expect(told(events).at(-1)).toEqual(done('end'));
  });

  test('what was held back for a stop sequence still comes', () => {
    const { events } = read([messageStart(), ...textBlock(0, ['the EN']), ...messageEnd('max_tokens')], {
      stop: ['END'],
    });
    expect(joinedText(events)).toBe('the EN');
  });
});

describe('an answer by schema', () => {
  const attempt = (id: string, ...json: string[]): SDKMessage[] => [
    messageStart(),
    ...textBlock(0, ['Here it is:']),
    ...toolBlock(1, id, 'StructuredOutput', json),
    whole(use(id, 'StructuredOutput')),
    ...messageEnd('tool_use'),
  ];
  const accepted = (id: string): SDKMessage => toolResult([{ tool_use_id: id, content: 'ok' }]);
  const rejected = (id: string): SDKMessage =>
    toolResult([{ tool_use_id: id, content: 'does not fit', is_error: true }]);

  test("is the structured output's JSON as text, and nothing that was said around it", () => {
    const { events, reader } = read(
      [...attempt('s1', '{"a"', ':1}'), accepted('s1'), success({ structured_output: { a: 1 } })],
      { structured: true },
    );
    expect(told(events)).toEqual([
      started,
      { type: 'text.started' },
      delta('{"a"'),
      delta(':1}'),
      done('end'),
    ]);
    expect(reader.visible).toEqual([{ type: 'text', text: '{"a":1}' }]);
  });

  test('that did not fit is taken back before the next attempt', () => {
    const { events, reader } = read(
      [
        ...attempt('s1', '{"b":2}'),
        rejected('s1'),
        ...attempt('s2', '{"a":1}'),
        accepted('s2'),
        success({ structured_output: { a: 1 } }),
      ],
      { structured: true },
    );
    expect(told(events)).toEqual([
      started,
      { type: 'text.started' },
      delta('{"b":2}'),
      { type: 'text.reset' },
      { type: 'text.started' },
      delta('{"a":1}'),
      done('end'),
    ]);
    expect(reader.visible).toEqual([{ type: 'text', text: '{"a":1}' }]);
  });

  test('what else is reported together with its rejection is told, too', () => {
    const { events } = read(
      [
        messageStart(),
        whole(use('t1', 'Bash')),
        whole(use('s1', 'StructuredOutput')),
        toolResult([
          { tool_use_id: 't1', content: 'ok' },
          { tool_use_id: 's1', content: 'does not fit', is_error: true },
        ]),
      ],
      { structured: true },
    );
    expect(types(events)).toContain('text.reset');
    expect(types(events)).toContain('tool.done');
  });

  test('that never came is an error, though the engine calls it a success', () => {
    const { events, reader } = read(
      [messageStart(), ...textBlock(0, ['No.']), ...messageEnd('end_turn'), success()],
      {
        structured: true,
      },
    );
    expect(told(events)).toEqual([started, { type: 'error', code: 'schema_mismatch' }]);
    expect(reader.ended).toBe('spent');
  });

  test('may come after tools, whatever the token limit, as long as it is within it', () => {
    const { events } = read(
      [...attempt('s1', '{"a":1}'), accepted('s1'), success({ structured_output: { a: 1 } })],
      { structured: true, maxTokens: 5 },
    );
    expect(told(events).at(-1)).toEqual(done('end'));
  });

  test('is not asked for otherwise: a tool of that name is one like any other', () => {
    const { events } = read([messageStart(), ...toolBlock(0, 'c1', 'StructuredOutput', ['{"a":1}'])]);
    expect(joinedText(events)).toBe('');
  });
});

describe('failures', () => {
  test('an upstream error is an error, and its text never the answer', () => {
    const { events, reader } = read([
      whole({ type: 'text', text: 'API Error: 429' }, null, { error: 'rate_limit' }),
      success({ is_error: true, api_error_status: 429, result: 'API Error: 429' }),
    ]);
    expect(told(events)).toEqual([{ type: 'error', code: 'rate_limited' }]);
    expect(events[0]).toMatchObject({ error: { upstreamStatus: 429, agentActed: false } });
    expect(reader.ended).toBe('spent');
    expect(reader.visible).toEqual([]);
  });

  test('an error without a status goes by its name', () => {
    const { events } = read([
      whole({ type: 'text', text: 'API Error' }, null, { error: 'model_not_found' }),
      success({ is_error: true, api_error_status: null, result: 'API Error' }),
    ]);
    expect(told(events)).toEqual([{ type: 'error', code: 'model_not_found' }]);
  });

  test('an error after a tool ran says that the agent acted, one after mere text does not', () => {
    const failure = success({ is_error: true, api_error_status: 500, result: 'API Error' });
    const acted = read([messageStart(), whole(use('t1', 'Bash')), ...messageEnd('tool_use'), failure]);
    expect(acted.events.at(-1)).toMatchObject({ type: 'error', error: { agentActed: true } });
    const spoke = read([messageStart(), ...textBlock(0, ['Hel']), failure]);
    expect(spoke.events.at(-1)).toMatchObject({ type: 'error', error: { agentActed: false } });
  });

  test.each<[string, string]>([
    ['error_max_structured_output_retries', 'schema_mismatch'],
    ['error_during_execution', 'engine_failed'],
  ])('%s is an error', (subtype, code) => {
    const { events } = read([messageStart(), success({ subtype, is_error: true, errors: ['broke'] })]);
    expect(told(events).at(-1)).toEqual({ type: 'error', code });
  });

  test('retries of the engine are noticed, and give the advice when they end in vain', () => {
    const { events } = read([
      message({
        type: 'system',
        subtype: 'api_retry',
        attempt: 1,
        max_retries: 2,
        retry_delay_ms: 2_400.4,
        error_status: 529,
        error: 'overloaded',
      }),
      success({ is_error: true, api_error_status: 529, result: 'Overloaded' }),
    ]);
    expect(events).toMatchObject([
      { type: 'notice', code: 'upstream_retry', message: expect.stringMatching(/529.*1 of 2.*2400 ms/) },
      { type: 'error', error: { code: 'overloaded', retryAfterSeconds: 3 } },
    ]);
  });

  test('a retry after a connection that failed is noticed by its name', () => {
    const { events } = read([
      message({
        type: 'system',
        subtype: 'api_retry',
        attempt: 1,
        max_retries: 2,
        retry_delay_ms: 1,
        error_status: null,
        error: 'unknown',
      }),
    ]);
    expect(events).toMatchObject([
      { type: 'notice', code: 'upstream_retry', message: expect.stringContaining('unknown') },
    ]);
  });

  test('compaction and refused permissions are noticed', () => {
    const { events } = read([
      message({ type: 'system', subtype: 'compact_boundary' }),
      message({ type: 'system', subtype: 'permission_denied', tool_name: 'Bash', message: 'not allowed' }),
    ]);
    expect(events).toMatchObject([
      { type: 'notice', code: 'context_compacted' },
      { type: 'notice', code: 'tool_denied', message: 'Bash: not allowed' },
    ]);
  });

  describe('a stream that breaks off', () => {
    // As the engine reports it: blocks and message are stopped, but no `message_delta` gave a reason.
    const brokenOff = (...blocks: SDKMessage[]): SDKMessage[] => [
      messageStart(),
      ...blocks,
      stream({ type: 'message_stop' }),
      message({
        type: 'system',
        subtype: 'api_retry',
        attempt: 1,
        max_retries: 2,
        retry_delay_ms: 600,
        error_status: null,
        error: 'unknown',
      }),
    ];
    const lastWord = (events: readonly TurnEvent[]): string =>
      joinedText(events.slice(types(events).lastIndexOf('text.reset') + 1));

    test('leaves nothing of itself in the answer of the next attempt', () => {
      const { events, reader } = read([
        ...brokenOff(...textBlock(0, ['Hello fr'])),
        ...answer('Hello there'),
      ]);
      if (events.at(-1)?.type === 'error') return;
      expect(lastWord(events)).toBe('Hello there');
      expect(reader.visible).toEqual([{ type: 'text', text: 'Hello there' }]);
    });

    test('does not hand the client a call that is not whole', () => {
      const { events } = read(brokenOff(...toolBlock(0, 'c1', 'look', ['{"path":"/im']).slice(0, -1)));
      expect(told(events)).not.toContainEqual(done('client-calls'));
    });

    test('does not hide the answer that the engine then gets without a stream', () => {
      const { events } = read([
        ...brokenOff(...textBlock(0, ['Hello fr'])),
        whole({ type: 'text', text: 'Hello there' }),
        success({ result: 'Hello there' }),
      ]);
      if (events.at(-1)?.type === 'error') return;
      expect(lastWord(events)).toBe('Hello there');
    });
  });

  test('a process that is gone fails the turn, with what upstream had counted', () => {
    const reader = readerFor();
    reader.push(messageStart());
    const error = new TurnError('engine_failed', 'gone');
    expect(failed(reader, error)).toMatchObject([
      { type: 'error', error, usage: { inputTokens: 10, upstreamCalls: 1, costUsd: null } },
    ]);
    expect(reader.ended).toBe('spent');
  });

  test('a failure before upstream answered has no counts', () => {
    expect(failed(readerFor(), new TurnError('timeout', 'late'))).toMatchObject([
      { type: 'error', usage: { inputTokens: 0, upstreamCalls: 0 } },
    ]);
  });

  test('a turn ends once', () => {
    const { reader } = read(answer('Hello'));
    expect(failed(reader, new TurnError('cancelled', 'too late'))).toEqual([]);
  });
});

describe('however upstream splits its deltas', () => {
  /** Cuts a text at any places. */
  const cut = (text: string): fc.Arbitrary<string[]> =>
    fc.array(fc.nat(text.length), { maxLength: 6 }).map((places) => {
      const at = [0, ...places.toSorted((a, b) => a - b), text.length];
      return at.slice(1).map((end, index) => text.slice(at[index], end));
    });
  const anyText = fc.string({
    unit: fc.constantFrom('a', 'E', 'N', 'D', ' ', '\n', 'é', '😀'),
    maxLength: 12,
  });
  const anyArguments = fc.dictionary(fc.string({ maxLength: 4 }), fc.jsonValue({ maxDepth: 1 }), {
    maxKeys: 3,
  });

  /** Text, thinking and two calls of the client's tools, in pieces. */
  const message = (thinking: string[], text: string[], json: string[], more: string[]): SDKMessage[] => [
    messageStart(),
    ...thinkingBlock(0, thinking),
    ...textBlock(1, text),
    ...toolBlock(2, 'c1', 'look', json),
    ...toolBlock(3, 'c2', 'see', more),
    ...messageEnd('tool_use'),
  ];

  /** What a client makes of the events. */
  function assembled(events: readonly TurnEvent[]): object {
    const joined = new Map<string, string>();
    const add = (key: string, piece: string): void => {
      joined.set(key, (joined.get(key) ?? '') + piece);
    };
    for (const event of events) {
      if (event.type === 'text.delta') add('text', event.text);
      if (event.type === 'thinking.delta') add('thinking', event.text);
      if (event.type === 'client-call.delta') add(event.callId, event.argumentsDelta);
    }
    const calls = events.filter((event) => event.type === 'client-call.done');
    return { joined: Object.fromEntries(joined), calls, end: told(events).at(-1) };
  }

  const split = fc
    .tuple(anyText, anyText, anyArguments, anyArguments)
    .chain(([thinking, text, first, second]) => {
      const unsplit = [thinking, text, JSON.stringify(first), JSON.stringify(second)] as const;
      const [t, x, f, s] = unsplit;
      return fc.record({
        parts: fc.constant({ text, first, second }),
        one: fc.constant(message([t], [x], [f], [s])),
        many: fc.tuple(cut(t), cut(x), cut(f), cut(s)).map((pieces) => message(...pieces)),
      });
    });

  test('the client gets the same, and the same is remembered', () => {
    fc.assert(
      fc.property(split, ({ parts, one, many }) => {
        const whole = read(one);
        const pieces = read(many);
        expect(assembled(pieces.events)).toEqual(assembled(whole.events));
        expect(pieces.reader.visible).toEqual(whole.reader.visible);
        const expected: AssistantPart[] = [
          { type: 'text', text: parts.text },
          {
            type: 'tool-call',
            callId: 'c1',
            name: 'look',
            arguments: JSON.parse(JSON.stringify(parts.first)),
          },
          {
            type: 'tool-call',
            callId: 'c2',
            name: 'see',
            arguments: JSON.parse(JSON.stringify(parts.second)),
          },
        ];
        expect(pieces.reader.visible).toEqual(expected);
      }),
    );
  });

  test('a stop sequence is found all the same', () => {
    fc.assert(
      fc.property(split, ({ parts, many }) => {
        const { events } = read(many, { stop: ['END', 'D\n'] });
        const places = ['END', 'D\n'].map((stop) => parts.text.indexOf(stop)).filter((at) => at >= 0);
        expect(joinedText(events)).toBe(parts.text.slice(0, Math.min(parts.text.length, ...places)));
        expect(told(events).at(-1)).toEqual(done(places.length > 0 ? 'stop-sequence' : 'client-calls'));
      }),
    );
  });
});

describe('what a turn takes while it runs', () => {
  const toolCall = [messageStart(), ...toolBlock(0, 't1', 'Bash', ['{}']), ...messageEnd('tool_use')];
  const owes = (messages: readonly SDKMessage[], options: Partial<TurnReaderOptions> = {}): boolean => {
    const reader = readerFor(options);
    for (const one of messages) reader.push(one);
    return reader.takeOwedUsage();
  };

  test.each<[string, SDKMessage[], Partial<TurnReaderOptions>, boolean]>([
    ['an upstream call that others follow', toolCall, {}, true],
    ['a call of a subagent', [whole(use('t2', 'Bash'), 'task-1')], {}, true],
    ['an answer', [messageStart(), ...textBlock(0, ['Hi']), ...messageEnd('end_turn')], {}, false],
    [
      'a structured answer',
      [messageStart(), ...toolBlock(0, 's1', 'StructuredOutput', ['{}']), ...messageEnd('tool_use')],
      { structured: true },
      false,
    ],
    ['the beginning of a call', [messageStart()], {}, false],
  ])('is to be told, or not, after %s', (_, messages, options, expected) => {
    expect(owes(messages, options)).toBe(expected);
  });

  test('is told once for each, and never after the end', () => {
    const reader = readerFor();
    for (const one of toolCall) reader.push(one);
    expect(reader.takeOwedUsage()).toBe(true);
    expect(reader.takeOwedUsage()).toBe(false);
    expect(reader.tellUsage(undefined)).toMatchObject([
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 5, costUsd: null, upstreamCalls: 1 } },
    ]);
    reader.fail(new TurnError('cancelled', 'Stopped.'), 'stop');
    expect(reader.tellUsage(undefined)).toEqual([]);
  });
});

describe('how a process tells what a turn took that ends before its result', () => {
  const accountOf = (
    messages: readonly SDKMessage[],
    options: Partial<TurnReaderOptions> = {},
  ): string | undefined => {
    const reader = readerFor(options);
    for (const one of messages) if (reader.closing === undefined) reader.push(one);
    return reader.closing;
  };

  test.each<[string, SDKMessage[], Partial<TurnReaderOptions>, string | undefined]>([
    ['parked', [messageStart(), ...toolBlock(0, 'c1', 'look', ['{}']), ...messageEnd('tool_use')], {}, 'ask'],
    ['cut off by the client', [messageStart(), ...textBlock(0, ['a END'])], { stop: ['END'] }, 'stop'],
    [
      'cut off by upstream',
      [messageStart(), ...textBlock(0, ['a']), ...messageEnd('max_tokens')],
      {},
      'none',
    ],
    [
      'cut off by both',
      [messageStart(), ...textBlock(0, ['a EN']), ...messageEnd('max_tokens')],
      { stop: ['N', 'ENDS'] },
      'none',
    ],
    ['answered', answer('Hi'), {}, undefined],
  ])('%s', (_, messages, options, expected) => {
    expect(accountOf(messages, options)).toBe(expected);
  });

  test('nothing is asked of what never began to answer', () => {
    const reader = readerFor();
    reader.fail(new TurnError('cancelled', 'Stopped.'), 'stop');
    expect(reader.closing).toBe('none');
  });

  test('what it tells is what the turn took', () => {
    const reader = readerFor();
    for (const one of [messageStart(), ...textBlock(0, ['a'])]) reader.push(one);
    reader.fail(new TurnError('cancelled', 'Stopped.'), 'stop');
    const usage = { inputTokens: 10, outputTokens: 3, costUSD: 0.25 };
    const told = { 'claude-x': { ...usage, cacheReadInputTokens: 0, cacheCreationInputTokens: 0 } };
    expect(reader.close(told as never)).toMatchObject([
      { type: 'error', usage: { inputTokens: 10, outputTokens: 3, costUsd: 0.25 } },
    ]);
  });
});

describe('limits of the profile', () => {
  const limited = (subtype: string): SDKMessage =>
    message({ type: 'result', subtype, is_error: true, errors: ['Reached it'], modelUsage: {} });

  test('most upstream calls: the turn is over, with the results of its last calls', () => {
    const result = message({
      type: 'user',
      message: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: 'x' }] },
      parent_tool_use_id: null,
      uuid: 'uuid-of-the-result',
    });
    const { events, reader } = read([
      messageStart(),
      ...toolBlock(0, 't1', 'Bash', ['{}']),
      whole(use('t1', 'Bash')),
      ...messageEnd('tool_use'),
      result,
      limited('error_max_turns'),
    ]);
    expect(told(events.slice(-2))).toEqual([
      { type: 'notice', code: 'max_turns_reached', message: 'Reached it' },
      done('length'),
    ]);
    expect([reader.ended, reader.lastEntry]).toEqual(['idle', 'uuid-of-the-result']);
  });

  test.each([
    ['tool_use', { type: 'error', code: 'run_budget_exceeded' }, 'spent'],
    ['end_turn', done('end'), 'idle'],
  ] as const)('the budget, after %s', (stop, end, state) => {
    const { events, reader } = read([
      messageStart(),
      ...textBlock(0, ['Hi']),
      ...messageEnd(stop),
      limited('error_max_budget_usd'),
    ]);
    expect(told(events).at(-1)).toEqual(end);
    expect(reader.ended).toBe(state);
  });
});
