import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream';
import { describe, expect, it, test } from 'vitest';
import { type FileChange, noUsage, type StopReason, TurnError, type TurnEvent } from '../../turn/index.ts';
import { filesChanged, textContent } from '../testing/files.ts';
import { type ChatEncoderOptions, ChatStreamEncoder } from './chat-stream-encoder.ts';
import type { ChatDelta } from './chat-wire.ts';
import { markFileBlock } from './mark-file-block.ts';

const options: ChatEncoderOptions = {
  id: 'chatcmpl-1',
  created: 1_700_000_000,
  model: 'gpt-4o',
  choiceIndex: 0,
  legacyFunctions: false,
  customToolNames: new Set(['patch']),
  activity: true,
};
const started: TurnEvent = { type: 'started', model: 'claude-sonnet-5', source: 'new' };
const textStarted: TurnEvent = { type: 'text.started' };
const thinkingStarted: TurnEvent = { type: 'thinking.started' };
const text = (value: string): TurnEvent => ({ type: 'text.delta', text: value });
const thinking = (value: string): TurnEvent => ({ type: 'thinking.delta', text: value });
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
const tool = (name: string, file_path: string): TurnEvent => ({
  type: 'tool.started',
  callId: 't',
  name,
  input: { file_path },
});
const done = (stopReason: StopReason = 'end'): TurnEvent => ({ type: 'done', stopReason, usage: noUsage });

function encode(events: readonly TurnEvent[], more: Partial<ChatEncoderOptions> = {}) {
  const encoder = new ChatStreamEncoder({ ...options, ...more });
  return events.flatMap((event) => encoder.push(event));
}
/** The deltas after the head. */
function deltas(
  events: readonly TurnEvent[],
  more: Partial<ChatEncoderOptions> = {},
): (ChatDelta | undefined)[] {
  return encode([started, ...events], more)
    .slice(1)
    .map((chunk) => chunk.choices[0]?.delta);
}

const head = { role: 'assistant', content: '', refusal: null };

