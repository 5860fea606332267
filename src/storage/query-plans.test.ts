import { type CompiledQuery, Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabases } from '../../test/support/test-databases.ts';
import { ConversationStore } from './conversations/conversation-store.ts';
import { openDatabase } from './open-database.ts';
import { ResponseStore } from './responses/response-store.ts';
import type { Schema } from './schema.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { ended, events, items, newResponse } from './testing/two-servers.ts';

/** Every method with every kind of page, so that every query is asked. */
async function useEverything(responses: ResponseStore, conversations: ConversationStore): Promise<void> {
  await conversations.create('ann', { id: 'c', metadata: {}, createdAt: 1 }, items('a', 'b'));
  await conversations.append('ann', 'c', items('d'));
  await conversations.updateMetadata('ann', 'c', {});
  await conversations.history('ann', 'c');
  await conversations.getItem('ann', 'c', 'a');
  await responses.create(newResponse('r1', { conversationId: 'c', events: events(0) }), items('q', 'r'));
  await responses.finish('r1', ended({ conversationId: 'c', output: items('s') }));
  const queued = { status: 'queued', background: true } as const;
  await responses.create({ ...newResponse('r2', { previousResponseId: 'r1' }), ...queued }, items('q'));
  for (const order of ['asc', 'desc'] as const) {
    for (const cursor of [{}, { after: 'q' }, { before: 'r' }, { after: 'q', before: 'r' }]) {
      await responses.inputItems('ann', 'r1', { order, limit: 2, ...cursor });
    }
    for (const cursor of [{}, { after: 'a' }, { before: 'b' }, { after: 'a', before: 'b' }]) {
      await conversations.items('ann', 'c', { order, limit: 2, ...cursor });
    }
  }
  await responses.get('ann', 'r1');
  await responses.history('ann', 'r1');
  await responses.findItems('ann', ['a', 'q']);
  await responses.claim('w', 100, 10);
  await responses.renew('r2', 'w', 100, 10);
  await responses.markStarted('r2', 'w');
  await responses.appendEvents('r2', events(0, 1));
  await responses.events('ann', 'r2', { after: 0, limit: 5 });
  await responses.requestCancel('ann', 'r2', { completedAt: 1, response: {} });
  await responses.requestCancel('ann', 'r1', { completedAt: 1, response: {} });
  await responses.cancelRequested('r2');
  await responses.expired(1000);
  await responses.finish('r2', ended(), { workerId: 'x' });
  await responses.finish('r2', ended(), { leaseExpiredAt: 1000 });
  await responses.delete('ann', 'r1');
  await conversations.deleteItem('ann', 'c', 'a');
  await conversations.delete('ann', 'c');
  await conversations.create('ann', { id: 'c2', metadata: {}, createdAt: 1 }, items('a', 'b'));
  await conversations.deleteIdleSince(1e15);
  await responses.deleteOlderThan(1e15);
}

/** The rows of a recursive query itself, the parameters, and the queue in its order. */
const allowedScans =
  /^SCAN (chain$|said LEFT-JOIN$|CONSTANT ROW$|\d+-ROW VALUES|waiting USING (COVERING )?INDEX response_runs_waiting$)/;

it('SQLite finds all it is asked for by an index, and sorts nothing that an index has sorted', async () => {
  const sqlite = testDatabases.find(({ kind }) => kind === 'sqlite');
  if (sqlite === undefined) throw new Error('no SQLite');
  await using place = await sqlite.create();
  await (await openDatabase(place.url))[Symbol.asyncDispose]();
  const asked = new Map<string, CompiledQuery>();
  const kysely = new Kysely<Schema>({
    dialect: await createSqliteDialect(place.url),
    log: ({ level, query }) => {
      if (level === 'error') throw new Error(`failed: ${query.sql}`);
      if (/^(select|with|update|delete)/.test(query.sql)) asked.set(query.sql, query);
    },
  });
  try {
    const database = { kysely, kind: 'sqlite' } as const;
    await useEverything(new ResponseStore(database), new ConversationStore(database));
    const queries = [...asked.values()];
    expect(queries.length).toBeGreaterThan(40);
    const bad: string[] = [];
    for (const query of queries) {
      const plan = await kysely.executeQuery<{ detail: string }>({
        ...query,
        sql: `explain query plan ${query.sql}`,
      });
      const details = plan.rows.map(({ detail }) => detail);
      // A history is sorted by depth, and found items by age: no more rows than are asked for.
      const maySort = /^with recursive|^select "items"."id", "items"."body" from "items"/.test(query.sql);
      const slow = details.filter(
        (detail) =>
          (detail.startsWith('SCAN') && !allowedScans.test(detail)) ||
          (detail.includes('TEMP B-TREE FOR ORDER BY') && !maySort),
      );
      if (slow.length > 0) bad.push(`${query.sql}\n  ${details.join('\n  ')}`);
    }
    expect(bad).toEqual([]);
  } finally {
    await kysely.destroy();
  }
});
