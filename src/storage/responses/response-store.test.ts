import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import type { Json } from '../../turn/index.ts';
import type { ItemPage } from '../items/page-items.ts';
import { storeItems } from '../items/stored-items.ts';
import { StorageError } from '../storage-error.ts';
import { ended, events, ids, items, newResponse, TwoServers } from '../testing/two-servers.ts';
import { endResponse } from './end-response.ts';
import { linkToResponse } from './link-to-response.ts';

const failure = (code: string) => expect.objectContaining({ name: StorageError.name, code });

describe.each(testDatabases)('the response store on $kind', ({ create }) => {
  const test = new TwoServers(create);

  describe('a response', () => {
    it('comes back as it was created', async () => {
      await test.completed('r0');
      const request = { text: 'Grüße, 世界 👩‍💻 "\\ \u0000 \ud800 \u2028', nested: [[], {}, null, 1.5e-7] };
      await test.responses.create(
        newResponse('r1', { previousResponseId: 'r0', createdAt: 5, request, response: { told: 'first' } }),
        [],
      );
      expect(await test.responses.get('ann', 'r1')).toEqual({
        id: 'r1',
        owner: 'ann',
        status: 'in_progress',
        background: false,
        createdAt: 5,
        completedAt: null,
        previousResponseId: 'r0',
        conversationId: null,
        request,
        response: { told: 'first' },
      });
    });

    it('tells its end, and no longer keeps what it was run with', async () => {
      await test.responses.create(newResponse('r1'), items('a'));
      const end = ended({ status: 'incomplete', completedAt: 7, response: { told: 'last' } });
      expect(await test.responses.finish('r1', end)).toBe(true);
      expect(await test.responses.get('ann', 'r1')).toMatchObject({
        status: 'incomplete',
        completedAt: 7,
        response: { told: 'last' },
      });
      expect((await test.responses.get('ann', 'r1'))?.request).toEqual({});
    });

    it('is stored whole or not at all', async () => {
      await test.responses.create(newResponse('r1'), items('a'));
      await expect(test.responses.create(newResponse('r1'), items('b'))).rejects.toThrow();
      const endless: Record<string, Json> = {};
      endless['self'] = endless;
      const failing = test.responses.create(newResponse('r2'), [...items('c'), { id: 'd', body: endless }]);
      await expect(failing).rejects.toThrow();
      expect([await test.count('responses'), await test.count('items')]).toEqual([1, 1]);
    });

    it('continues only what its owner has', async () => {
      await test.completed('r1');
      const child = (owner: string, previousResponseId: string) =>
        test.responses.create(newResponse('child', { owner, previousResponseId }), items('x'));
      await expect(child('ann', 'missing')).rejects.toEqual(failure('unknown_response'));
      await expect(child('bob', 'r1')).rejects.toEqual(failure('unknown_response'));
      await test.responses.delete('ann', 'r1');
      await expect(child('ann', 'r1')).rejects.toEqual(failure('unknown_response'));
      expect([await test.count('responses'), await test.count('items')]).toEqual([0, 0]);
    });

    it('runs only in a conversation of its owner', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, []);
      const within = (owner: string, conversationId: string) =>
        test.responses.create(newResponse('r', { owner, conversationId }), []);
      await expect(within('ann', 'missing')).rejects.toEqual(failure('unknown_conversation'));
      await expect(within('bob', 'c')).rejects.toEqual(failure('unknown_conversation'));
      await within('ann', 'c');
      expect((await test.responses.get('ann', 'r'))?.conversationId).toBe('c');
    });

    it('refuses the same item twice in its input, and in its output', async () => {
      const twice = items('a', 'b', 'a');
      await expect(test.responses.create(newResponse('r1'), twice)).rejects.toEqual(
        failure('duplicate_item'),
      );
      expect(await test.count('responses')).toBe(0);
      await test.responses.create(newResponse('r1'), items('a'));
      await expect(test.responses.finish('r1', ended({ output: twice }))).rejects.toEqual(
        failure('duplicate_item'),
      );
      expect((await test.responses.get('ann', 'r1'))?.status).toBe('in_progress');
      expect(await test.responses.finish('r1', ended({ output: items('a') }))).toBe(true);
    });

    it('may be large', async () => {
      const image = 'A'.repeat(10 * 1024 * 1024);
      const [plain] = items('a');
      const big = { id: 'big', body: { image } };
      await test.responses.create(newResponse('r1', { request: { image } }), plain ? [plain, big] : []);
      expect((await test.responses.get('ann', 'r1'))?.request['image'] === image).toBe(true);
      await test.responses.finish('r1', ended({ response: { image }, output: [{ ...big, id: 'out' }] }));
      expect((await test.responses.get('ann', 'r1'))?.response['image'] === image).toBe(true);
      const { items: said } = (await test.responses.history('ann', 'r1')) ?? {};
      expect(said?.map(({ body }) => body['image'] === image)).toEqual([false, true, true]);
    });

    it('may have more items than one statement takes', async () => {
      const many = items(...Array.from({ length: 12_000 }, (_, index) => `item ${index}`));
      await test.responses.create(newResponse('r1'), many);
      await test.responses.finish('r1', ended({ output: items('end') }));
      const history = await test.responses.history('ann', 'r1');
      expect(history?.items).toEqual([...many, ...items('end')]);
      expect((await test.responses.findItems('ann', ids(many) ?? [])).size).toBe(12_000);
      expect(await test.responses.delete('ann', 'r1')).toBe(true);
      expect(await test.count('items')).toBe(0);
    });
  });

  describe('finishing', () => {
    it('is done once', async () => {
      await test.responses.create(newResponse('r1'), items('a'));
      expect(await test.responses.finish('r1', ended({ output: items('first') }))).toBe(true);
      const second = ended({ status: 'failed', completedAt: 9, response: {}, output: items('second') });
      expect(await test.responses.finish('r1', { ...second, events: events(1) })).toBe(false);
      expect(await test.responses.get('ann', 'r1')).toMatchObject({
        status: 'completed',
        completedAt: 2_000_000,
        response: { done: true },
      });
      expect(ids((await test.responses.history('ann', 'r1'))?.items)).toEqual(['a', 'first']);
      expect([await test.count('items'), await test.count('response_events')]).toEqual([2, 0]);
    });

    it('is done once by two servers at the same time', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, []);
      for (let round = 0; round < 10; round++) {
        const id = `r${round}`;
        await test.responses.create(newResponse(id, { conversationId: 'c' }), []);
        const attempts = await Promise.all(
          Array.from({ length: 8 }, (_, attempt) => {
            const { responses } = attempt % 2 === 0 ? test : test.elsewhere;
            const output = items(`${id} by ${attempt}`);
            return responses.finish(id, ended({ output, conversationId: 'c', response: { by: attempt } }));
          }),
        );
        const winner = attempts.indexOf(true);
        expect(attempts.filter(Boolean)).toHaveLength(1);
        expect((await test.responses.get('ann', id))?.response).toEqual({ by: winner });
        const history = (await test.responses.history('ann', id))?.items ?? [];
        expect(ids(history)?.at(-1)).toBe(`${id} by ${winner}`);
      }
      expect(await test.conversations.history('ann', 'c')).toHaveLength(10);
      expect(await test.count('items')).toBe(10);
    });

    it('does nothing to what is not there', async () => {
      expect(await test.responses.finish('missing', ended({ output: items('x') }))).toBe(false);
      await test.responses.create(newResponse('r1'), []);
      await test.responses.delete('ann', 'r1');
      expect(await test.responses.finish('r1', ended({ output: items('x') }))).toBe(false);
      expect(await test.count('items')).toBe(0);
    });

    it('adds input and output to the conversation', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, items('before'));
      await test.responses.create(newResponse('r1', { conversationId: 'c' }), items('q1', 'q2'));
      expect(ids(await test.conversations.history('ann', 'c'))).toEqual(['before']);
      await test.responses.finish('r1', ended({ output: items('a1', 'a2'), conversationId: 'c' }));
      expect(ids(await test.conversations.history('ann', 'c'))).toEqual(['before', 'q1', 'q2', 'a1', 'a2']);
    });

    it('leaves items that the conversation has where they are', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, items('x', 'y'));
      await test.responses.create(newResponse('r1', { conversationId: 'c' }), items('y', 'z'));
      await test.responses.finish('r1', ended({ output: items('out'), conversationId: 'c' }));
      expect(ids(await test.conversations.history('ann', 'c'))).toEqual(['x', 'y', 'z', 'out']);
    });

    it('ends a response whose conversation is gone, and adds nothing to another owner’s', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, []);
      await test.conversations.create('bob', { id: 'bobs', metadata: {}, createdAt: 1 }, []);
      await test.responses.create(newResponse('r1', { conversationId: 'c' }), items('q'));
      await test.conversations.delete('ann', 'c');
      expect(await test.responses.finish('r1', ended({ conversationId: 'c' }))).toBe(true);
      await test.responses.create(newResponse('r2'), items('q'));
      expect(await test.responses.finish('r2', ended({ conversationId: 'bobs' }))).toBe(true);
      expect(await test.conversations.history('bob', 'bobs')).toEqual([]);
    });

    it('adds to the conversation with the end or not at all', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, []);
      await test.responses.create(newResponse('r1', { conversationId: 'c' }), items('q'));
      // The link to the conversation comes last; this makes it fail.
      const { kysely } = test.database;
      await test.conversations.append('ann', 'c', items('in the way'));
      await kysely.updateTable('conversations').set({ next_position: 0 }).execute();
      const finish = () =>
        test.responses.finish('r1', ended({ output: items('a'), conversationId: 'c', events: events(0) }));
      await expect(finish()).rejects.toThrow();
      expect((await test.responses.get('ann', 'r1'))?.status).toBe('in_progress');
      expect([await test.count('items'), await test.count('response_events')]).toEqual([2, 0]);
      await kysely.updateTable('conversations').set({ next_position: 1 }).execute();
      expect(await finish()).toBe(true);
      expect(ids(await test.conversations.history('ann', 'c'))).toEqual(['in the way', 'q', 'a']);
    });
  });

  describe('input items', () => {
    const all = Array.from({ length: 23 }, (_, index) => `item ${index}`);
    const page = (page: ItemPage) => test.responses.inputItems('ann', 'r1', page);

    for (const order of ['asc', 'desc'] as const) {
      for (const limit of [1, 4, 22, 23, 50]) {
        it(`are paged ${order} by ${limit}, forwards and back`, async () => {
          await test.responses.create(newResponse('r1'), items(...all));
          await test.responses.finish('r1', ended({ output: items('not this') }));
          const expected = order === 'asc' ? all : all.toReversed();
          const forwards: string[] = [];
          for (let hasMore = true; hasMore; ) {
            const got = await page({ order, limit, after: forwards.at(-1) });
            forwards.push(...(ids(got?.items) ?? []));
            hasMore = got?.hasMore ?? false;
            expect(hasMore).toBe(forwards.length < expected.length);
          }
          expect(forwards).toEqual(expected);

          const back: string[] = expected.slice(-1);
          for (let hasMore = true; hasMore; ) {
            const got = await page({ order, limit, before: back[0] });
            back.unshift(...(ids(got?.items) ?? []));
            hasMore = got?.hasMore ?? false;
            expect(hasMore).toBe(back.length < expected.length);
          }
          expect(back).toEqual(expected);
        });
      }
    }

    it('are given between two of them', async () => {
      await test.responses.create(newResponse('r1'), items('a', 'b', 'c', 'd', 'e'));
      const between = await page({ order: 'desc', limit: 2, after: 'e', before: 'a' });
      expect([ids(between?.items), between?.hasMore]).toEqual([['d', 'c'], true]);
      const few = await page({ order: 'asc', limit: 3, after: 'a', before: 'c' });
      expect([few?.items, few?.hasMore]).toEqual([items('b'), false]);
    });

    it('may be none', async () => {
      await test.responses.create(newResponse('r1'), []);
      expect(await page({ order: 'asc', limit: 5 })).toEqual({ items: [], hasMore: false });
    });

    it('have no place for an item that is not among them', async () => {
      await test.responses.create(newResponse('other'), items('elsewhere'));
      await test.responses.create(newResponse('r1'), items('a'));
      await test.responses.finish('r1', ended({ output: items('out') }));
      for (const after of ['elsewhere', 'out', 'nowhere']) {
        await expect(page({ order: 'asc', limit: 5, after })).rejects.toEqual(failure('unknown_item'));
      }
    });
  });

  describe('items', () => {
    it('are found by their ids, of responses and conversations, input and output', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, items('said'));
      await test.responses.create(newResponse('r1'), items('in'));
      await test.responses.finish('r1', ended({ output: items('out') }));
      const wanted = ['out', 'nowhere', 'said', 'in', 'in'];
      const found = await test.responses.findItems('ann', wanted);
      expect(Object.fromEntries(found)).toEqual(
        Object.fromEntries(items('in', 'out', 'said').map(({ id, body }) => [id, body])),
      );
      expect(await test.responses.findItems('ann', [])).toEqual(new Map());
    });

    it('are stored once', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, items('a', 'b'));
      await test.responses.create(newResponse('r1'), items('a', 'b', 'c'));
      await test.responses.create(newResponse('r2'), [
        { id: 'a', body: { content: 'says a', type: 'message', id: 'a' } },
      ]);
      expect(await test.count('items')).toBe(3);
    });

    it('are in each response as it was given them, and found as they were first', async () => {
      await test.responses.create(newResponse('r1'), []);
      await test.responses.finish('r1', ended({ output: [{ id: 'm', body: { text: 'ours' } }] }));
      test.now += 1;
      await test.responses.create(newResponse('r2', { previousResponseId: 'r1' }), [
        { id: 'm', body: { text: 'shortened by the client' } },
      ]);
      await test.responses.finish('r2', ended());
      expect((await test.responses.history('ann', 'r2'))?.items?.map(({ body }) => body)).toEqual([
        { text: 'ours' },
        { text: 'shortened by the client' },
      ]);
      expect((await test.responses.findItems('ann', ['m'])).get('m')).toEqual({ text: 'ours' });
    });

    it('may come at once from many, in any order', async () => {
      const names = Array.from({ length: 30 }, (_, index) => `item ${index}`);
      await Promise.all(
        Array.from({ length: 20 }, (_, index) => {
          const { responses } = index % 2 === 0 ? test : test.elsewhere;
          const order = [...names.slice(index), ...names.slice(0, index)];
          return responses.create(newResponse(`r${index}`), items(...(index % 3 ? order : order.reverse())));
        }),
      );
      expect(await test.count('items')).toBe(30);
      expect(await test.count('response_items')).toBe(600);
    });

    it('stay where another server is about to link them', async () => {
      await test.responses.create(newResponse('old'), items('a'));
      await test.responses.create(newResponse('new'), []);
      const { kysely, kind } = test.elsewhere.database;
      let deleting: Promise<boolean> | undefined;
      await kysely.transaction().execute(async (transaction) => {
        const refs = await storeItems(transaction, kind, 'ann', items('a'), 1);
        deleting = test.responses.delete('ann', 'old');
        await sleep(100);
        await linkToResponse(transaction, { id: 'new', owner: 'ann', isOutput: 0 }, refs);
      });
      expect(await deleting).toBe(true);
      const left = await test.responses.inputItems('ann', 'new', { order: 'asc', limit: 9 });
      expect(left?.items).toEqual(items('a'));
    });

    it('are locked in one order, also where a whole chain of responses goes', async () => {
      await test.responses.create(newResponse('first'), items('a'));
      await test.responses.create(newResponse('last', { previousResponseId: 'first' }), items('z'));
      for (const id of ['first', 'last']) await test.responses.finish(id, ended());
      await test.responses.delete('ann', 'first');
      await test.responses.create(newResponse('new'), []);
      const { kysely, kind } = test.elsewhere.database;
      let deleting: Promise<boolean> | undefined;
      await kysely.transaction().execute(async (transaction) => {
        const a = await storeItems(transaction, kind, 'ann', items('a'), 1);
        deleting = test.responses.delete('ann', 'last');
        await sleep(100);
        const z = await storeItems(transaction, kind, 'ann', items('z'), 1);
        await linkToResponse(transaction, { id: 'new', owner: 'ann', isOutput: 0 }, [...a, ...z]);
      });
      expect(await deleting).toBe(true);
      const left = await test.responses.inputItems('ann', 'new', { order: 'asc', limit: 9 });
      expect(left?.items).toEqual(items('a', 'z'));
    });

    it('stay while they are given to one and taken from another', async () => {
      for (let round = 0; round < 15; round++) {
        await test.responses.create(newResponse(`old ${round}`), items('a', 'b', 'c'));
        await Promise.all([
          test.responses.delete('ann', `old ${round}`),
          test.elsewhere.responses.create(newResponse(`new ${round}`), items('c', 'b', 'a')),
        ]);
        const left = await test.responses.inputItems('ann', `new ${round}`, { order: 'asc', limit: 9 });
        expect(left?.items).toEqual(items('c', 'b', 'a'));
        await test.responses.delete('ann', `new ${round}`);
        expect(await test.count('items')).toBe(0);
      }
    });
  });

  describe('events', () => {
    const all = { after: -1, limit: 100 };

    it('come in the order of their numbers, after any of them', async () => {
      await test.responses.create(newResponse('r1', { events: events(0, 1) }), []);
      expect(await test.responses.appendEvents('r1', events(4, 3, 2))).toBe(true);
      expect(await test.responses.appendEvents('r1', [])).toBe(true);
      expect(await test.responses.finish('r1', ended({ events: events(5) }))).toBe(true);
      const read = (after: number, limit: number) => test.responses.events('ann', 'r1', { after, limit });
      expect(await read(-1, 100)).toEqual({ status: 'completed', events: events(0, 1, 2, 3, 4, 5) });
      expect(await read(-1, 2)).toEqual({ status: 'completed', events: events(0, 1) });
      expect(await read(1, 2)).toEqual({ status: 'completed', events: events(2, 3) });
      expect(await read(2 ** 40, 2)).toEqual({ status: 'completed', events: [] });
      expect(await read(5, 2)).toEqual({ status: 'completed', events: [] });
    });

    it('are left as they are where they come again', async () => {
      await test.responses.create(newResponse('r1'), []);
      await test.responses.appendEvents('r1', events(0, 1));
      const again = [{ sequence: 1, body: { changed: true } }, ...events(2)];
      expect(await test.responses.appendEvents('r1', again)).toBe(true);
      expect(await test.responses.events('ann', 'r1', all)).toEqual({
        status: 'in_progress',
        events: events(0, 1, 2),
      });
    });

    it('end with the response', async () => {
      await test.responses.create(newResponse('r1'), []);
      await test.responses.finish('r1', ended({ events: events(0) }));
      expect(await test.responses.appendEvents('r1', events(1))).toBe(false);
      expect(await test.responses.appendEvents('missing', events(0))).toBe(false);
      expect((await test.responses.events('ann', 'r1', all))?.events).toEqual(events(0));
    });

    it('wait for an end that another server is writing', async () => {
      await test.responses.create(newResponse('r1'), []);
      const { kysely, kind } = test.elsewhere.database;
      let adding: Promise<boolean> | undefined;
      await kysely.transaction().execute(async (transaction) => {
        await endResponse(transaction, kind, 'r1', ended({ events: events(5) }), undefined, 1);
        adding = test.responses.appendEvents('r1', events(6));
        await sleep(100);
      });
      expect(await adding).toBe(false);
      expect((await test.responses.events('ann', 'r1', all))?.events).toEqual(events(5));
    });

    it('do not come after the end, whoever adds them', async () => {
      for (let round = 0; round < 10; round++) {
        const id = `r${round}`;
        await test.responses.create(newResponse(id), []);
        const [ending, ...added] = await Promise.all([
          test.responses.finish(id, ended({ events: events(1000) })),
          ...Array.from({ length: 6 }, (_, sequence) =>
            (sequence % 2 === 0 ? test : test.elsewhere).responses.appendEvents(id, events(sequence)),
          ),
        ]);
        expect(ending).toBe(true);
        const stored = (await test.responses.events('ann', id, all))?.events.map(({ sequence }) => sequence);
        expect(stored).toEqual([...added.flatMap((was, sequence) => (was ? [sequence] : [])), 1000]);
      }
    });

    it('are seen with the status of their moment', async () => {
      await test.responses.create(newResponse('r1'), []);
      let done = false;
      const writing = (async () => {
        for (let sequence = 0; sequence < 40; sequence++) {
          await test.responses.appendEvents('r1', events(sequence));
        }
        await test.responses.finish('r1', ended({ events: events(40) }));
        done = true;
      })();
      const seen: number[] = [];
      for (;;) {
        const read = await test.elsewhere.responses.events('ann', 'r1', {
          after: seen.at(-1) ?? -1,
          limit: 7,
        });
        seen.push(...(read?.events.map(({ sequence }) => sequence) ?? []));
        if (read?.status === 'completed' && read.events.length < 7) break;
        if (done && read === null) break;
      }
      await writing;
      expect(seen).toEqual(Array.from({ length: 41 }, (_, sequence) => sequence));
    });
  });

  describe('another owner', () => {
    it('has nothing of it', async () => {
      const { responses } = test;
      await responses.create(newResponse('r1', { events: events(0) }), items('a'));
      await responses.finish('r1', ended({ output: items('b') }));
      await test.queued('r2');
      const end = { completedAt: 1, response: {} };
      for (const owner of ['bob', '', 'ANN']) {
        expect(await responses.get(owner, 'r1')).toBeNull();
        expect(await responses.delete(owner, 'r1')).toBe(false);
        expect(await responses.delete(owner, 'r2')).toBe(false);
        expect(await responses.inputItems(owner, 'r1', { order: 'asc', limit: 1 })).toBeNull();
        expect(await responses.inputItems(owner, 'r1', { order: 'asc', limit: 1, after: 'a' })).toBeNull();
        expect(await responses.history(owner, 'r1')).toBeNull();
        expect(await responses.findItems(owner, ['a', 'b'])).toEqual(new Map());
        expect(await responses.events(owner, 'r1', { after: -1, limit: 9 })).toBeNull();
        expect(await responses.requestCancel(owner, 'r2', end)).toBeNull();
        expect(await responses.requestCancel(owner, 'r1', end)).toBeNull();
      }
      expect((await responses.get('ann', 'r2'))?.status).toBe('queued');
      expect((await responses.history('ann', 'r1'))?.items).toEqual(items('a', 'b'));
      expect((await responses.claim('w', 1, 1))?.id).toBe('r2');
    });

    it('has items of the same ids for itself', async () => {
      await test.responses.create(newResponse('r1'), [{ id: 'a', body: { text: 'ann’s' } }]);
      await test.responses.create(newResponse('r2', { owner: 'bob' }), [
        { id: 'a', body: { text: 'bob’s' } },
      ]);
      expect((await test.responses.findItems('ann', ['a'])).get('a')).toEqual({ text: 'ann’s' });
      expect((await test.responses.findItems('bob', ['a'])).get('a')).toEqual({ text: 'bob’s' });
      await test.responses.delete('ann', 'r1');
      expect((await test.responses.findItems('bob', ['a'])).get('a')).toEqual({ text: 'bob’s' });
    });
  });

  describe('deleting', () => {
    it('takes items and events along', async () => {
      await test.responses.create(newResponse('r1', { events: events(0) }), items('a'));
      await test.responses.finish('r1', ended({ output: items('b'), events: events(1) }));
      expect(await test.responses.delete('ann', 'r1')).toBe(true);
      expect(await test.responses.get('ann', 'r1')).toBeNull();
      expect(await test.responses.delete('ann', 'r1')).toBe(false);
      for (const table of ['responses', 'items', 'response_items', 'response_events'] as const) {
        expect([table, await test.count(table)]).toEqual([table, 0]);
      }
    });

    it('leaves items that others hold', async () => {
      await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, items('in c'));
      await test.responses.create(newResponse('r1'), items('in c', 'in r2', 'own'));
      await test.responses.create(newResponse('r2'), items('in r2'));
      await test.responses.delete('ann', 'r1');
      expect([...(await test.responses.findItems('ann', ['in c', 'in r2', 'own'])).keys()].sort()).toEqual([
        'in c',
        'in r2',
      ]);
      expect(await test.count('items')).toBe(2);
    });

    it('keeps those that continue it working, and goes for good with the last of them', async () => {
      await test.completed('r1');
      await test.completed('r2', { previousResponseId: 'r1' });
      await test.completed('left', { previousResponseId: 'r2' });
      await test.completed('right', { previousResponseId: 'r2' });
      expect(await test.responses.delete('ann', 'r2')).toBe(true);
      expect(await test.responses.delete('ann', 'r1')).toBe(true);

      for (const gone of ['r1', 'r2']) {
        expect(await test.responses.get('ann', gone)).toBeNull();
        expect(await test.responses.history('ann', gone)).toBeNull();
        expect(await test.responses.inputItems('ann', gone, { order: 'asc', limit: 1 })).toBeNull();
        expect(await test.responses.events('ann', gone, { after: -1, limit: 1 })).toBeNull();
        expect(await test.responses.delete('ann', gone)).toBe(false);
      }
      expect(await test.responses.findItems('ann', ['r1 in', 'r2 out'])).toEqual(new Map());
      const before = ['r1 in', 'r1 out', 'r2 in', 'r2 out'];
      expect(ids((await test.responses.history('ann', 'left'))?.items)).toEqual([
        ...before,
        'left in',
        'left out',
      ]);
      const kept = await test.database.kysely
        .selectFrom('responses')
        .select(['id', 'request', 'response'])
        .where('deleted_at', 'is not', null)
        .orderBy('id')
        .execute();
      expect(kept).toEqual(['r1', 'r2'].map((id) => ({ id, request: '{}', response: '{}' })));

      expect(await test.responses.delete('ann', 'left')).toBe(true);
      expect(ids((await test.responses.history('ann', 'right'))?.items)?.slice(0, 4)).toEqual(before);
      expect(await test.responses.delete('ann', 'right')).toBe(true);
      expect([await test.count('responses'), await test.count('items')]).toEqual([0, 0]);
    });

    it('and continuing at once end in one of the two orders', async () => {
      for (let round = 0; round < 15; round++) {
        const [parent, child] = [`p${round}`, `c${round}`];
        await test.completed(parent);
        const [deleted, continued] = await Promise.allSettled([
          test.responses.delete('ann', parent),
          test.elsewhere.responses.create(newResponse(child, { previousResponseId: parent }), items('q')),
        ]);
        expect(deleted).toEqual({ status: 'fulfilled', value: true });
        if (continued.status === 'rejected') {
          expect(continued.reason).toEqual(failure('unknown_response'));
          expect(await test.count('responses')).toBe(0);
        } else {
          await test.responses.finish(child, ended());
          expect(ids((await test.responses.history('ann', child))?.items)).toEqual([
            `${parent} in`,
            `${parent} out`,
            'q',
          ]);
          await test.responses.delete('ann', child);
        }
        expect(await test.count('items')).toBe(0);
      }
    });
  });

  describe('retention', () => {
    it('deletes old responses with their items and events, of all owners', async () => {
      await test.responses.create(newResponse('old', { createdAt: 10, events: events(0) }), items('a'));
      await test.responses.create(newResponse('bobs', { createdAt: 10, owner: 'bob' }), items('a'));
      await test.responses.create(
        newResponse('young', { createdAt: 20, events: events(0) }),
        items('a', 'b'),
      );
      expect(await test.responses.deleteOlderThan(20)).toBe(2);
      expect(await test.responses.deleteOlderThan(20)).toBe(0);
      expect(await test.responses.get('ann', 'old')).toBeNull();
      expect((await test.responses.findItems('ann', ['a', 'b'])).size).toBe(2);
      expect((await test.responses.findItems('bob', ['a'])).size).toBe(0);
      expect([await test.count('items'), await test.count('response_events')]).toEqual([2, 1]);
    });

    it('keeps what a younger one continues, and deletes the other branches', async () => {
      await test.completed('root', { createdAt: 1 });
      await test.completed('middle', { createdAt: 2, previousResponseId: 'root' });
      await test.completed('dead', { createdAt: 2, previousResponseId: 'root' });
      await test.completed('dead end', { createdAt: 3, previousResponseId: 'dead' });
      await test.completed('young', { createdAt: 100, previousResponseId: 'middle' });
      expect(await test.responses.deleteOlderThan(50)).toBe(2);
      expect((await test.responses.history('ann', 'young'))?.items).toHaveLength(6);
      expect(await test.responses.get('ann', 'root')).not.toBeNull();
      expect(await test.responses.get('ann', 'dead')).toBeNull();
      expect(await test.responses.deleteOlderThan(101)).toBe(3);
      expect([await test.count('responses'), await test.count('items')]).toEqual([0, 0]);
    });

    it('deletes more than one batch, and long chains', async () => {
      for (let index = 0; index < 450; index++) {
        const previousResponseId = index > 0 && index < 120 ? `r${index - 1}` : undefined;
        await test.responses.create(newResponse(`r${index}`, { createdAt: 10, previousResponseId }), []);
      }
      expect(await test.responses.deleteOlderThan(11)).toBe(450);
      expect(await test.count('responses')).toBe(0);
    });

    it('keeps runs that have not ended', async () => {
      await test.queued('waiting', 10);
      await test.responses.create(
        {
          ...newResponse('running', { createdAt: 10 }),
          background: true,
          lease: { workerId: 'w', until: 99 },
        },
        [],
      );
      expect(await test.responses.deleteOlderThan(50)).toBe(0);
      await test.responses.finish('running', ended());
      expect(await test.responses.deleteOlderThan(50)).toBe(1);
      expect((await test.responses.claim('w', 100, 10))?.id).toBe('waiting');
    });

    it('runs on two servers at once', async () => {
      for (let index = 0; index < 60; index++) {
        await test.completed(`r${index}`, {
          createdAt: 10,
          ...(index % 4 > 0 && { previousResponseId: `r${index - 1}` }),
        });
      }
      const counts = await Promise.all([
        test.responses.deleteOlderThan(11),
        test.elsewhere.responses.deleteOlderThan(11),
      ]);
      const later = await test.responses.deleteOlderThan(11);
      expect(counts[0] + counts[1] + later).toBe(60);
      expect([await test.count('responses'), await test.count('items')]).toEqual([0, 0]);
    });
  });
});
