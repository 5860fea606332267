import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  call,
  conversation,
  lastResults,
  say,
  startUpstream,
  text,
  type Upstream,
} from '../support/upstream.ts';

type Messages = OpenAI.Chat.ChatCompletionMessageParam[];

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: { city: { type: 'string', description: 'Name of the city' } },
  required: ['city'],
  additionalProperties: false,
};
const tools: OpenAI.Chat.ChatCompletionTool[] = [
  { type: 'function', function: { name: 'get_weather', description: 'The weather', parameters: schema } },
  { type: 'function', function: { name: 'get_time' } },
];
const question: Messages = [{ role: 'user', content: 'Weather in Oslo and Bergen?' }];

let upstream: Upstream;
let server: TestApp;

beforeAll(async () => {
  upstream = await startUpstream();
  server = await startApp({ upstream });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** Calls the weather of two cities at once, then says what it was told. */
function scriptTwoCities(): void {
  upstream.script((request) => {
    const results = lastResults(request);
    return results.length > 0
      ? say(`Told: ${results.map((result) => JSON.stringify(result.content)).join(' ')}`)
      : {
          blocks: [
            text('Looking.'),
            call('get_weather', { city: 'Oslo' }, 'toolu_oslo'),
            call('get_weather', { city: 'Bergen' }, 'toolu_bergen'),
          ],
        };
  });
}

function withResults(message: OpenAI.Chat.ChatCompletionMessage): Messages {
  const calls = message.tool_calls ?? [];
  return [
    ...question,
    message,
    ...calls.map((one) => ({
      role: 'tool' as const,
      tool_call_id: one.id,
      content: `weather for ${one.id}`,
    })),
  ];
}

async function askForCalls(): Promise<OpenAI.Chat.ChatCompletionMessage> {
  const completion = await server.openai.chat.completions.create({
    model: 'gpt-4o',
    messages: question,
    tools,
  });
  expect(completion.choices[0]?.finish_reason).toBe('tool_calls');
  return completion.choices[0]?.message ?? fail();
}

const whatUpstreamSawLast = [
  { role: 'user', content: 'Weather in Oslo and Bergen?' },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: 'Looking.' },
      { type: 'tool_use', id: 'toolu_oslo', name: 'get_weather', input: { city: 'Oslo' } },
      { type: 'tool_use', id: 'toolu_bergen', name: 'get_weather', input: { city: 'Bergen' } },
    ],
  },
  {
    role: 'user',
    content: [
      expect.objectContaining({
        tool_use_id: 'toolu_oslo',
        content: [{ type: 'text', text: 'weather for toolu_oslo' }],
      }),
      expect.objectContaining({
        tool_use_id: 'toolu_bergen',
        content: [{ type: 'text', text: 'weather for toolu_bergen' }],
      }),
    ],
  },
];

describe('parallel calls', () => {
  test('are parked in the process that made them and go on with the results', async () => {
    scriptTwoCities();
    const before = upstream.requests.length;
    const message = await askForCalls();
    expect(message.content).toBe('Looking.');
    expect(message.tool_calls?.map((one) => one.type === 'function' && one.function)).toEqual([
      { name: 'get_weather', arguments: '{"city":"Oslo"}' },
      { name: 'get_weather', arguments: '{"city":"Bergen"}' },
    ]);
    const sent = upstream.requests.at(-1)?.tools?.find((tool) => tool.name === 'get_weather');
    expect(sent?.input_schema).toEqual(schema);

    const completion = await server.openai.chat.completions.create({
      model: 'gpt-4o',
      messages: withResults(message),
      tools,
    });
    expect(completion.choices[0]?.message.content).toContain('weather for toolu_oslo');
    expect(upstream.requests.length - before).toBe(2);
    expect(conversation(upstream.requests.at(-1))).toEqual(whatUpstreamSawLast);
  });

  test('survive a restart of the server without any extra upstream call or invented text', async () => {
    scriptTwoCities();
    const message = await askForCalls();
    await server.app[Symbol.asyncDispose]();
    server = await startApp({ upstream, directory: server.directory });
    const before = upstream.requests.length;
    const completion = await server.openai.chat.completions.create({
      model: 'gpt-4o',
      messages: withResults(message),
      tools,
    });
    expect(completion.choices[0]?.message.content).toContain('weather for toolu_bergen');
    expect(upstream.requests.length - before).toBe(1);
    expect(conversation(upstream.requests.at(-1))).toEqual(whatUpstreamSawLast);
  });

  test('stream with index, id, type and name first, then their arguments', async () => {
    upstream.script(() => ({
      blocks: [
        { type: 'tool_use', id: 'toolu_1', name: 'get_weather', deltas: ['{"ci', 'ty":', '"Oslo"}'] },
        { type: 'tool_use', id: 'toolu_2', name: 'get_time', deltas: [] },
      ],
    }));
    const stream = server.openai.chat.completions.stream({ model: 'gpt-4o', messages: question, tools });
    const fragments: unknown[] = [];
    for await (const chunk of stream) fragments.push(...(chunk.choices[0]?.delta.tool_calls ?? []));
    expect(fragments).toEqual([
      { index: 0, id: 'toolu_1', type: 'function', function: { name: 'get_weather', arguments: '' } },
      { index: 0, function: { arguments: '{"ci' } },
      { index: 0, function: { arguments: 'ty":' } },
      { index: 0, function: { arguments: '"Oslo"}' } },
      { index: 1, id: 'toolu_2', type: 'function', function: { name: 'get_time', arguments: '' } },
      { index: 1, function: { arguments: '{}' } },
    ]);
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.finish_reason).toBe('tool_calls');
  });

  test('whose results come with more words are answered all the same', async () => {
    scriptTwoCities();
    const message = await askForCalls();
    await server.openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [...withResults(message), { role: 'user', content: 'Briefly, please.' }],
      tools,
    });
    const last = conversation(upstream.requests.at(-1)).at(-1);
    expect(last?.content).toHaveLength(3);
    expect(JSON.stringify(last?.content)).toContain('Briefly, please.');
  });
});

