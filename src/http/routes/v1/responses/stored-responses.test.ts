import { afterEach, describe, expect, test, vi } from 'vitest';
import { forever, says, started, text } from '../../../testing/scripted-engine.ts';
import { type StartedServer, startTestServer } from '../../../testing/start-test-server.ts';

let server: StartedServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(...args: Parameters<typeof startTestServer>): Promise<StartedServer> {
  server = await startTestServer(...args);
  return server;
}

const question = { model: 'gpt-5', input: 'Hi' };

test('a stored response is told as it was told first', async () => {
  const { client } = await start(() => says('Hello'));
  const response = await client.responses.create({ ...question, metadata: { a: 'b' } });
  expect(await client.responses.retrieve(response.id)).toEqual(response);
});

test('its input is listed in pages, the newest first', async () => {
  const { client } = await start(() => says('Hello'));
  const input = ['one', 'two', 'three'].map((content) => ({ role: 'user', content }) as const);
  const { id } = await client.responses.create({ ...question, input });
  const textOf = (item: unknown) => (item as { content: { text: string }[] }).content[0]?.text;
  const page = await client.responses.inputItems.list(id, { limit: 2 });
  expect(page.data.map(textOf)).toEqual(['three', 'two']);
  expect(page.has_more).toBe(true);
  expect(page.data[0]).toMatchObject({
    id: expect.stringMatching(/^msg_/),
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text' }],
  });
  const rest = await client.responses.inputItems.list(id, { limit: 2, after: page.data[1]?.id ?? '' });
  expect(rest.data.map(textOf)).toEqual(['one']);
  const all: unknown[] = [];
  for await (const item of client.responses.inputItems.list(id, { order: 'asc', limit: 1 })) all.push(item);
  expect(all.map(textOf)).toEqual(['one', 'two', 'three']);
});

test('it is deleted, and others that continue it still know what was said', async () => {
  const { base, client, engine } = await start(() => says('Hello'));
  const first = await client.responses.create(question);
  const second = await client.responses.create({ ...question, previous_response_id: first.id });
  const response = await fetch(`${base}/responses/${first.id}`, {
    method: 'DELETE',
    headers: { authorization: 'Bearer me' },
  });
  expect(await response.json()).toEqual({ id: first.id, object: 'response', deleted: true });
  await expect(client.responses.retrieve(first.id)).rejects.toMatchObject({
    status: 404,
    error: { message: `Response with id '${first.id}' not found.`, type: 'invalid_request_error' },
  });
  await expect(client.responses.delete(first.id)).rejects.toMatchObject({ status: 404 });
  await client.responses.create({ ...question, previous_response_id: second.id });
  expect(engine.runs[2]?.turn.messages).toHaveLength(5);
});

test('one that runs is stopped by its deletion', async () => {
  const { client, engine } = await start(() => [started, { type: 'text.started' }, text('Hel'), forever]);
  const stream = await client.responses.create({ ...question, stream: true });
  const types: string[] = [];
  for await (const event of stream) {
    types.push(event.type);
    if (event.type === 'response.output_text.delta') {
      const id = engine.runs[0]?.turn.id ?? '';
      await client.responses.delete(id);
    }
  }
  expect(types.at(-1)).toBe('response.output_text.delta');
  expect(engine.runs[0]?.ended).toBe(true);
});

describe('nobody else', () => {
  test('reads, deletes, cancels or lists it', async () => {
    const { client, clientOf } = await start(() => says('Hello'));
    const { id } = await client.responses.create(question);
    const other = clientOf('other').responses;
    const attempts = [
      () => other.retrieve(id),
      () => other.delete(id),
      () => other.cancel(id),
      () => other.inputItems.list(id),
      () => other.retrieve(id, { stream: true }),
    ];
    for (const attempt of attempts) {
      await expect(attempt()).rejects.toMatchObject({
        status: 404,
        error: { message: `Response with id '${id}' not found.` },
      });
    }
    expect(await client.responses.retrieve(id)).toMatchObject({ id });
  });
});

test('one that is not in the background is neither cancelled nor streamed again', async () => {
  const { client } = await start(() => says('Hello'));
  const { id } = await client.responses.create(question);
  await expect(client.responses.cancel(id)).rejects.toMatchObject({ status: 400 });
  await expect(client.responses.retrieve(id, { stream: true })).rejects.toMatchObject({
    status: 400,
    param: 'stream',
  });
});

test('one whose end cannot be stored is told as failed', async () => {
  const { client, services } = await start(() => says('Hello'));
  const finish = vi.spyOn(services.responses, 'finish').mockRejectedValue(new Error('disk full'));
  const stream = await client.responses.create({ ...question, stream: true });
  const types: string[] = [];
  const read = async (): Promise<void> => {
    for await (const event of stream) types.push(event.type);
  };
  await expect(read()).rejects.toMatchObject({ code: 'internal_error' });
  expect(types).not.toContain('response.completed');
  await expect(client.responses.create(question)).rejects.toMatchObject({ status: 500 });
  finish.mockRestore();
});
