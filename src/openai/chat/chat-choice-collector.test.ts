import fc from 'fast-check';
import type { ChatCompletion as OpenaiCompletion } from 'openai/resources/chat/completions';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { type FileChange, type JsonObject, noUsage, TurnError, type TurnEvent } from '../../turn/index.ts';
import { filesChanged } from '../testing/files.ts';
import { ChatChoiceCollector, type CollectedChoice, encodeChatCompletion } from './chat-choice-collector.ts';
import { type ChatEncoderOptions, ChatStreamEncoder } from './chat-stream-encoder.ts';
import type { ChatCompletion } from './chat-wire.ts';

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
const text = (value: string): TurnEvent => ({ type: 'text.delta', text: value });
const done: TurnEvent = {
  type: 'done',
  stopReason: 'end',
  usage: { ...noUsage, inputTokens: 3, outputTokens: 2 },
};

function collect(events: readonly TurnEvent[], more: Partial<ChatEncoderOptions> = {}): CollectedChoice {
  const collector = new ChatChoiceCollector({ ...options, ...more });
  for (const [index, event] of events.entries()) {
    const collected = collector.push(event);
    if (collected === undefined) continue;
    expect(index).toBe(events.length - 1);
    return collected;
  }
  throw new Error('the events did not end');
}

/** A turn's content before it is cut into deltas. */
type Block =
  | { readonly kind: 'text' | 'thinking'; readonly text: string }
  | { readonly kind: 'call'; readonly name: 'f' | 'patch'; readonly input: string }
  | { readonly kind: 'tool'; readonly file: string };

const anyText = fc.string({ unit: 'grapheme', maxLength: 20 });
const anyBlock: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constantFrom('text' as const, 'thinking' as const), text: anyText }),
  fc.record({
    kind: fc.constant('call' as const),
    name: fc.constantFrom('f' as const, 'patch' as const),
    input: anyText,
  }),
  fc.record({ kind: fc.constant('tool' as const), file: anyText }),
);
const anyBlocks = fc.array(anyBlock, { maxLength: 8 });
const anyCuts = fc.array(fc.nat(30), { maxLength: 6 });

function cut(whole: string, places: readonly number[]): string[] {
  const ends = [...new Set(places.map((place) => place % (whole.length + 1)))].sort((a, b) => a - b);
  return [...ends, whole.length].map((end, index) => whole.slice(ends[index - 1] ?? 0, end));
}

function eventsOf(blocks: readonly Block[], cuts: readonly number[]): TurnEvent[] {
  return [started, ...blocks.flatMap((block, index) => eventsOfBlock(block, `call_${index}`, cuts)), done];
}

function eventsOfBlock(block: Block, callId: string, cuts: readonly number[]): TurnEvent[] {
  switch (block.kind) {
    case 'text':
      return [{ type: 'text.started' }, ...cut(block.text, cuts).map(text)];
    case 'thinking':
      return [
        { type: 'thinking.started' },
        ...cut(block.text, cuts).map((piece): TurnEvent => ({ type: 'thinking.delta', text: piece })),
      ];
    case 'call': {
      const callArguments: JsonObject = { input: block.input };
      return [
        { type: 'client-call.started', callId, name: block.name },
        ...cut(JSON.stringify(callArguments), cuts).map(
          (argumentsDelta): TurnEvent => ({ type: 'client-call.delta', callId, argumentsDelta }),
        ),
        { type: 'client-call.done', callId, name: block.name, arguments: callArguments },
      ];
    }
    case 'tool':
      return [{ type: 'tool.started', callId, name: 'Read', input: { file_path: block.file } }];
  }
}

/** Joins deltas as clients do: strings are appended, list entries are found by their `index`. */
function join(into: unknown, delta: unknown): unknown {
  if (delta === null || delta === undefined) return into ?? delta;
  if (typeof delta === 'string') return typeof into === 'string' ? into + delta : delta;
  if (Array.isArray(delta)) {
    const list: unknown[] = Array.isArray(into) ? [...into] : [];
    for (const entry of delta as { index: number }[]) {
      const { index, ...rest } = entry;
      list[index] = join(list[index], rest);
    }
    return list;
  }
  if (typeof delta === 'object') {
    const before = (into ?? {}) as Record<string, unknown>;
    const entries = Object.entries(delta).map(([key, value]) => [key, join(before[key], value)]);
    return { ...before, ...Object.fromEntries(entries) };
  }
  return delta;
}

