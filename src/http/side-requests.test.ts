import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { clientSideRequests, openWebuiTags, openWebuiTitle } from '../openai/testing/side-requests.ts';
import { agentProfile, modelProfile, type Turn } from '../turn/index.ts';
import { says } from './testing/scripted-engine.ts';
import { type KeyChoice, type KeyServer, startKeyServer } from './testing/start-key-server.ts';

let server: KeyServer;
let setting: 'small' | 'off';
beforeAll(async () => {
  server = await startKeyServer(() => says('Harbour of Oslo'), {
    smallModel: 'haiku',
    sideRequests: () => setting,
  });
});
beforeEach(() => {
  setting = 'small';
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const title = { model: 'agent', messages: openWebuiTitle.messages };
const fill = '<fim_prefix>let a = <fim_suffix>;\n<fim_middle>';
const kindHeader = 'x-claudecode-side-request';

interface Asked {
  readonly turn: Turn | undefined;
  readonly status: number;
  readonly told: unknown;
  readonly model: unknown;
  readonly logged: unknown;
}

async function ask(
  payload: object,
  more: { url?: string; headers?: Record<string, string>; permissions?: KeyChoice['permissions'] } = {},
): Promise<Asked> {
  const { url = '/v1/chat/completions', headers = {}, permissions = {} } = more;
  const key = await server.issue({ permissions });
  const answer = await server.app.inject({
    method: 'POST',
    url,
    headers: { ...key.headers, ...headers },
    payload,
  });
  const { model } = answer.json();
  const id = answer.headers['x-request-id'];
  return {
    turn: server.turnsOf(key)[0],
    status: answer.statusCode,
    told: answer.headers[kindHeader],
    model,
    logged: server.log.find(({ requestId, path }) => requestId === id && path === url)?.['sideRequest'],
  };
}

const served = { profile: modelProfile, model: 'haiku', reasoning: { effort: 'none' }, aside: true };

test('a title is written by the small model, and told as one', async () => {
  const { turn, ...answer } = await ask(title);
  expect(turn).toMatchObject(served);
  expect(answer).toEqual({ status: 200, told: 'title', model: 'agent', logged: 'title' });
});

test.each(clientSideRequests.map((request) => [request.client, request.kind, request] as const))(
  '%s: %s, over both dialects',
  async (_, kind, { messages }) => {
    const chat = await ask({ model: 'gpt-4o', messages });
    expect(chat).toMatchObject({ turn: served, told: kind });
    const response = await ask({ model: 'gpt-4o', input: messages, store: false }, { url: '/v1/responses' });
    expect(response).toMatchObject({ turn: served, told: kind, model: 'gpt-4o' });
    expect(response.turn?.messages).toEqual(chat.turn?.messages);
  },
);

test('a gap in code is filled by the small model', async () => {
  const { turn, ...answer } = await ask({ model: 'agent', prompt: fill }, { url: '/v1/completions' });
  expect(turn).toMatchObject(served);
  expect(answer).toMatchObject({ status: 200, told: 'autocomplete', model: 'agent' });
});

describe('as any other request is served', () => {
  const tools = [{ type: 'function', function: { name: 'f', parameters: {} } }];
  test.each<[string, object, Parameters<typeof ask>[1]?]>([
    ['a chat', { model: 'agent', messages: [{ role: 'user', content: 'Generate a title' }] }],
    ['one with tools', { ...title, tools }],
    ['one that names a profile', title, { headers: { 'x-claudecode-profile': 'agent' } }],
    ['one that says it is none', title, { headers: { [kindHeader]: 'off' } }],
    ['one that Open WebUI says is none', title, { headers: { 'x-openwebui-task': '' } }],
    ['another task of Open WebUI', title, { headers: { 'x-openwebui-task': 'moa_response_generation' } }],
    ['one whose key may not use the profile', title, { permissions: { profiles: ['agent'] } }],
    [
      'one that runs in the background',
      { model: 'agent', input: title.messages, background: true },
      { url: '/v1/responses' },
    ],
    [
      'one with a hosted tool',
      { model: 'agent', input: title.messages, tools: [{ type: 'web_search' }] },
      { url: '/v1/responses' },
    ],
    ['a text to be continued', { model: 'agent', prompt: 'let a = ' }, { url: '/v1/completions' }],
    ['several gaps', { model: 'agent', prompt: [fill, fill] }, { url: '/v1/completions' }],
  ])('%s', async (_, payload, more) => {
    const { turn, ...answer } = await ask(payload, more);
    expect(answer).toMatchObject({ status: 200, told: undefined, logged: undefined });
    // What runs in the background may not have begun.
    if (turn !== undefined)
      expect([turn.aside, turn.model, turn.profile.name]).toEqual([undefined, 'sonnet', 'agent']);
  });

  test('all, where it is switched off', async () => {
    setting = 'off';
    expect((await ask(title)).turn).toMatchObject({ profile: agentProfile, model: 'sonnet' });
    setting = 'small';
    expect((await ask(title)).turn).toMatchObject(served);
  });
});

test('what goes on with a stored response is no side request', async () => {
  const key = await server.issue();
  const create = async (payload: object) =>
    (await server.app.inject({ method: 'POST', url: '/v1/responses', headers: key.headers, payload })).json();
  const { id } = await create({ model: 'agent', input: 'Draw the harbour' });
  await create({ model: 'agent', input: openWebuiTags.messages, previous_response_id: id });
  expect(server.turnsOf(key).map(({ aside }) => aside)).toEqual([undefined, undefined]);
});

test.each([
  [{ 'x-openwebui-task': 'follow_up_generation' }, 'follow-ups'],
  [{ [kindHeader]: 'tags' }, 'tags'],
])('a request that says what it is by %j needs no known words', async (headers, kind) => {
  const german = { model: 'agent', messages: [{ role: 'user', content: 'Nenne drei Fragen' }] };
  expect(await ask(german, { headers })).toMatchObject({ turn: served, told: kind });
});

test('a kind that there is not is refused', async () => {
  const { status, turn } = await ask(title, { headers: { [kindHeader]: 'poem' } });
  expect([status, turn]).toEqual([400, undefined]);
});

describe('a key', () => {
  test('that may not use the small model gets the one that it asked for, without tools', async () => {
    const { turn, told } = await ask(title, { permissions: { models: ['agent'] } });
    expect(turn).toMatchObject({ profile: modelProfile, model: 'sonnet', aside: true });
    expect(told).toBe('title');
  });

  test('that may not use the model that it names is refused', async () => {
    const { turn, status } = await ask(title, { permissions: { models: ['haiku'] } });
    expect([status, turn]).toEqual([403, undefined]);
  });
});