describe('the frame of a stream', () => {
  it('begins with the role and ends with the finish reason, in full chunks', () => {
    const envelope = {
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: 'gpt-4o',
      system_fingerprint: null,
    };
    const choice = { index: 2, logprobs: null, finish_reason: null };
    expect(encode([started, textStarted, text('Hi'), done()], { choiceIndex: 2 })).toEqual([
      { ...envelope, choices: [{ ...choice, delta: head }] },
      { ...envelope, choices: [{ ...choice, delta: { content: 'Hi' } }] },
      { ...envelope, choices: [{ ...choice, delta: {}, finish_reason: 'stop' }] },
    ]);
  });

  test.each<[string, TurnEvent[]]>([
    ['a call', [callStarted('a', 'f')]],
    ['the end', [done()]],
    ['activity', [tool('Read', 'x')]],
  ])('has the role before %s even without `started`', (_, events) => {
    expect(encode(events)[0]?.choices[0]?.delta).toEqual(head);
  });

  test.each<TurnEvent>([
    { type: 'notice', code: 'upstream_retry', message: 'again' },
    { type: 'tool.done', callId: 't', name: 'Read', isError: false, output: 'x' },
    { type: 'error', error: new TurnError('engine_failed', 'x'), usage: noUsage },
    textStarted,
    thinkingStarted,
    text(''),
    thinking(''),
    callDelta('unknown', '{'),
  ])('has nothing for %j', (event) => {
    expect(deltas([event])).toEqual([]);
  });

  test.each<[StopReason, string, string]>([
    ['end', 'stop', 'stop'],
    ['stop-sequence', 'stop', 'stop'],
    ['length', 'length', 'length'],
    ['client-calls', 'tool_calls', 'function_call'],
    ['refusal', 'content_filter', 'content_filter'],
  ])('ends %s as %s', (reason, finish, legacyFinish) => {
    const last = (legacyFunctions: boolean) => encode([started, done(reason)], { legacyFunctions }).at(-1);
    expect(last(false)?.choices[0]?.finish_reason).toBe(finish);
    expect(last(true)?.choices[0]?.finish_reason).toBe(legacyFinish);
  });

  it('can tell the usage of all choices in a chunk without any', () => {
    const usage = {
      inputTokens: 10,
      cachedInputTokens: 4,
      cacheWriteTokens: 1,
      outputTokens: 5,
      thinkingTokens: 2,
    };
    const chunk = new ChatStreamEncoder(options).usageChunk([usage, usage]);
    expect(chunk).toMatchObject({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [] });
    expect(chunk.usage).toEqual({
      prompt_tokens: 20,
      completion_tokens: 10,
      total_tokens: 30,
      prompt_tokens_details: { cached_tokens: 8, audio_tokens: 0 },
      completion_tokens_details: {
        reasoning_tokens: 4,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    });
  });
});

describe('text', () => {
  it('of a later block is set apart, once it comes', () => {
    expect(
      deltas([textStarted, text('A'), textStarted, textStarted, text(''), text('B'), text('C'), textStarted]),
    ).toEqual([{ content: 'A' }, { content: '\n\nB' }, { content: 'C' }]);
  });

  it('that was sent cannot be taken back', () => {
    expect(() => deltas([text('{"a"'), { type: 'text.reset' }])).toThrow(
      expect.objectContaining({ code: 'schema_mismatch', agentActed: true }),
    );
  });

  it('that was not sent can', () => {
    expect(deltas([textStarted, { type: 'text.reset' }, textStarted, text('A')])).toEqual([{ content: 'A' }]);
  });
});

describe('reasoning', () => {
  it('has thinking in blocks and activity in lines', () => {
    const events = [
      ...[
        thinkingStarted,
        thinking('A'),
        thinking('B'),
        thinkingStarted,
        thinking('C'),
        tool('Read', 'x'),
        tool('Edit', 'y'),
      ],
      ...[thinkingStarted, thinking('D\n'), tool('Write', 'z')],
    ];
    const reasoning = deltas(events).map((delta) => delta?.reasoning_content);
    expect(reasoning.join('')).toBe('AB\n\nC\n[Read] x\n[Edit] y\nD\n[Write] z\n');
  });

  it('has the activity of subagents too', () => {
    const event: TurnEvent = {
      type: 'tool.started',
      callId: 's',
      name: 'Grep',
      input: { pattern: 'p' },
      parentCallId: 't',
    };
    expect(deltas([event])).toEqual([{ reasoning_content: '[Grep] p\n' }]);
  });

  it('has no activity if that is off', () => {
    expect(deltas([thinking('A'), tool('Read', 'x')], { activity: false })).toEqual([
      { reasoning_content: 'A' },
    ]);
  });
});

describe('client calls', () => {
  it('are named by their first fragment and told apart by index', () => {
    expect(
      deltas([
        callStarted('a', 'f'),
        callDelta('a', '{"x"'),
        callDelta('a', ''),
        callDelta('a', ':1}'),
        { type: 'client-call.done', callId: 'a', name: 'f', arguments: { x: 1 } },
        callStarted('b', 'g'),
        { type: 'client-call.done', callId: 'b', name: 'g', arguments: {} },
      ]),
    ).toEqual([
      { tool_calls: [{ index: 0, id: 'a', type: 'function', function: { name: 'f', arguments: '' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '{"x"' } }] },
      { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
      { tool_calls: [{ index: 1, id: 'b', type: 'function', function: { name: 'g', arguments: '' } }] },
      { tool_calls: [{ index: 1, function: { arguments: '{}' } }] },
    ]);
  });

  it('of custom tools carry plain text', () => {
    expect(
      deltas([
        callStarted('a', 'patch'),
        callDelta('a', '{"input":"*** '),
        callDelta('a', 'x\\n'),
        callDelta('a', '"}'),
        { type: 'client-call.done', callId: 'a', name: 'patch', arguments: { input: '*** x\n' } },
      ]),
    ).toEqual([
      { tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'patch', input: '' } }] },
      { tool_calls: [{ index: 0, custom: { input: '*** ' } }] },
      { tool_calls: [{ index: 0, custom: { input: 'x\n' } }] },
    ]);
  });

  it('of a legacy client are one function call', () => {
    const events = [
      callStarted('a', 'f'),
      callDelta('a', '{}'),
      { type: 'client-call.done', callId: 'a', name: 'f', arguments: {} } as const,
    ];
    expect(deltas(events, { legacyFunctions: true })).toEqual([
      { function_call: { name: 'f', arguments: '' } },
      { function_call: { arguments: '{}' } },
    ]);
    expect(() => deltas([...events, callStarted('b', 'f')], { legacyFunctions: true })).toThrow(TurnError);
  });
});