describe('the collected answer', () => {
  it('has content, reasoning, calls and the usage', () => {
    const blocks: Block[] = [
      { kind: 'thinking', text: 'hm' },
      { kind: 'text', text: 'A' },
      { kind: 'tool', file: 'x' },
      { kind: 'text', text: 'B' },
      { kind: 'call', name: 'f', input: '1' },
      { kind: 'call', name: 'patch', input: '*** "x"' },
    ];
    expect(collect(eventsOf(blocks, [3]))).toEqual({
      choice: {
        index: 0,
        message: {
          role: 'assistant',
          content: 'A\n\nB',
          refusal: null,
          reasoning_content: 'hm\n[Read] x\n',
          tool_calls: [
            { id: 'call_4', type: 'function', function: { name: 'f', arguments: '{"input":"1"}' } },
            { id: 'call_5', type: 'custom', custom: { name: 'patch', input: '*** "x"' } },
          ],
        },
        logprobs: null,
        finish_reason: 'stop',
      },
      usage: { ...noUsage, inputTokens: 3, outputTokens: 2 },
    });
  });

  it('has null for content beside calls and a text otherwise', () => {
    const message = (blocks: Block[]) => collect(eventsOf(blocks, [])).choice.message;
    expect(message([{ kind: 'call', name: 'f', input: '' }])).toMatchObject({ content: null });
    expect(message([])).toEqual({ role: 'assistant', content: '', refusal: null });
  });

  it('has the files that the agent changed', () => {
    const change: FileChange = { path: 'a', operation: 'deleted' };
    const events = [started, text('A'), filesChanged([change], { omitted: 2 }), done];
    const files = { mode: 'links', inlineMaxBytes: 0, inlineTotalMaxBytes: 0, inText: false } as const;
    const { message } = collect(events, { files }).choice;
    expect(message).toMatchObject({
      content: 'A',
      artifacts: [{ path: 'a', size: null }],
      artifacts_omitted: 2,
    });
    expect(collect([started, text('A'), done], { files }).choice.message).not.toHaveProperty('artifacts');
  });

  it('of a legacy client has the one function call', () => {
    const events = eventsOf([{ kind: 'call', name: 'f', input: 'x' }], [4]);
    const { choice } = collect(events, { legacyFunctions: true, customToolNames: new Set() });
    expect(choice.message).toEqual({
      role: 'assistant',
      content: null,
      refusal: null,
      function_call: { name: 'f', arguments: '{"input":"x"}' },
    });
  });

  it('forgets text that the engine asked for anew', () => {
    const events: TurnEvent[] = [started, { type: 'text.started' }, text('{"bad'), { type: 'text.reset' }];
    const { choice } = collect([...events, { type: 'text.started' }, text('{"good":1}'), done]);
    expect(choice.message.content).toBe('{"good":1}');
  });

  it('is no answer if the turn fails', () => {
    const error = new TurnError('overloaded', 'busy');
    expect(() => collect([started, text('A'), { type: 'error', error, usage: noUsage }])).toThrow(error);
  });

  it('is the same however the deltas are cut', () => {
    fc.assert(
      fc.property(anyBlocks, anyCuts, (blocks, cuts) => {
        expect(collect(eventsOf(blocks, cuts))).toEqual(collect(eventsOf(blocks, [])));
      }),
    );
  });

  it('is what a client puts together from the stream', () => {
    fc.assert(
      fc.property(anyBlocks, anyCuts, (blocks, cuts) => {
        const events = eventsOf(blocks, cuts);
        const encoder = new ChatStreamEncoder(options);
        const chunks = events.flatMap((event) => encoder.push(event));
        const message = chunks.map((chunk) => chunk.choices[0]?.delta).reduce(join, undefined);
        const collected = collect(events).choice;
        // A stream begins its content as an empty text before anyone knows whether there will be any.
        expect(message).toEqual({ ...collected.message, content: collected.message.content ?? '' });
        expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(collected.finish_reason);
      }),
    );
  });
});

describe('the completion', () => {
  it('has its choices in order and the sum of their usage', () => {
    const second = collect([started, text('B'), done], { choiceIndex: 1 });
    const first = collect([started, text('A'), done]);
    const completion = encodeChatCompletion({ id: 'c', created: 1, model: 'm' }, [second, first]);
    expect(completion).toMatchObject({
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      system_fingerprint: null,
      usage: { prompt_tokens: 6, completion_tokens: 4, total_tokens: 10 },
    });
    expect(completion.choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'A'],
      [1, 'B'],
    ]);
  });

  it("has the shape of OpenAI's own type", () => {
    // Checked by the compiler. `system_fingerprint` apart, which OpenAI types as a string and sends as null too.
    type Writable<T> = T extends readonly (infer E)[]
      ? Writable<E>[]
      : T extends object
        ? { -readonly [K in keyof T]: Writable<T[K]> }
        : T;
    type Ours = Omit<Writable<ChatCompletion>, 'system_fingerprint'>;
    expectTypeOf<Ours>().toExtend<Omit<OpenaiCompletion, 'system_fingerprint'>>();
  });
});
