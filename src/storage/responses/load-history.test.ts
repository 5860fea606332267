import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { ended, ids, items, newResponse, TwoServers } from '../testing/two-servers.ts';

describe.each(testDatabases)('the history of a response on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const history = async (id: string) => ids((await test.responses.history('ann', id))?.items);

  it('is its input and its output', async () => {
    await test.responses.create(newResponse('r1'), items('b', 'a'));
    await test.responses.finish('r1', ended({ output: items('d', 'c') }));
    expect(await test.responses.history('ann', 'r1')).toEqual({
      status: 'completed',
      items: items('b', 'a', 'd', 'c'),
    });
  });

  it('may be empty', async () => {
    await test.responses.create(newResponse('r1'), []);
    await test.responses.finish('r1', ended({ status: 'incomplete' }));
    expect(await test.responses.history('ann', 'r1')).toEqual({ status: 'incomplete', items: [] });
  });

  it('begins with that of all it continues, also where that is long and forks', async () => {
    const expected: string[] = [];
    const forks: [string, string[]][] = [];
    for (let index = 0; index < 300; index++) {
      const previousResponseId = index === 0 ? undefined : `r${index - 1}`;
      if (index % 50 === 25) {
        await test.completed(`fork ${index}`, { previousResponseId });
        forks.push([`fork ${index}`, [...expected, `fork ${index} in`, `fork ${index} out`]]);
      }
      await test.completed(`r${index}`, { previousResponseId });
      expected.push(`r${index} in`, `r${index} out`);
    }
    expect(await history('r299')).toEqual(expected);
    expect(forks).toHaveLength(6);
    for (const [fork, said] of forks) expect(await history(fork)).toEqual(said);
    await test.completed('deeper', { previousResponseId: 'fork 275' });
    expect(await history('deeper')).toEqual([...(forks.at(-1)?.[1] ?? []), 'deeper in', 'deeper out']);
  });

  it('is one query for a chain of 1,000, and takes no long time', async () => {
    const { kysely } = test.database;
    const names = Array.from({ length: 1000 }, (_, index) => `r${index}`);
    const common = {
      conversation_id: null,
      conversation_end: null,
      background: 0,
      deleted_at: null,
    } as const;
    await kysely
      .insertInto('responses')
      .values(
        names.map((id, index) => ({
          id,
          owner: 'ann',
          previous_response_id: names[index - 1] ?? null,
          status: 'completed' as const,
          created_at: 1,
          completed_at: 1,
          request: JSON.stringify({ big: 'A'.repeat(10_000) }),
          response: '{}',
          ...common,
        })),
      )
      .execute();
    await kysely
      .insertInto('items')
      .values(names.map((id) => ({ owner: 'ann', id, digest: 'd', created_at: 1, body: '{}' })))
      .execute();
    const link = { owner: 'ann', is_output: 1, position: 0, digest: 'd' } as const;
    await kysely
      .insertInto('response_items')
      .values(names.map((id) => ({ ...link, response_id: id, item_id: id })))
      .execute();
    const begin = performance.now();
    expect(await history('r999')).toEqual(names);
    // 10 to 30 ms on a laptop; what walks all rows for each response takes many seconds.
    expect(performance.now() - begin).toBeLessThan(2000);
  });

  it.each(['queued', 'in_progress', 'failed', 'cancelled'] as const)(
    'is not given of one that is %s',
    async (status) => {
      await test.completed('r0');
      const more = { previousResponseId: 'r0' };
      const response = newResponse('r1', more);
      if (status === 'queued') {
        await test.responses.create({ ...response, status, background: true }, items('a'));
      } else {
        await test.responses.create(response, items('a'));
        if (status !== 'in_progress') await test.responses.finish('r1', ended({ status }));
      }
      expect(await test.responses.history('ann', 'r1')).toEqual({ status, items: null });
    },
  );

  it('is null for one that is not there', async () => {
    expect(await test.responses.history('ann', 'missing')).toBeNull();
  });

  it('begins with what the conversation held when the response began', async () => {
    await test.conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, items('c1', 'c2'));
    await test.responses.create(newResponse('r1', { conversationId: 'c' }), items('q'));
    await test.conversations.append('ann', 'c', items('meanwhile'));
    await test.responses.finish('r1', ended({ output: items('a'), conversationId: 'c' }));
    await test.conversations.append('ann', 'c', items('later'));
    await test.completed('r2', { previousResponseId: 'r1' });
    expect(await history('r1')).toEqual(['c1', 'c2', 'q', 'a']);
    expect(await history('r2')).toEqual(['c1', 'c2', 'q', 'a', 'r2 in', 'r2 out']);
    await test.conversations.deleteItem('ann', 'c', 'c1');
    expect(await history('r2')).toEqual(['c2', 'q', 'a', 'r2 in', 'r2 out']);
    await test.conversations.delete('ann', 'c');
    expect(await history('r2')).toEqual(['q', 'a', 'r2 in', 'r2 out']);
  });
});
