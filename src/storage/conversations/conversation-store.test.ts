import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import type { ItemPage } from '../items/page-items.ts';
import { StorageError } from '../storage-error.ts';
import { ended, ids, items, newResponse, TwoServers } from '../testing/two-servers.ts';

describe.each(testDatabases)('the conversation store on $kind', ({ create }) => {
  const test = new TwoServers(create);

  async function conversation(id: string, ...names: readonly string[]): Promise<void> {
    await test.conversations.create('ann', { id, metadata: {}, createdAt: 1 }, items(...names));
  }

  it('gives conversations back as they were created and changed', async () => {
    const metadata = { topic: 'Grüße 世界 "\\ \u0000' };
    await test.conversations.create('ann', { id: 'c', metadata, createdAt: 5 }, []);
    const stored = { id: 'c', owner: 'ann', metadata, createdAt: 5 };
    expect(await test.conversations.get('ann', 'c')).toEqual(stored);
    const changed = { ...stored, metadata: { topic: 'other' } };
    expect(await test.conversations.updateMetadata('ann', 'c', { topic: 'other' })).toEqual(changed);
    expect(await test.conversations.get('ann', 'c')).toEqual(changed);
    expect(await test.conversations.get('ann', 'missing')).toBeNull();
    expect(await test.conversations.updateMetadata('ann', 'missing', {})).toBeNull();
  });

  it('stores a conversation whole or not at all', async () => {
    await conversation('c', 'a');
    await expect(conversation('c', 'b')).rejects.toThrow();
    expect(await test.conversations.history('ann', 'c')).toEqual(items('a'));
    expect(await test.count('items')).toBe(1);
  });

  it('keeps items in the order in which they were added', async () => {
    await conversation('c', 'c', 'a');
    expect(await test.conversations.append('ann', 'c', items('d', 'b'))).toBe(true);
    expect(await test.conversations.append('ann', 'c', [])).toBe(true);
    expect(await test.conversations.append('ann', 'c', items('0'))).toBe(true);
    expect(await test.conversations.history('ann', 'c')).toEqual(items('c', 'a', 'd', 'b', '0'));
    expect(await test.conversations.append('ann', 'missing', items('x'))).toBe(false);
    expect(await test.conversations.history('ann', 'missing')).toBeNull();
    expect(await test.count('items')).toBe(5);
  });

  it('leaves items as they are where they come again', async () => {
    await conversation('c', 'a', 'b');
    const again = [{ id: 'b', body: { changed: true } }, ...items('c', 'd', 'c', 'a')];
    expect(await test.conversations.append('ann', 'c', again)).toBe(true);
    expect(await test.conversations.history('ann', 'c')).toEqual(items('a', 'b', 'c', 'd'));
    expect(await test.count('items')).toBe(4);
  });

  it('takes more items than one statement does, and large ones', async () => {
    await conversation('c');
    const many = items(...Array.from({ length: 12_000 }, (_, index) => `item ${index}`));
    const big = { id: 'big', body: { image: 'A'.repeat(10 * 1024 * 1024) } };
    await test.conversations.append('ann', 'c', [...many, big]);
    expect(await test.conversations.history('ann', 'c')).toEqual([...many, big]);
  });

  it('has no gap and no double where two servers add at once', async () => {
    await conversation('c');
    await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        const { conversations } = index % 2 === 0 ? test : test.elsewhere;
        return conversations.append('ann', 'c', items(`${index} first`, 'shared', `${index} second`));
      }),
    );
    const stored = ids(await test.conversations.history('ann', 'c')) ?? [];
    expect(stored).toHaveLength(81);
    expect(new Set(stored).size).toBe(81);
    const without = stored.filter((id) => id !== 'shared');
    for (let index = 0; index < without.length; index += 2) {
      expect(without[index]?.replace('first', 'second')).toBe(without[index + 1]);
    }
  });

  it('has the same items as responses, from several that end at once, each whole', async () => {
    await conversation('c');
    const names = Array.from({ length: 12 }, (_, index) => `r${index}`);
    for (const id of names)
      await test.responses.create(newResponse(id, { conversationId: 'c' }), items(`${id} in`));
    await Promise.all(
      names.map((id, index) => {
        const { responses } = index % 2 === 0 ? test : test.elsewhere;
        return responses.finish(id, ended({ output: items(`${id} out`), conversationId: 'c' }));
      }),
    );
    const stored = ids(await test.conversations.history('ann', 'c')) ?? [];
    expect(stored.toSorted()).toEqual(names.flatMap((id) => [`${id} in`, `${id} out`]).toSorted());
    for (const id of names) expect(stored.indexOf(`${id} out`)).toBe(stored.indexOf(`${id} in`) + 1);
    expect(await test.count('items')).toBe(24);
  });

  describe('pages', () => {
    const all = Array.from({ length: 13 }, (_, index) => `item ${index}`);
    const page = (page: ItemPage) => test.conversations.items('ann', 'c', page);

    for (const order of ['asc', 'desc'] as const) {
      for (const limit of [1, 5, 12, 13]) {
        it(`go ${order} by ${limit}, forwards and back, over places where items were deleted`, async () => {
          await conversation('c', ...all, 'x');
          await conversation('other', ...all, 'y');
          await test.conversations.append('ann', 'c', items('z'));
          for (const gone of ['item 4', 'x', 'z']) await test.conversations.deleteItem('ann', 'c', gone);
          const left = all.filter((id) => id !== 'item 4');
          const expected = order === 'asc' ? left : left.toReversed();
          const forwards: string[] = [];
          for (let hasMore = true; hasMore; ) {
            const got = await page({ order, limit, after: forwards.at(-1) });
            forwards.push(...(ids(got?.items) ?? []));
            hasMore = got?.hasMore ?? false;
            expect(hasMore).toBe(forwards.length < expected.length);
          }
          expect(forwards).toEqual(expected);
          const back = expected.slice(-1);
          for (let hasMore = true; hasMore; ) {
            const got = await page({ order, limit, before: back[0] });
            back.unshift(...(ids(got?.items) ?? []));
            hasMore = got?.hasMore ?? false;
          }
          expect(back).toEqual(expected);
        });
      }
    }

    it('go on without gap or double while items are added', async () => {
      await conversation('c', 'a', 'b', 'c');
      const first = await page({ order: 'asc', limit: 2 });
      await test.conversations.append('ann', 'c', items('d'));
      const second = await page({ order: 'asc', limit: 2, after: 'b' });
      expect([...(first?.items ?? []), ...(second?.items ?? [])]).toEqual(items('a', 'b', 'c', 'd'));
    });

    it('need a conversation, and an item that is in it', async () => {
      await conversation('c', 'a');
      await conversation('other', 'b');
      expect(await test.conversations.items('ann', 'missing', { order: 'asc', limit: 1 })).toBeNull();
      await expect(page({ order: 'asc', limit: 1, before: 'b' })).rejects.toEqual(
        expect.objectContaining({ name: StorageError.name, code: 'unknown_item' }),
      );
    });
  });

  describe('items', () => {
    it('are read and deleted one by one', async () => {
      await conversation('c', 'a', 'b');
      expect(await test.conversations.getItem('ann', 'c', 'b')).toEqual(items('b')[0]);
      expect(await test.conversations.getItem('ann', 'c', 'nowhere')).toBeNull();
      expect(await test.conversations.deleteItem('ann', 'c', 'b')).toBe(true);
      expect(await test.conversations.deleteItem('ann', 'c', 'b')).toBe(false);
      expect(await test.conversations.getItem('ann', 'c', 'b')).toBeNull();
      expect(await test.responses.findItems('ann', ['b'])).toEqual(new Map());
      expect(await test.conversations.history('ann', 'c')).toEqual(items('a'));
      expect(await test.count('items')).toBe(1);
    });

    it('stay where a response has them', async () => {
      await conversation('c', 'a', 'b');
      await test.responses.create(newResponse('r'), items('a', 'b'));
      await test.conversations.deleteItem('ann', 'c', 'a');
      await test.conversations.delete('ann', 'c');
      const left = await test.responses.inputItems('ann', 'r', { order: 'asc', limit: 9 });
      expect(left?.items).toEqual(items('a', 'b'));
    });
  });

  it('deletes a conversation with its items', async () => {
    await conversation('c', 'a', 'b');
    await conversation('other', 'b');
    expect(await test.conversations.delete('ann', 'c')).toBe(true);
    expect(await test.conversations.delete('ann', 'c')).toBe(false);
    expect(await test.conversations.get('ann', 'c')).toBeNull();
    expect(await test.conversations.append('ann', 'c', items('x'))).toBe(false);
    expect(await test.conversations.history('ann', 'other')).toEqual(items('b'));
    expect([await test.count('items'), await test.count('conversation_items')]).toEqual([1, 1]);
  });

  it('shows another owner nothing', async () => {
    await conversation('c', 'a');
    const { conversations } = test;
    for (const owner of ['bob', '', 'ANN']) {
      expect(await conversations.get(owner, 'c')).toBeNull();
      expect(await conversations.updateMetadata(owner, 'c', { x: 1 })).toBeNull();
      expect(await conversations.append(owner, 'c', items('x'))).toBe(false);
      expect(await conversations.items(owner, 'c', { order: 'asc', limit: 1 })).toBeNull();
      expect(await conversations.history(owner, 'c')).toBeNull();
      expect(await conversations.getItem(owner, 'c', 'a')).toBeNull();
      expect(await conversations.deleteItem(owner, 'c', 'a')).toBe(false);
      expect(await conversations.delete(owner, 'c')).toBe(false);
    }
    expect(await conversations.get('ann', 'c')).toMatchObject({ metadata: {} });
    expect(await conversations.history('ann', 'c')).toEqual(items('a'));
  });

  it('forgets those that nobody touched, in batches', async () => {
    for (let index = 0; index < 230; index++) await conversation(`idle ${index}`, 'shared', `item ${index}`);
    await conversation('appended');
    await conversation('renamed');
    test.now += 1000;
    const time = test.now;
    await test.conversations.append('ann', 'appended', items('shared'));
    await test.conversations.updateMetadata('ann', 'renamed', { a: 1 });
    await conversation('young', 'young');
    const counts = await Promise.all([
      test.conversations.deleteIdleSince(time),
      test.elsewhere.conversations.deleteIdleSince(time),
    ]);
    expect(counts[0] + counts[1] + (await test.conversations.deleteIdleSince(time))).toBe(230);
    expect([await test.count('conversations'), await test.count('items')]).toEqual([3, 2]);
  });
});
