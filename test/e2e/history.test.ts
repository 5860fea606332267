import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  call,
  conversation,
  lastResults,
  lastUserText,
  say,
  startUpstream,
  type Upstream,
} from '../support/upstream.ts';

type Messages = OpenAI.Chat.ChatCompletionMessageParam[];

const weather: OpenAI.Chat.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

const sixMessages: Messages = [
  { role: 'system', content: 'You are terse.' },
  { role: 'user', content: 'Is it colder in Oslo or in Bergen?' },
  {
    role: 'assistant',
    content: 'Let me look.',
    tool_calls: [
      { id: 'call_oslo', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
      {
        id: 'call_bergen',
        type: 'function',
        function: { name: 'get_weather', arguments: '{"city":"Bergen"}' },
      },
    ],
  },
  { role: 'tool', tool_call_id: 'call_oslo', content: 'snow, -5' },
  { role: 'tool', tool_call_id: 'call_bergen', content: 'rain, 4' },
  { role: 'assistant', content: 'Oslo.' },
  { role: 'user', content: 'And in Tromsø?' },
];

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
beforeEach(() => {
  upstream.script((request) => say(`answer to: ${lastUserText(request)}`));
});

async function ask(
  messages: Messages,
  more: Partial<OpenAI.Chat.ChatCompletionCreateParams> = {},
): Promise<string> {
  const completion = await server.openai.chat.completions.create({
    model: 'gpt-4o',
    messages,
    ...more,
    stream: false,
  });
  return completion.choices[0]?.message.content ?? '';
}

const asModel = { headers: { 'x-claudecode-profile': 'model' } };

async function askModel(messages: Messages): Promise<string> {
  const completion = await server.openai.chat.completions.create({ model: 'model', messages }, asModel);
  return completion.choices[0]?.message.content ?? '';
}

describe('what upstream receives', () => {
  test('is a foreign history with two parallel tool calls, message by message', async () => {
    await ask(sixMessages, { tools: [weather] });
    const request = upstream.requests.at(-1);
    expect(conversation(request)).toEqual([
      { role: 'user', content: 'Is it colder in Oslo or in Bergen?' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Let me look.' },
          { type: 'tool_use', id: 'call_oslo', name: 'get_weather', input: { city: 'Oslo' } },
          { type: 'tool_use', id: 'call_bergen', name: 'get_weather', input: { city: 'Bergen' } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'call_oslo', content: [{ type: 'text', text: 'snow, -5' }] },
          { type: 'tool_result', tool_use_id: 'call_bergen', content: [{ type: 'text', text: 'rain, 4' }] },
        ],
      },
      { role: 'assistant', content: 'Oslo.' },
      { role: 'user', content: 'And in Tromsø?' },
    ]);
    expect(request?.tools?.map(({ name, input_schema }) => ({ name, input_schema }))).toEqual([
      { name: 'get_weather', input_schema: weather.type === 'function' ? weather.function.parameters : {} },
    ]);
  });

  test('is exact for a history that is too long to be injected', async () => {
    const past: Messages = Array.from({ length: 20 }, (_, index) => [
      { role: 'user' as const, content: `question ${index}` },
      { role: 'assistant' as const, content: `reply ${index}` },
    ]).flat();
    const before = upstream.requests.length;
    await askModel([...past, { role: 'user', content: 'the last' }]);
    expect(upstream.requests.length - before).toBe(1);
    expect(conversation(upstream.requests.at(-1))).toEqual([...past, { role: 'user', content: 'the last' }]);
  });

  test('ends with the tool results of an unfinished turn, without any text of ours', async () => {
    await ask(sixMessages.slice(0, 5), { tools: [weather] });
    const received = conversation(upstream.requests.at(-1));
    expect(received).toHaveLength(3);
    expect(received.at(-1)).toMatchObject({
      role: 'user',
      content: [{ tool_use_id: 'call_oslo' }, { tool_use_id: 'call_bergen' }],
    });
  });

  test('has nothing of Claude Code in it for the model profile', async () => {
    await askModel([
      { role: 'system', content: 'Only the client speaks.' },
      { role: 'user', content: 'hello' },
    ]);
    const request = upstream.requests.at(-1);
    expect(request?.messages).toHaveLength(1);
    expect(request?.tools ?? []).toEqual([]);
    expect(request?.system?.at(-1)?.text).toBe('Only the client speaks.');
    expect(request?.system?.map(({ text }) => text).join('').length).toBeLessThan(300);
  });

  test('is a slash command or a file mention as plain text', async () => {
    await ask([{ role: 'user', content: '/cost @package.json' }]);
    expect(lastUserText(upstream.requests.at(-1) ?? fail())).toBe('/cost @package.json');
  });
});