describe('tool_choice', () => {
  const cases: [string, Partial<OpenAI.Chat.ChatCompletionCreateParamsNonStreaming>, unknown][] = [
    ['auto', {}, undefined],
    ['none', { tool_choice: 'none' }, { type: 'none' }],
    ['required', { tool_choice: 'required' }, { type: 'any' }],
    [
      'a named function',
      { tool_choice: { type: 'function', function: { name: 'get_time' } } },
      { type: 'tool', name: 'get_time' },
    ],
    [
      'auto without parallel calls',
      { parallel_tool_calls: false },
      { type: 'auto', disable_parallel_tool_use: true },
    ],
  ];
  test.each(cases)('%s reaches upstream', async (_, params, expected) => {
    upstream.script(() => say('fine'));
    await server.openai.chat.completions.create({ model: 'gpt-4o', messages: question, tools, ...params });
    const request = upstream.requests.at(-1);
    expect(request?.tool_choice).toEqual(expected);
    expect(request?.tools?.map((tool) => tool.name).sort()).toEqual(['get_time', 'get_weather']);
  });

  test('allowed_tools offers only these', async () => {
    upstream.script(() => say('fine'));
    await server.openai.chat.completions.create({
      model: 'gpt-4o',
      messages: question,
      tools,
      tool_choice: {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'get_time' } }] },
      },
    });
    expect(upstream.requests.at(-1)?.tools?.map((tool) => tool.name)).toEqual(['get_time']);
    expect(upstream.requests.at(-1)?.tool_choice).toEqual({ type: 'any' });
  });
});

test('a custom tool is called with free text', async () => {
  upstream.script(() => ({ blocks: [call('run_sql', { input: 'select "a"\nfrom b' }, 'toolu_sql')] }));
  const completion = await server.openai.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'query' }],
    tools: [{ type: 'custom', custom: { name: 'run_sql', description: 'Runs SQL' } }],
  });
  expect(completion.choices[0]?.message.tool_calls).toEqual([
    { id: 'toolu_sql', type: 'custom', custom: { name: 'run_sql', input: 'select "a"\nfrom b' } },
  ]);
});

test('legacy functions are called and answered in their own form', async () => {
  upstream.script((request) =>
    lastResults(request).length > 0 ? say('It snows.') : { blocks: [call('get_weather', { city: 'Oslo' })] },
  );
  const functions = [{ name: 'get_weather', parameters: schema }];
  const first = await server.openai.chat.completions.create({
    model: 'gpt-4',
    messages: question,
    functions,
  });
  expect(first.choices[0]?.finish_reason).toBe('function_call');
  expect(first.choices[0]?.message.function_call).toEqual({
    name: 'get_weather',
    arguments: '{"city":"Oslo"}',
  });
  const second = await server.openai.chat.completions.create({
    model: 'gpt-4',
    functions,
    messages: [
      ...question,
      first.choices[0]?.message ?? fail(),
      { role: 'function', name: 'get_weather', content: 'snow' },
    ],
  });
  expect(second.choices[0]?.message.content).toBe('It snows.');
  expect(conversation(upstream.requests.at(-1))).toHaveLength(3);
});

test('with client tools the built-in ones are off, unless the agent profile is asked for by name', async () => {
  upstream.script(() => say('fine'));
  await server.openai.chat.completions.create({ model: 'gpt-4o', messages: question, tools });
  expect(upstream.requests.at(-1)?.tools).toHaveLength(2);
  await server.openai.chat.completions.create({ model: 'agent', messages: question, tools });
  const names = upstream.requests.at(-1)?.tools?.map((tool) => tool.name) ?? [];
  expect(names).toEqual(expect.arrayContaining(['get_weather', 'get_time', 'Bash', 'Write', 'Read']));
});

function fail(): never {
  throw new Error('no message');
}
