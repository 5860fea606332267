import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import WebSocket from 'ws';
import { ConsoleClient } from '../support/console-client.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  call,
  lastResults,
  lastUserText,
  say,
  startUpstream,
  text,
  type Upstream,
} from '../support/upstream.ts';

let upstream: Upstream;
let app: TestApp;
let admin: ConsoleClient;

beforeAll(async () => {
  upstream = await startUpstream();
  app = await startApp({ upstream, env: { DEFAULT_MODEL: '', RECORD_DETAIL: 'full' } });
  admin = await ConsoleClient.signIn(app.origin);
});

afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

beforeEach(() => upstream.script(() => say('ok')));

async function makeKey(terms: Omit<Parameters<typeof create>[0], 'name'> = {}, name = 'test') {
  const { key, secret } = await create({ name, ...terms });
  const openai = new OpenAI({ baseURL: app.baseUrl, apiKey: secret, maxRetries: 0 });
  return { key, secret, openai };
}

function create(
  body: Parameters<typeof admin.call<'createKey'>>[1] extends { body: infer Body } | undefined ? Body : never,
) {
  return admin.call('createKey', { body });
}

const question = { model: 'sonnet', messages: [{ role: 'user' as const, content: 'Hi' }] };

async function recordOf(id: string | null | undefined) {
  return vi.waitFor(() => admin.call('getRecord', { params: { id: id ?? '' } }), { timeout: 10_000 });
}