describe('files', () => {
  const change: FileChange = {
    ...{
      path: 'a.py',
      operation: 'created',
      content: textContent('x = 1\n'),
      diff: '+x = 1\n',
      fileId: 'cfile_1',
    },
  };
  const files = filesChanged([change], { containerId: 'cntr_1' });
  const telling = { mode: 'inline', inlineMaxBytes: 100, inlineTotalMaxBytes: 100, inText: true } as const;
  const artifact = {
    ...{
      path: 'a.py',
      previous_path: null,
      operation: 'created',
      size: 6,
      media_type: 'text/plain',
      sha256: 'ab12',
    },
    ...{
      file_id: 'cfile_1',
      container_id: 'cntr_1',
      url: 'https://a.example/a.py',
      diff: '+x = 1\n',
      certain: true,
    },
  };
  const link = ({ path }: FileChange) => `https://a.example/${path}`;
  const block = markFileBlock('`a.py`\n\n```python\nx = 1\n```');
  const last = { artifacts: [artifact] };

  it('stand behind the answer as text, and as data in the last delta', () => {
    expect(deltas([text('Done.'), files, done()], { files: { ...telling, link } })).toEqual([
      ...[{ content: 'Done.' }, { content: `\n\n${block}` }, last],
    ]);
    expect(deltas([files, done()], { files: { ...telling, link } })).toEqual([{ content: block }, last]);
  });

  test.each<[string, StopReason, Partial<ChatEncoderOptions['files']>]>([
    ['of an answer that was cut off', 'length', {}],
    ['of an answer that a stop sequence ended', 'stop-sequence', {}],
    ['beside calls', 'client-calls', {}],
    ['of an answer whose text must stay as it is', 'end', { inText: false }],
  ])('%s are data alone', (_, stopReason, more) => {
    expect(deltas([text('{}'), files, done(stopReason)], { files: { ...telling, link, ...more } })).toEqual([
      ...[{ content: '{}' }, last],
    ]);
  });

  it('are counted where there are more than are told', () => {
    const [end] = deltas([{ ...files, omitted: 3 }, done()], { files: { ...telling, inText: false } });
    expect(end).toEqual({ artifacts: [{ ...artifact, url: null }], artifacts_omitted: 3 });
  });

  test.each<[string, ChatEncoderOptions['files']]>([
    ['switched off', { ...telling, mode: 'off' }],
    ['not set up', undefined],
  ])('are not told where that is %s', (_, option) => {
    const more = option === undefined ? {} : { files: option };
    expect(deltas([text('Done.'), files, done()], more)).toEqual([{ content: 'Done.' }, {}]);
  });

  it('that did not change are not told', () => {
    expect(deltas([text('Done.'), done()], { files: telling })).toEqual([{ content: 'Done.' }, {}]);
  });

  it("are in the message that OpenAI's own stream reader puts together", async () => {
    const chunks = encode([started, text('Done.'), files, done()], { files: { ...telling, link } });
    const bytes = new Blob(chunks.map((chunk) => `${JSON.stringify(chunk)}\n`)).stream();
    const completion = await ChatCompletionStream.fromReadableStream(bytes).finalChatCompletion();
    expect(completion.choices[0]?.message).toMatchObject({
      content: `Done.\n\n${block}`,
      artifacts: [artifact],
    });
  });
});

it("is understood by OpenAI's own stream reader", async () => {
  const encoder = new ChatStreamEncoder(options);
  const events: TurnEvent[] = [
    ...[
      started,
      thinkingStarted,
      thinking('hm'),
      textStarted,
      text('Hello'),
      tool('Read', 'x'),
      textStarted,
      text('World'),
    ],
    ...[callStarted('a', 'f'), callDelta('a', '{"x":'), callDelta('a', '1}')],
    { type: 'client-call.done', callId: 'a', name: 'f', arguments: { x: 1 } },
    done('client-calls'),
  ];
  const chunks = [...events.flatMap((event) => encoder.push(event)), encoder.usageChunk([noUsage])];
  const lines = chunks.map((chunk) => `${JSON.stringify(chunk)}\n`);
  const bytes = new Blob(lines).stream();
  const completion = await ChatCompletionStream.fromReadableStream(bytes).finalChatCompletion();
  expect(completion).toMatchObject({
    id: 'chatcmpl-1',
    model: 'gpt-4o',
    usage: { total_tokens: 0 },
    choices: [
      {
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'Hello\n\nWorld',
          tool_calls: [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } }],
        },
      },
    ],
  });
});
