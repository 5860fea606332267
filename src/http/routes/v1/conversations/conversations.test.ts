import { afterEach, describe, expect, test } from 'vitest';
import { says } from '../../../testing/scripted-engine.ts';
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

const hi = { type: 'message', role: 'user', content: 'Hi' } as const;
const say = (content: string) => ({ type: 'message', role: 'user', content }) as const;
const textOf = (item: unknown) => (item as { content?: { text?: string }[] }).content?.[0]?.text;

describe('a conversation', () => {
  test('is made, read, changed and deleted', async () => {
    const { client } = await start(() => says('Hello'));
    const made = await client.conversations.create({ items: [hi], metadata: { topic: 'x' } });
    expect(made).toEqual({
      id: expect.stringMatching(/^conv_/),
      object: 'conversation',
      created_at: expect.any(Number),
      metadata: { topic: 'x' },
    });
    expect(await client.conversations.retrieve(made.id)).toEqual(made);
    const changed = await client.conversations.update(made.id, { metadata: { topic: 'y' } });
    expect(changed).toEqual({ ...made, metadata: { topic: 'y' } });
    expect(await client.conversations.retrieve(made.id)).toEqual(changed);
    expect(await client.conversations.delete(made.id)).toEqual({
      id: made.id,
      object: 'conversation.deleted',
      deleted: true,
    });
    await expect(client.conversations.retrieve(made.id)).rejects.toMatchObject({
      status: 404,
      error: { message: `Conversation with id '${made.id}' not found.` },
    });
  });

  test('may begin empty, without any body', async () => {
    const { base, client } = await start(() => says('Hello'));
    const response = await fetch(`${base}/conversations`, {
      method: 'POST',
      headers: { authorization: 'Bearer me' },
    });
    const made = (await response.json()) as { id: string };
    expect(made).toMatchObject({ object: 'conversation', metadata: {} });
    const items = await client.conversations.items.list(made.id);
    expect(items).toMatchObject({ data: [], has_more: false });
  });

  test('has items that are added, listed in pages, read and deleted', async () => {
    const { client } = await start(() => says('Hello'));
    const { id } = await client.conversations.create({ items: [say('one')] });
    const added = await client.conversations.items.create(id, { items: [say('two'), say('three')] });
    expect(added).toMatchObject({ object: 'list', has_more: false, first_id: added.data[0]?.id });
    expect(added.data.map(textOf)).toEqual(['two', 'three']);

    const newest = await client.conversations.items.list(id, { limit: 2 });
    expect(newest.data.map(textOf)).toEqual(['three', 'two']);
    expect(newest.has_more).toBe(true);
    const rest = await client.conversations.items.list(id, { limit: 2, after: newest.last_id });
    expect(rest.data.map(textOf)).toEqual(['one']);
    expect(rest.has_more).toBe(false);
    const all: unknown[] = [];
    for await (const item of client.conversations.items.list(id, { limit: 1, order: 'asc' })) all.push(item);
    expect(all.map(textOf)).toEqual(['one', 'two', 'three']);

    const two = added.data[0]?.id ?? '';
    const params = { conversation_id: id };
    expect(textOf(await client.conversations.items.retrieve(two, params))).toBe('two');
    expect(await client.conversations.items.delete(two, params)).toMatchObject({
      id,
      object: 'conversation',
    });
    await expect(client.conversations.items.retrieve(two, params)).rejects.toMatchObject({ status: 404 });
    await expect(client.conversations.items.delete(two, params)).rejects.toMatchObject({ status: 404 });
  });

  test.each([
    [{ items: Array.from({ length: 21 }, () => hi) }, { param: 'items' }],
    [{ items: 'x' }, { param: 'items', code: 'invalid_type' }],
    [{ items: [{ type: 'sculpture' }] }, { param: 'items[0].type' }],
    [{ metadata: { a: 1 } }, { param: 'metadata.a' }],
    [[], { code: 'invalid_type' }],
  ])('is not made of %j', async (body, error) => {
    const { base } = await start(() => says('Hello'));
    const response = await fetch(`${base}/conversations`, { method: 'POST', body: JSON.stringify(body) });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error });
  });

  test.each(['limit=0', 'limit=101', 'limit=x', 'order=up', 'after=msg_unknown'])(
    'refuses ?%s',
    async (query) => {
      const { base, client } = await start(() => says('Hello'));
      const { id } = await client.conversations.create({ items: [hi] });
      const response = await fetch(`${base}/conversations/${id}/items?${query}`, {
        headers: { authorization: 'Bearer me' },
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { param: query.split('=')[0] } });
    },
  );

  test("is not there for somebody else's eyes and hands", async () => {
    const { client, clientOf } = await start(() => says('Hello'));
    const { id } = await client.conversations.create({ items: [hi] });
    const item = (await client.conversations.items.list(id)).data[0]?.id ?? '';
    const other = clientOf('other').conversations;
    const attempts = [
      () => other.retrieve(id),
      () => other.update(id, { metadata: {} }),
      () => other.delete(id),
      () => other.items.list(id),
      () => other.items.create(id, { items: [hi] }),
      () => other.items.retrieve(item, { conversation_id: id }),
      () => other.items.delete(item, { conversation_id: id }),
      () => clientOf('other').responses.create({ model: 'gpt-5', input: 'Hi', conversation: id }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ status: 404 });
    expect((await client.conversations.items.list(id)).data).toHaveLength(1);
  });
});

describe('a response in a conversation', () => {
  test.each([true, false])('knows its items and adds its own (store: %s)', async (store) => {
    const { client, engine } = await start((turn) => says(`answer ${turn.messages.length}`));
    const { id } = await client.conversations.create({ items: [{ ...say('Be brief.'), role: 'developer' }] });
    const first = await client.responses.create({ model: 'gpt-5', input: 'Hi', conversation: id, store });
    expect(first.conversation).toEqual({ id });
    await client.responses.create({ model: 'gpt-5', input: 'And?', conversation: { id }, store });
    expect(engine.runs[1]?.turn).toMatchObject({
      system: 'Be brief.',
      messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }],
    });
    const { data } = await client.conversations.items.list(id, { order: 'asc' });
    expect(data.map(textOf)).toEqual(['Be brief.', 'Hi', 'answer 1', 'And?', 'answer 3']);
  });

  test('cannot continue another response as well', async () => {
    const { client } = await start(() => says('Hello'));
    const { id } = await client.conversations.create();
    const both = { model: 'gpt-5', input: 'Hi', conversation: id, previous_response_id: 'resp_x' };
    await expect(client.responses.create(both)).rejects.toMatchObject({ status: 400, param: 'conversation' });
  });
});