describe('a key', () => {
  test('lets its holder in, counts requests, and is over when revoked', async () => {
    const { key, openai } = await makeKey({ limits: { requestsPerMinute: 2 } });
    const { response } = await openai.chat.completions.create(question).withResponse();
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('1');
    await openai.chat.completions.create(question);
    await expect(openai.chat.completions.create(question)).rejects.toMatchObject({
      status: 429,
      code: 'rate_limit_exceeded',
    });
    await admin.call('deleteKey', { params: { id: key.id } });
    await expect(openai.models.list()).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  test('has an own workspace, or shares that of those without a key', async () => {
    upstream.script((request) =>
      lastResults(request).length > 0
        ? say('done')
        : { blocks: [call('Bash', { command: 'pwd && echo mine > own.txt', description: 'look' })] },
    );
    const own = await makeKey({});
    const shared = await makeKey({ permissions: { workspace: 'shared' } });
    await own.openai.chat.completions.create(question);
    await shared.openai.chat.completions.create(question);
    const places = upstream.requests.flatMap((request) =>
      lastResults(request).map(({ content }) => JSON.stringify(content)),
    );
    const [first = '', second = ''] = places.slice(-2);
    expect(first).toContain(`${app.workspace}/owner-`);
    expect(second).toContain(`${app.workspace}"`);
  });

  test('may not use other models, profiles and tools', async () => {
    const { openai } = await makeKey({
      permissions: { models: ['haiku', 'claude-haiku*'], profiles: ['agent'], builtInTools: ['Read'] },
    });
    await expect(openai.chat.completions.create(question)).rejects.toMatchObject({ status: 403 });
    await expect(openai.chat.completions.create({ ...question, model: 'model/haiku' })).rejects.toMatchObject(
      {
        status: 403,
        code: 'not_allowed',
      },
    );
    await openai.chat.completions.create({ ...question, model: 'haiku' });
    expect(upstream.requests.at(-1)?.tools?.map(({ name }) => name)).toEqual(
      expect.not.arrayContaining(['Bash', 'Write', 'Edit']),
    );
    expect(upstream.requests.at(-1)?.tools?.map(({ name }) => name)).toContain('Read');
  });

  test('that has spent its tokens is refused, and a run that spends them is stopped in the middle', async () => {
    let calls = 0;
    upstream.script(() => {
      calls++;
      return {
        blocks: [call('Bash', { command: `echo ${calls}`, description: 'count' })],
        usage: { input_tokens: 600, output_tokens: 10 },
      };
    });
    const { openai } = await makeKey({ limits: { tokensPerDay: 1500 } });
    await expect(openai.chat.completions.create(question)).rejects.toMatchObject({
      status: 429,
      code: 'insufficient_quota',
    });
    expect(calls).toBeLessThan(6);
    // A question of its own: the run that was stopped may still have a call on its way.
    const messages = [{ role: 'user' as const, content: 'Once more' }];
    await expect(openai.chat.completions.create({ ...question, messages })).rejects.toMatchObject({
      status: 429,
    });
    expect(upstream.requests.map(lastUserText)).not.toContain('Once more');
  });

  test('with a budget in dollars is stopped by the engine’s own prices', async () => {
    upstream.script(() => ({
      blocks: [call('Bash', { command: 'true', description: 'nothing' })],
      usage: { input_tokens: 100_000, output_tokens: 1000 },
    }));
    const { key, openai } = await makeKey({ limits: { budgetUsdPerDay: 0.7 } });
    await expect(openai.chat.completions.create(question)).rejects.toMatchObject({
      status: 429,
      code: 'insufficient_quota',
    });
    const { usage } = await admin.call('getKey', { params: { id: key.id } });
    expect(usage.costUsdToday).toBeGreaterThan(0.7);
    expect(usage.costUsdToday).toBeLessThan(3);
  });
});

test('a profile that is made in the console answers as a model at once', async () => {
  await admin.call('putProfile', {
    params: { name: 'pirate' },
    body: {
      model: 'haiku',
      builtInTools: 'none',
      workspace: 'none',
      systemPrompt: { mode: 'replace', text: 'You are a pirate.' },
    },
  });
  const ids = (await app.openai.models.list()).data.map(({ id }) => id);
  expect(ids).toContain('pirate');
  await app.openai.chat.completions.create({
    model: 'pirate',
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
    ],
  });
  const asked = upstream.requests.at(-1);
  expect(asked?.model).toContain('haiku');
  const system = asked?.system?.map(({ text: said }) => said).join('\n') ?? '';
  expect(system).toContain('You are a pirate.');
  expect(system.indexOf('You are a pirate.')).toBeLessThan(system.indexOf('Be brief.'));
});

test('a request leaves a record with what was said and done, without secrets', async () => {
  upstream.script((request) =>
    lastResults(request).length > 0
      ? { blocks: [text('Wrote it.')] }
      : {
          blocks: [
            call('Write', {
              file_path: `${app.workspace}/note.txt`,
              content: 'the key is sk-ant-abcdefghijklmnop',
            }),
          ],
        },
  );
  const { key, openai, secret } = await makeKey({}, 'recorded');
  const headers = { 'X-Claudecode-Profile': 'agent', 'X-User': 'Ann' };
  const { response } = await openai.chat.completions
    .create({ ...question, stream: false }, { headers })
    .withResponse();
  const record = await recordOf(response.headers.get('x-request-id'));
  expect(record).toMatchObject({
    endpoint: '/v1/chat/completions',
    method: 'POST',
    status: 200,
    keyId: key.id,
    keyName: 'recorded',
    modelAsked: 'sonnet',
    profile: 'agent',
    tools: { Write: 1 },
    upstreamCalls: 2,
    source: 'new',
    stopReason: 'end',
  });
  expect(record.inputTokens).toBeGreaterThan(0);
  expect(record.costUsd).toBeGreaterThan(0);
  const detail = await admin.call('getRecordDetail', { params: { id: record.id } });
  const told = JSON.stringify(detail);
  expect(told).toContain('Wrote it.');
  expect(detail.timeline.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['started', 'tool_started', 'tool_done', 'text', 'done']),
  );
  expect(told).not.toContain('sk-ant-abcdefghijklmnop');
  expect(told).not.toContain(secret);
  expect(detail.requestHeaders).toEqual(
    expect.arrayContaining([
      ['authorization', '[redacted]'],
      ['x-claudecode-profile', 'agent'],
      ['x-user', 'Ann'],
      ['x-stainless-lang', 'js'],
    ]),
  );
  expect(detail.responseHeaders).toContainEqual(['x-request-id', record.id]);
  const found = await admin.call('listRecords', { query: { key: key.id } });
  expect(found.items.map(({ id }) => id)).toEqual([record.id]);
});

