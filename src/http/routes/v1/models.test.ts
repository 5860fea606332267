import OpenAI from 'openai';
import { afterEach, expect, test } from 'vitest';
import { says, scriptedEngine } from '../../testing/scripted-engine.ts';
import { createTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(): Promise<TestServer> {
  server = await createTestServer({ engine: scriptedEngine(() => says('Hello')) });
  return server;
}

test("OpenAI's client lists the models and finds each of them by its id", async () => {
  const { listen } = await start();
  const client = new OpenAI({ baseURL: `${await listen()}/v1`, apiKey: 'sk-anything', maxRetries: 0 });
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  expect(ids).toEqual(expect.arrayContaining(['sonnet', 'claude-sonnet-5', 'agent', 'gpt-4o']));
  for (const id of ids) expect(await client.models.retrieve(id)).toMatchObject({ id, object: 'model' });
});

test.each([
  '/v1/models/agent/claude-sonnet-5',
  '/v1/models/agent%2Fclaude-sonnet-5',
  '/v1/models/agent/claude-sonnet-5/',
  '/v1/models/agent/claude-sonnet-5?',
])('%s is a model', async (url) => {
  const { app } = await start();
  const response = await app.inject(url);
  expect(response.statusCode).toBe(200);
  expect(response.json().id).toBe('agent/claude-sonnet-5');
});

test.each(['/v1/models/davinci', '/v1/models/agent/davinci', '/v1/models/nobody/sonnet'])(
  '%s is none',
  async (url) => {
    const { app } = await start();
    const response = await app.inject(url);
    expect(response.statusCode).toBe(404);
    expect(response.json().error).toMatchObject({
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_found',
    });
  },
);