describe('a conversation', () => {
  test('goes on in its live process', async () => {
    const first: Messages = [{ role: 'user', content: 'one' }];
    const answer = await ask(first);
    const before = server.app.engineStatus().pool.idle;
    await ask([...first, { role: 'assistant', content: answer }, { role: 'user', content: 'two' }]);
    expect(server.app.engineStatus().pool.idle).toBe(before);
    expect(conversation(upstream.requests.at(-1))).toEqual(
      [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: [{ type: 'text', text: 'answer to: one' }] },
        { role: 'user', content: 'two' },
      ].map(flattenText),
    );
  });

  test('keeps what the agent did in its context, though the client tells only the text', async () => {
    const file = path.join(server.workspace, 'note.txt');
    upstream.script((request) =>
      lastResults(request).length > 0
        ? say('Written.')
        : lastUserText(request) === 'write it'
          ? { blocks: [call('Write', { file_path: file, content: 'hello' }, 'toolu_write')] }
          : say('It says hello.'),
    );
    const first: Messages = [{ role: 'user', content: 'write it' }];
    const answer = await ask(first);
    expect(answer).toMatch(/^Written\.\n\n<!-- claudecode-api:files -->/);
    expect(await readFile(file, 'utf8')).toBe('hello');
    await ask([
      ...first,
      { role: 'assistant', content: answer },
      { role: 'user', content: 'what does it say?' },
    ]);
    const received = conversation(upstream.requests.at(-1));
    expect(JSON.stringify(received)).toContain('"id":"toolu_write"');
    expect(received.at(-1)).toEqual({ role: 'user', content: 'what does it say?' });
  });

  test('that was edited falls back to the client’s words', async () => {
    const first: Messages = [{ role: 'user', content: 'edit me' }];
    await ask(first);
    await ask([
      ...first,
      { role: 'assistant', content: 'something else' },
      { role: 'user', content: 'go on' },
    ]);
    expect(conversation(upstream.requests.at(-1)).map(flattenText)).toEqual([
      { role: 'user', content: 'edit me' },
      { role: 'assistant', content: 'something else' },
      { role: 'user', content: 'go on' },
    ]);
  });

  test('forks where an answer is regenerated, and both branches go on', async () => {
    const base: Messages = [{ role: 'user', content: 'start' }];
    const a1 = await ask(base);
    const asked: Messages = [
      ...base,
      { role: 'assistant', content: a1 },
      { role: 'user', content: 'tell me more' },
    ];
    upstream.script(() => say('branch A'));
    await ask(asked);
    upstream.script(() => say('branch B'));
    await ask(asked);
    expect(conversation(upstream.requests.at(-1)).map(flattenText)).toEqual(
      asked.map(({ role, content }) => ({ role, content })),
    );
    for (const branch of ['branch A', 'branch B']) {
      await ask([...asked, { role: 'assistant', content: branch }, { role: 'user', content: 'and?' }]);
      expect(conversation(upstream.requests.at(-1)).map(flattenText).slice(-2)).toEqual([
        { role: 'assistant', content: branch },
        { role: 'user', content: 'and?' },
      ]);
    }
  });

  test('takes a changed system text along', async () => {
    const first: Messages = [
      { role: 'system', content: 'It is Monday.' },
      { role: 'user', content: 'which day?' },
    ];
    const answer = await askModel(first);
    await askModel([
      { role: 'system', content: 'It is Tuesday.' },
      { role: 'user', content: 'which day?' },
      { role: 'assistant', content: answer },
      { role: 'user', content: 'and now?' },
    ]);
    const request = upstream.requests.at(-1);
    expect(request?.system?.at(-1)?.text).toBe('It is Tuesday.');
    expect(conversation(request)).toHaveLength(3);
  });
});

test('a restart loses no conversation: the agent’s own work is still in its context', async () => {
  const file = path.join(server.workspace, 'kept.txt');
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say('Done.')
      : lastUserText(request) === 'do it'
        ? {
            blocks: [
              call(
                'Bash',
                { command: `echo from-the-shell > ${file} && cat ${file}`, description: 'x' },
                'toolu_shell',
              ),
            ],
          }
        : say('Still here.'),
  );
  const first: Messages = [{ role: 'user', content: 'do it' }];
  const answer = await ask(first);
  await server.app[Symbol.asyncDispose]();
  server = await startApp({ upstream, directory: server.directory });
  const before = upstream.requests.length;
  await ask([...first, { role: 'assistant', content: answer }, { role: 'user', content: 'still there?' }]);
  expect(upstream.requests.length - before).toBe(1);
  const received = conversation(upstream.requests.at(-1));
  expect(JSON.stringify(received)).toContain('"id":"toolu_shell"');
  expect(JSON.stringify(received)).toContain('from-the-shell');
  expect(received.at(-1)).toEqual({ role: 'user', content: 'still there?' });
});

function flattenText(message: { role: string; content: unknown }): { role: string; content: unknown } {
  const { role, content } = message;
  const [only] = Array.isArray(content) && content.length === 1 ? content : [];
  return { role, content: only?.type === 'text' ? only.text : content };
}

function fail(): never {
  throw new Error('upstream received nothing');
}
