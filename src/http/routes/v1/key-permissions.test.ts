import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { says } from '../../testing/scripted-engine.ts';
import { type KeyChoice, type KeyServer, startKeyServer } from '../../testing/start-key-server.ts';

let server: KeyServer;
beforeAll(async () => {
  server = await startKeyServer(() => says('Hello'));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

describe('the models', () => {
  test('are those that the key may use', async () => {
    const { app, issue } = server;
    const list = async (permissions: NonNullable<KeyChoice['permissions']>) => {
      const { headers } = await issue({ permissions });
      const { data } = (await app.inject({ url: '/v1/models', headers })).json();
      return data.map(({ id }: { id: string }) => id);
    };
    expect(await list({ models: ['gpt-4o'] })).toEqual(['gpt-4o']);
    expect(await list({ models: ['gpt-4o*', 'agent*'] })).toEqual(['agent', 'gpt-4o', 'gpt-4o-mini']);
    expect(await list({ profiles: ['model'] })).toContain('model');
    expect(await list({ profiles: ['model'] })).not.toContain('agent');
    expect(await list({})).toEqual(expect.arrayContaining(['agent', 'model', 'sonnet', 'gpt-4o']));
  });

  test('that it may not use are not there', async () => {
    const { app, issue } = server;
    const { headers } = await issue({ permissions: { models: ['gpt-4o'], profiles: ['model'] } });
    const status = async (id: string) => (await app.inject({ url: `/v1/models/${id}`, headers })).statusCode;
    expect(await status('gpt-4o')).toBe(200);
    expect(await status('model/gpt-4o')).toBe(200);
    for (const id of ['gpt-5', 'sonnet', 'agent', 'agent/gpt-4o', 'davinci']) {
      expect(await status(id)).toBe(404);
    }
  });
});

test('looking something up is not counted', async () => {
  const { app, issue } = server;
  const { headers, key } = await issue({ limits: { requestsPerMinute: 1 } });
  const { id } = (
    await app.inject({
      method: 'POST',
      url: '/v1/responses',
      headers,
      payload: { model: 'sonnet', input: 'Hi' },
    })
  ).json();
  for (const url of ['/v1/models', `/v1/responses/${id}`, `/v1/responses/${id}/input_items`]) {
    expect((await app.inject({ url, headers })).statusCode).toBe(200);
  }
  expect((await app.inject({ method: 'POST', url: '/v1/conversations', headers })).statusCode).toBe(200);
  await vi.waitFor(async () => expect((await server.spending.read(key.id, Date.now())).day.requests).toBe(1));
});

test.each(['x-api-key', 'api-key'])('the key may come as %s', async (name) => {
  const { app, issue } = server;
  const { secret } = await issue();
  expect((await app.inject({ url: '/v1/models', headers: { [name]: secret } })).statusCode).toBe(200);
  expect((await app.inject({ url: '/v1/models', headers: { [name]: `${secret}x` } })).statusCode).toBe(401);
});

test("the key's default profile is taken where the request names none", async () => {
  const { app, issue, turnsOf } = server;
  const key = await issue({ permissions: { defaultProfile: 'model' } });
  const named = async (payload: object, headers: Record<string, string> = {}) => {
    await app.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { ...key.headers, ...headers },
      payload: { model: 'sonnet', messages: [{ role: 'user', content: 'Hi' }], ...payload },
    });
    return turnsOf(key).at(-1)?.profile.name;
  };
  expect(await named({})).toBe('model');
  expect(await named({ model: 'agent' })).toBe('agent');
  expect(await named({}, { 'x-claudecode-profile': 'agent' })).toBe('agent');
});
