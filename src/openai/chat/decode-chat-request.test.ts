import { describe, expect, it, test } from 'vitest';
import { agentProfile, modelProfile } from '../../turn/index.ts';
import { WireError } from '../errors.ts';
import { createModelDirectory } from '../models.ts';
import { type ChatContext, decodeChatRequest } from './decode-chat-request.ts';

const context: ChatContext = {
  turnId: 'turn_1',
  owner: 'key_1',
  models: createModelDirectory({
    aliases: {},
    profiles: { agent: agentProfile, model: modelProfile },
    engineModels: [
      { id: 'sonnet', resolvedId: 'claude-sonnet-5', adaptiveThinking: true },
      { id: 'haiku', resolvedId: 'claude-haiku-4-5', adaptiveThinking: false },
    ],
  }),
  profiles: { agent: agentProfile, model: modelProfile },
};
const minimal = { model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] };
const tools = [{ type: 'function', function: { name: 'f' } }];

const decode = (fields: object = {}, more: Partial<ChatContext> = {}) =>
  decodeChatRequest({ ...minimal, ...fields }, { ...context, ...more });

function refusal(body: unknown, more: Partial<ChatContext> = {}): WireError {
  try {
    decodeChatRequest(body, { ...context, ...more });
  } catch (error) {
    if (error instanceof WireError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

it('a request with nothing but a question has every default', () => {
  expect(decode()).toEqual({
    turn: {
      id: 'turn_1',
      owner: 'key_1',
      model: 'sonnet',
      profile: agentProfile,
      system: '',
      messages: [{ role: 'user', parts: [{ type: 'text', text: 'hi' }] }],
      tools: { tools: [], choice: { type: 'auto' }, parallel: true },
      output: { stop: [] },
      reasoning: {},
      sampling: {},
    },
    model: 'gpt-4o',
    n: 1,
    stream: false,
    includeUsage: false,
    legacyFunctions: false,
    customToolNames: new Set(),
    filesInText: true,
    ignored: [],
  });
});

test.each<[object, boolean]>([
  [{ response_format: { type: 'text' }, stop: [''] }, true],
  [{ response_format: { type: 'json_object' } }, false],
  [{ response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } }, false],
  [{ stop: 'END' }, false],
])('an answer to %j may have files in its text: %s', (body, allowed) => {
  expect(decode(body).filesInText).toBe(allowed);
});

it('null means the default for every optional field', () => {
  const fields = [
    ...[
      'stream',
      'stream_options',
      'n',
      'max_tokens',
      'max_completion_tokens',
      'stop',
      'temperature',
      'top_p',
    ],
    ...['reasoning_effort', 'response_format', 'tools', 'tool_choice', 'parallel_tool_calls', 'functions'],
    ...['function_call', 'verbosity', 'frequency_penalty', 'presence_penalty', 'logit_bias', 'logprobs'],
    ...['top_logprobs', 'modalities', 'audio', 'store', 'service_tier', 'seed', 'prediction', 'top_k'],
  ];
  expect(decode(Object.fromEntries(fields.map((field) => [field, null])))).toEqual(decode());
});

it('unknown and record-only fields are accepted without a word', () => {
  const fields = { user: 'u', metadata: { a: 'b' }, safety_identifier: 's', prompt_cache_key: 'p', foo: [1] };
  expect(decode(fields)).toEqual(decode());
});

describe('the profile', () => {
  test.each([
    ['is the agent without tools', {}, undefined, 'agent'],
    ['is the model with tools', { tools }, undefined, 'model'],
    ['is the model with legacy functions', { functions: [{ name: 'f' }] }, undefined, 'model'],
    ['is what the model id says', { model: 'agent/haiku', tools }, undefined, 'agent'],
    ['is what the header says', { tools }, 'agent', 'agent'],
    ['is what the header says rather than the model id', { model: 'agent' }, 'model', 'model'],
  ])('%s', (_, fields, profileName, expected) => {
    expect(decode(fields, { profileName }).turn.profile.name).toBe(expected);
  });

  it('can be the agent with the tools of the client beside its own', () => {
    const { turn } = decode({ model: 'agent', tools });
    expect(turn.profile.builtInTools).toBe('all');
    expect(turn.tools.tools.map(({ name }) => name)).toEqual(['f']);
  });

  test.each(['nope', 'toString'])('%s is refused', (profileName) => {
    const error = refusal(minimal, { profileName });
    expect(error).toMatchObject({ status: 400, code: 'invalid_value', param: 'x-claudecode-profile' });
    expect(error.message).toContain("'agent', 'model'");
  });
});

describe('the output', () => {
  const schema = { $schema: 'x', type: 'object', properties: { a: { type: 'string' } } };
  test.each<[object, object]>([
    [{ max_tokens: 5 }, { maxTokens: 5 }],
    [{ max_tokens: 5, max_completion_tokens: 7 }, { maxTokens: 7 }],
    [{ stop: 'END' }, { stop: ['END'] }],
    [{ stop: ['a', '', 'b'] }, { stop: ['a', 'b'] }],
    [{ stop: '' }, { stop: [] }],
    [{ response_format: { type: 'text' } }, {}],
    [{ response_format: { type: 'json_object' } }, { schema: { type: 'object' } }],
    [{ response_format: { type: 'json_schema', json_schema: { name: 'n', schema } } }, { schema }],
  ])('%j', (fields, output) => {
    expect(decode(fields).turn.output).toEqual({ stop: [], ...output });
  });
});

test.each([
  [undefined, {}],
  ['none', { effort: 'none' }],
  ['minimal', { effort: 'none' }],
  ['low', { effort: 'low' }],
  ['xhigh', { effort: 'xhigh' }],
  ['max', { effort: 'max' }],
])('the reasoning effort %s', (reasoning_effort, reasoning) => {
  expect(decode({ reasoning_effort }).turn.reasoning).toEqual(reasoning);
});

it('sampling reaches the models that take it', () => {
  expect(decode({ model: 'haiku', temperature: 0 }).turn).toMatchObject({
    sampling: { temperature: 0 },
    reasoning: { effort: 'none' },
  });
  expect(decode({ temperature: 0 })).toMatchObject({
    turn: { sampling: {}, reasoning: {} },
    ignored: [{ param: 'temperature' }],
  });
});

it('the stream, its usage and the number of answers are told', () => {
  expect(decode({ stream: true, stream_options: { include_usage: true }, n: 3 })).toMatchObject({
    stream: true,
    includeUsage: true,
    n: 3,
  });
});

describe('what has no effect is reported', () => {
  test.each([
    [{ frequency_penalty: 0.5 }],
    [{ presence_penalty: -1 }],
    [{ logit_bias: { 50256: -100 } }],
    [{ seed: 0 }],
    [{ prediction: { type: 'content', content: '' } }],
    [{ top_k: 5 }],
    [{ verbosity: 'low' }],
    [{ web_search_options: {} }],
    [{ store: true }],
    [{ service_tier: 'flex' }],
  ])('%j', (fields) => {
    const { ignored } = decode(fields);
    expect(ignored.map(({ param }) => param)).toEqual(Object.keys(fields));
    expect(ignored[0]?.reason).toMatch(/\.$/);
  });

  test.each([
    [{ frequency_penalty: 0, presence_penalty: 0, logit_bias: {}, store: false, verbosity: 'medium' }],
    [{ service_tier: 'auto', logprobs: false, top_logprobs: 0, modalities: ['text'] }],
    [{ service_tier: 'default' }],
  ])('but not at its default: %j', (fields) => {
    expect(decode(fields).ignored).toEqual([]);
  });

  it('together with what the history and the tools report', () => {
    const calls = [{ id: 'a', type: 'function', function: { name: 'f', arguments: '{' } }];
    const { ignored } = decode({
      messages: [
        ...minimal.messages,
        { role: 'assistant', tool_calls: calls },
        { role: 'tool', tool_call_id: 'a' },
      ],
      tools: [{ type: 'function', function: { name: 'f', strict: true } }],
      temperature: 0,
      seed: 1,
    });
    expect(ignored.map(({ param }) => param)).toEqual([
      'messages[1].tool_calls[0].function.arguments',
      'tools[].function.strict',
      'temperature',
      'seed',
    ]);
  });
});

describe('a faulty request names its field', () => {
  const messages = (...list: unknown[]) => ({ ...minimal, messages: list });
  const content = (...parts: unknown[]) => messages({ role: 'user', content: parts });

  test.each<[unknown, string | null, string]>([
    [{ messages: minimal.messages }, 'model', 'missing_required_field'],
    [{ ...minimal, model: null }, 'model', 'invalid_type'],
    [{ ...minimal, model: '' }, 'model', 'invalid_value'],
    [{ model: 'gpt-4o' }, 'messages', 'missing_required_field'],
    [{ ...minimal, messages: [] }, 'messages', 'invalid_value'],
    [{ ...minimal, messages: 'hi' }, 'messages', 'invalid_type'],
    [[], null, 'invalid_type'],
    [null, null, 'invalid_type'],
    ['x', null, 'invalid_type'],
    [messages({ role: 'bot', content: 'x' }), 'messages[0].role', 'invalid_value'],
    [messages({ content: 'x' }), 'messages[0].role', 'missing_required_field'],
    [messages({ role: 'user', content: 5 }), 'messages[0].content', 'invalid_type'],
    [
      messages({ role: 'system', content: [{ type: 'image_url' }] }),
      'messages[0].content[0].type',
      'invalid_value',
    ],
    [messages({ role: 'tool', content: 'x' }), 'messages[0].tool_call_id', 'missing_required_field'],
    [content({ type: 'text' }), 'messages[0].content[0].text', 'missing_required_field'],
    [content('x'), 'messages[0].content[0]', 'invalid_type'],
    [
      content({ type: 'image_url', image_url: { url: 5 } }),
      'messages[0].content[0].image_url.url',
      'invalid_type',
    ],
    [content({ type: 'image_url', image_url: 5 }), 'messages[0].content[0].image_url', 'invalid_type'],
    [{ ...minimal, n: 0 }, 'n', 'invalid_value'],
    [{ ...minimal, n: 9 }, 'n', 'invalid_value'],
    [{ ...minimal, n: 1.5 }, 'n', 'invalid_type'],
    [{ ...minimal, max_tokens: 0 }, 'max_tokens', 'invalid_value'],
    [{ ...minimal, max_completion_tokens: '5' }, 'max_completion_tokens', 'invalid_type'],
    [{ ...minimal, temperature: 2.1 }, 'temperature', 'invalid_value'],
    [{ ...minimal, top_p: -1 }, 'top_p', 'invalid_value'],
    [{ ...minimal, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', 'invalid_value'],
    [{ ...minimal, stop: [5] }, 'stop[0]', 'invalid_type'],
    [{ ...minimal, stream: 'yes' }, 'stream', 'invalid_type'],
    [{ ...minimal, reasoning_effort: 'huge' }, 'reasoning_effort', 'invalid_value'],
    [{ ...minimal, response_format: { type: 'xml' } }, 'response_format.type', 'invalid_value'],
    [
      { ...minimal, response_format: { type: 'json_schema' } },
      'response_format.json_schema',
      'missing_required_field',
    ],
    [
      { ...minimal, response_format: { type: 'json_schema', json_schema: { name: 'n' } } },
      'response_format.json_schema.schema',
      'missing_required_field',
    ],
    [{ ...minimal, logprobs: true }, 'logprobs', 'unsupported_parameter'],
    [{ ...minimal, top_logprobs: 3 }, 'top_logprobs', 'unsupported_parameter'],
    [{ ...minimal, modalities: ['text', 'audio'] }, 'modalities', 'unsupported_parameter'],
    [{ ...minimal, audio: { voice: 'a', format: 'wav' } }, 'audio', 'unsupported_parameter'],
  ])('%j', (body, param, code) => {
    const error = refusal(body);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param, code });
  });

  it('in words like those of OpenAI', () => {
    expect(refusal(messages({ role: 'user', content: 5 })).message).toBe(
      "Invalid type for 'messages[0].content': expected one of a string or an array, but got an integer instead.",
    );
    expect(refusal({ ...minimal, verbosity: 'huge' }).message).toBe(
      "Invalid value: 'huge'. Supported values are: 'low', 'medium', 'high'.",
    );
  });

  it('with 404 for an unknown model', () => {
    expect(refusal({ ...minimal, model: 'llama' })).toMatchObject({ status: 404, code: 'model_not_found' });
  });
});
