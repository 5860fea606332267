import { describe, expect, it, test } from 'vitest';
import {
  agentProfile,
  modelProfile,
  noUsage,
  type StopReason,
  TurnError,
  type TurnEvent,
} from '../../turn/index.ts';
import { WireError } from '../errors.ts';
import { createModelDirectory } from '../models.ts';
import { type CompletionContext, decodeCompletionRequest } from './decode-completion-request.ts';
import {
  CompletionCollector,
  type CompletionEncoderOptions,
  CompletionStreamEncoder,
  encodeTextCompletion,
} from './encode-completion.ts';

const context: CompletionContext = {
  turnId: 't',
  owner: 'o',
  models: createModelDirectory({
    aliases: {},
    engineModels: [],
    profiles: { agent: agentProfile, model: modelProfile },
  }),
  profiles: { agent: agentProfile, model: modelProfile },
};
const decode = (body: object) =>
  decodeCompletionRequest({ model: 'gpt-4o', prompt: 'Once', ...body }, context);
function refusal(body: object): WireError {
  try {
    decode(body);
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a request', () => {
  it('asks a plain model to continue the text', () => {
    const request = decode({
      max_tokens: 5,
      stop: ['\n', ''],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(request).toMatchObject({ model: 'gpt-4o', n: 1, stream: true, includeUsage: true, ignored: [] });
    expect(request.prompts).toHaveLength(1);
    expect(request.prompts[0]).toMatchObject({
      echo: '',
      turn: {
        id: 't',
        profile: modelProfile,
        system: expect.stringContaining('You continue texts'),
        messages: [{ role: 'user', parts: [{ type: 'text', text: '<text>Once</text>' }] }],
        output: { maxTokens: 5, stop: ['\n'] },
        reasoning: { effort: 'none' },
      },
    });
  });

  it('with a suffix asks to fill the gap', () => {
    expect(decode({ prompt: 'a(', suffix: ')b', stop: 'x' }).prompts[0]?.turn).toMatchObject({
      system: expect.stringContaining('You fill gaps'),
      messages: [{ parts: [{ text: '<before>a(</before>\n<after>)b</after>' }] }],
      output: { stop: ['x'] },
    });
  });

  it('may have several prompts, each a turn of its own', () => {
    const { prompts, n } = decode({ prompt: ['a', 'b'], n: 2, echo: true });
    expect(n).toBe(2);
    expect(prompts.map(({ turn, echo }) => [turn.id, echo])).toEqual([
      ['t', 'a'],
      ['t_1', 'b'],
    ]);
  });

  test.each<[object, string, string]>([
    [{ prompt: undefined }, 'prompt', 'missing_required_field'],
    [{ prompt: [1, 2] }, 'prompt[0]', 'invalid_type'],
    [{ prompt: [] }, 'prompt', 'invalid_value'],
    [{ prompt: ' ' }, 'prompt', 'invalid_value'],
    [{ prompt: ['a', 'b', 'c'], n: 3 }, 'prompt', 'invalid_value'],
    [{ logprobs: 0 }, 'logprobs', 'unsupported_parameter'],
    [{ n: 9 }, 'n', 'invalid_value'],
    [{ model: undefined }, 'model', 'missing_required_field'],
  ])('with %j is refused', (body, param, code) => {
    expect(refusal(body)).toMatchObject({ status: 400, param, code });
  });

  test.each<[object, string[]]>([
    [{ best_of: 1, logprobs: null, logit_bias: {}, user: 'u' }, []],
    [{ best_of: 3, logit_bias: { 5: 1 }, seed: 1 }, ['logit_bias', 'seed', 'best_of']],
    [{ frequency_penalty: 1, presence_penalty: 1 }, ['frequency_penalty', 'presence_penalty']],
  ])('with %j reports %j as ignored', (body, params) => {
    expect(decode(body).ignored.map(({ param }) => param)).toEqual(params);
  });
});

const options: CompletionEncoderOptions = {
  id: 'cmpl-1',
  created: 1,
  model: 'gpt-4o',
  choiceIndex: 1,
  echo: '',
};
const text = (value: string): TurnEvent => ({ type: 'text.delta', text: value });
const done = (stopReason: StopReason = 'end'): TurnEvent => ({ type: 'done', stopReason, usage: noUsage });
function encode(events: readonly TurnEvent[], echo = '') {
  const encoder = new CompletionStreamEncoder({ ...options, echo });
  return events.flatMap((event) => encoder.push(event));
}

describe('an answer', () => {
  const choice = (value: string, finish_reason: string | null) => ({
    ...{ id: 'cmpl-1', object: 'text_completion', created: 1, model: 'gpt-4o' },
    choices: [{ index: 1, text: value, logprobs: null, finish_reason }],
  });

  it('is streamed as pieces of text', () => {
    const thinking: TurnEvent = { type: 'thinking.delta', text: 'hm' };
    expect(encode([{ type: 'text.started' }, thinking, text('a'), text(''), text('b'), done()])).toEqual([
      choice('a', null),
      choice('b', null),
      choice('', 'stop'),
    ]);
  });

  test.each<[StopReason, string]>([
    ['end', 'stop'],
    ['stop-sequence', 'stop'],
    ['length', 'length'],
    ['refusal', 'content_filter'],
    ['client-calls', 'stop'],
  ])('ends %s as %s', (reason, finish) => {
    expect(encode([done(reason)])).toEqual([choice('', finish)]);
  });

  it('may begin with the prompt', () => {
    expect(encode([text('a'), text('b')], 'P')).toEqual([
      choice('P', null),
      choice('a', null),
      choice('b', null),
    ]);
    expect(encode([done()], 'P')).toEqual([choice('P', null), choice('', 'stop')]);
  });

  it('cannot be taken back once it was sent', () => {
    expect(encode([{ type: 'text.reset' }, text('a')])).toHaveLength(1);
    expect(() => encode([text('a'), { type: 'text.reset' }])).toThrow(TurnError);
  });

  it('is put together without streaming', () => {
    const collect = (choiceIndex: number, events: TurnEvent[], echo = '') => {
      const collector = new CompletionCollector({ ...options, choiceIndex, echo });
      return events.flatMap((event) => collector.push(event) ?? []);
    };
    const collected = [
      ...collect(1, [text('c'), done('length')]),
      ...collect(0, [text('a'), text('b'), done()], 'P'),
    ];
    expect(encodeTextCompletion(options, collected)).toMatchObject({
      id: 'cmpl-1',
      object: 'text_completion',
      choices: [
        { index: 0, text: 'Pab', finish_reason: 'stop', logprobs: null },
        { index: 1, text: 'c', finish_reason: 'length' },
      ],
      usage: { total_tokens: 0 },
    });
    const failed: TurnEvent = { type: 'error', error: new TurnError('overloaded', 'x'), usage: noUsage };
    expect(() => collect(0, [failed])).toThrow('x');
  });

  it('can tell its usage in a last chunk', () => {
    expect(new CompletionStreamEncoder(options).usageChunk([noUsage, noUsage])).toMatchObject({
      object: 'text_completion',
      choices: [],
      usage: { prompt_tokens: 0 },
    });
  });
});
