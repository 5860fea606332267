import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import type { StoredItem } from '../items/stored-items.ts';
import { ended, ids, items, newResponse, TwoServers } from '../testing/two-servers.ts';
import { ConversationOverview, cursorOf, type OverviewEntry } from './conversation-overview.ts';

const bounds = { limit: 100, maxBytes: 1e6 };

describe.each(testDatabases)('the overview of conversations on $kind', ({ create }) => {
  const test = new TwoServers(create);

  function overview(): ConversationOverview {
    return new ConversationOverview(test.database);
  }

  async function conversation(id: string, updatedAt: number, owner = 'ann'): Promise<void> {
    test.now = updatedAt;
    await test.conversations.create(owner, { id, metadata: {}, createdAt: 1 }, items(`${id} first`));
  }

  async function response(
    id: string,
    createdAt: number,
    more: { previousResponseId?: string; conversationId?: string; owner?: string } = {},
  ): Promise<void> {
    const { conversationId } = more;
    const asked = { ...newResponse(id, more), createdAt, response: { model: `model of ${id}` } };
    await test.responses.create(asked, items(`${id} in`));
    const end = ended({ output: items(`${id} out`), ...(conversationId && { conversationId }) });
    await test.responses.finish(id, { ...end, response: { model: `model of ${id}` } });
  }

  async function all(limit: number, owner?: string): Promise<OverviewEntry[]> {
    const found: OverviewEntry[] = [];
    for (let cursor: string | undefined; ; ) {
      const page = await overview().list({ owner, cursor, limit });
      found.push(...page.entries);
      const last = page.entries.at(-1);
      expect(page.entries.length).toBeLessThanOrEqual(limit);
      if (!page.hasMore || last === undefined) return found;
      cursor = cursorOf(last);
    }
  }

  it('tells conversations and the last responses of chains, those changed last first', async () => {
    await conversation('conv_a', 10);
    await response('resp_1', 20);
    await response('resp_2', 30, { previousResponseId: 'resp_1' });
    await conversation('conv_b', 25, 'bob');
    test.now = 40;
    await response('resp_in', 40, { conversationId: 'conv_a' });
    expect(await all(10)).toEqual([
      {
        id: 'conv_a',
        kind: 'conversation',
        owner: 'ann',
        createdAt: 1,
        updatedAt: 40,
        model: 'model of resp_in',
      },
      {
        id: 'resp_2',
        kind: 'responses',
        owner: 'ann',
        createdAt: 20,
        updatedAt: 30,
        model: 'model of resp_2',
      },
      { id: 'conv_b', kind: 'conversation', owner: 'bob', createdAt: 1, updatedAt: 25, model: null },
    ]);
    expect((await all(10, 'bob')).map(({ id }) => id)).toEqual(['conv_b']);
    expect((await all(10, 'nobody')).map(({ id }) => id)).toEqual([]);
  });

  it('has every entry on exactly one page, however many were changed at the same time', async () => {
    for (const name of ['a', 'B', 'c']) await conversation(`conv_${name}`, 10);
    for (const name of ['a', 'B', 'c']) await response(`resp_${name}`, 10);
    await conversation('conv_d', 11);
    await response('resp_d', 9);
    const whole = (await all(100)).map(({ id }) => id);
    expect(whole).toHaveLength(8);
    expect([whole[0], whole.at(-1)]).toEqual(['conv_d', 'resp_d']);
    for (const limit of [1, 2, 3, 5]) expect((await all(limit)).map(({ id }) => id)).toEqual(whole);
    await expect(overview().list({ cursor: 'nonsense', limit: 1 })).rejects.toMatchObject({
      code: 'bad_cursor',
    });
  });

  it('shows each branch of a chain, and goes back to the one before where the last was deleted', async () => {
    await response('resp_1', 1);
    await response('resp_2', 2, { previousResponseId: 'resp_1' });
    await response('resp_3', 3, { previousResponseId: 'resp_1' });
    expect((await all(10)).map(({ id }) => id)).toEqual(['resp_3', 'resp_2']);
    expect(await overview().responsesOf({ id: 'resp_3', kind: 'responses' })).toEqual(['resp_3']);
    await test.responses.delete('ann', 'resp_3');
    expect((await all(10)).map(({ id }) => id)).toEqual(['resp_2']);
    expect(await overview().responsesOf({ id: 'resp_2', kind: 'responses' })).toEqual(['resp_2', 'resp_1']);
    await test.responses.delete('ann', 'resp_2');
    expect((await all(10)).map(({ id }) => id)).toEqual(['resp_1']);
  });

  it('finds one by its id, whoever’s it is', async () => {
    await conversation('conv_a', 10, 'bob');
    await response('resp_1', 1);
    await response('resp_in', 2, { conversationId: 'conv_a', owner: 'bob' });
    expect(await overview().find('conv_a')).toMatchObject({ owner: 'bob', model: 'model of resp_in' });
    expect(await overview().find('resp_1')).toMatchObject({ owner: 'ann', model: 'model of resp_1' });
    expect(await overview().find('resp_in')).toBeNull();
    expect(await overview().find('missing')).toBeNull();
    expect(await overview().responsesOf({ id: 'conv_a', kind: 'conversation' })).toEqual(['resp_in']);
  });

  it('tells the model of a response whatever characters its texts have', async () => {
    const texts = ['\0', '\\\0', '\\u0000', '\\\\u0000', '\ud800', '\\'];
    await test.responses.create(newResponse('resp_1'), items('in'));
    await test.responses.finish('resp_1', { ...ended(), response: { texts, model: 'claude' } });
    expect((await all(10)).map(({ model }) => model)).toEqual(['claude']);
  });

  it('tells how one began, and its last items in order', async () => {
    await conversation('conv_a', 10);
    await test.conversations.append('ann', 'conv_a', items('b', 'c'));
    const conv = { id: 'conv_a', kind: 'conversation' } as const;
    expect((await overview().beginning(conv)).map((body) => JSON.parse(body))).toEqual(
      items('conv_a first', 'b', 'c').map(({ body }) => body),
    );
    expect(await overview().lastItems(conv, bounds)).toEqual({
      items: items('conv_a first', 'b', 'c'),
      truncated: false,
    });
    expect(await overview().lastItems(conv, { ...bounds, limit: 2 })).toEqual({
      items: items('b', 'c'),
      truncated: true,
    });

    await response('resp_1', 1);
    await response('resp_2', 2, { previousResponseId: 'resp_1' });
    const chain = { id: 'resp_2', kind: 'responses' } as const;
    expect(await overview().beginning(chain)).toEqual([JSON.stringify(items('resp_1 in')[0]?.body)]);
    const { items: said } = await overview().lastItems(chain, bounds);
    expect(ids(said)).toEqual(['resp_1 in', 'resp_1 out', 'resp_2 in', 'resp_2 out']);
    expect(ids((await overview().lastItems(chain, { ...bounds, limit: 3 })).items)).toEqual([
      'resp_1 out',
      'resp_2 in',
      'resp_2 out',
    ]);
  });

  it('keeps to the size that is asked for, but tells the last item whatever its size', async () => {
    const large = (id: string): StoredItem => ({ id, body: { text: 'x'.repeat(1000) } });
    await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, [large('a'), large('b')]);
    const entry = { id: 'c', kind: 'conversation' } as const;
    const last = await overview().lastItems(entry, { limit: 10, maxBytes: 100 });
    expect([ids(last.items), last.truncated]).toEqual([['b'], true]);
    const [first] = await overview().beginning({ id: 'c', kind: 'conversation' });
    expect(first).toMatch(/^\{"text":"xxx/);
  });
});