test('what runs without an HTTP answer of its own has the headers of the request that began it', async () => {
  const { openai, secret } = await makeKey({}, 'elsewhere');
  const headers = { 'x-thing': 'mine' };
  const asked = { model: 'model', input: 'Hi' };
  const queued = await openai.responses.create({ ...asked, background: true }, { headers });
  const socket = new WebSocket(`${app.baseUrl.replace('http', 'ws')}/responses`, {
    headers: { ...headers, authorization: `Bearer ${secret}` },
  });
  const completed = new Promise<string>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const { type, response } = JSON.parse(String(data));
      if (type === 'response.completed') resolve(response.id);
    });
  });
  socket.once('open', () => socket.send(JSON.stringify({ type: 'response.create', ...asked })));
  const ids = { background: queued.id, websocket: await completed };
  socket.close();
  for (const [transport, id] of Object.entries(ids)) {
    expect(await recordOf(id)).toMatchObject({ transport, status: 200 });
    const detail = await admin.call('getRecordDetail', { params: { id } });
    expect(detail.requestHeaders).toEqual(
      expect.arrayContaining([
        ['authorization', '[redacted]'],
        ['x-thing', 'mine'],
      ]),
    );
    expect(detail.responseHeaders).toBeNull();
    expect(JSON.stringify(detail)).not.toContain(secret);
  }
});

test('settings change what runs, at once', async () => {
  await admin.call('updateSettings', { body: { changes: { OPENAI_API_KEY_REQUIRED: true } } });
  const nobody = new OpenAI({ baseURL: app.baseUrl, apiKey: 'anything', maxRetries: 0 });
  await expect(nobody.models.list()).rejects.toMatchObject({ status: 401 });
  await admin.call('updateSettings', { body: { changes: { OPENAI_API_KEY_REQUIRED: null } } });
  expect((await nobody.models.list()).data.length).toBeGreaterThan(0);
  await expect(
    admin.call('updateSettings', { body: { changes: { MAX_PROCESSES: 0 } } }),
  ).rejects.toMatchObject({ status: 400, param: 'MAX_PROCESSES' });
});

test('whoever watches sees a run as it happens, and can stop it', async () => {
  let release = (): void => {};
  upstream.script(() => ({
    blocks: [text('thinking about it')],
    hold: new Promise<void>((resolve) => {
      release = resolve;
    }),
  }));
  const socket = new WebSocket(`${app.origin.replace('http', 'ws')}/ws`, {
    headers: { cookie: admin.cookie, origin: app.origin },
  });
  const messages: { type: string; data: { id?: string; runs?: unknown } }[] = [];
  socket.on('message', (data) => messages.push(JSON.parse(String(data))));
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'subscribe', data: { channel: 'requests' } }));
  await expect.poll(() => messages.map(({ type }) => type)).toContain('subscribed');
  const asked = app.openai.chat.completions.create(question).catch((error: unknown) => error);
  const begun = await vi.waitFor(
    () => {
      const found = messages.find(({ type }) => type === 'new_request');
      expect(found).toBeDefined();
      return found;
    },
    { timeout: 15_000 },
  );
  const id = begun?.data.id ?? '';
  await vi.waitFor(
    async () => {
      const { timeline } = await admin.call('getRun', { params: { id } });
      expect(timeline.some((entry) => entry.type === 'text' && entry.text.includes('thinking'))).toBe(true);
    },
    { timeout: 15_000 },
  );
  await admin.call('stopRun', { params: { id } });
  expect(await asked).toMatchObject({ status: 499 });
  await expect.poll(() => messages.map(({ type }) => type)).toContain('request_ended');
  release();
  socket.close();
});
