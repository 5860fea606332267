import { type CompiledQuery, Kysely } from 'kysely';
import { expect, it } from 'vitest';
import { testDatabases } from '../../test/support/test-databases.ts';
import { DatabaseAuditStore } from './access/audit-store.ts';
import { DatabaseBudgetAlertStore } from './access/budget-alert-store.ts';
import { DatabaseKeyStore } from './access/key-store.ts';
import { DatabaseProfileStore } from './access/profile-store.ts';
import { DatabaseRunLeaseStore } from './access/run-lease-store.ts';
import { DatabaseSessionStore } from './access/session-store.ts';
import { DatabaseSettingsStore } from './access/settings-store.ts';
import { DatabaseShareStore } from './access/share-store.ts';
import { DatabaseSpendingStore } from './access/spending-store.ts';
import { DatabaseUserStore } from './access/user-store.ts';
import { DatabaseTwoFactorStore } from './access/user-two-factor-store.ts';
import { DatabaseViewStore } from './access/view-store.ts';
import { ConversationOverview } from './conversations/conversation-overview.ts';
import { ConversationStore } from './conversations/conversation-store.ts';
import { ContainerFileStore } from './files/container-file-store.ts';
import { ContainerStore } from './files/container-store.ts';
import { FileStore } from './files/file-store.ts';
import { findReferencedBlobs } from './files/find-referenced-blobs.ts';
import { type Database, openDatabase } from './open-database.ts';
import { DatabaseRateLimiter } from './rate-limits/database-rate-limiter.ts';
import { ResponseStore } from './responses/response-store.ts';
import type { Schema } from './schema.ts';
import { createSqliteDialect } from './sqlite-dialect.ts';
import { newKey, newSession, newUser } from './testing/access-rows.ts';
import { ended, events, items, newResponse } from './testing/two-servers.ts';
import { ConversationWorkspaces } from './workspaces/conversation-workspaces.ts';

/** Every method with every kind of page, so that every query is asked. */
async function useEverything(
  responses: ResponseStore,
  conversations: ConversationStore,
  overview: ConversationOverview,
): Promise<void> {
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
  for (const id of ['c', 'r1']) {
    const entry = await overview.find(id);
    if (entry === null) continue;
    await overview.beginning(entry);
    await overview.lastItems(entry, { limit: 2, maxBytes: 100 });
    await overview.responsesOf(entry);
  }
  for (const owner of [undefined, 'ann']) {
    for (const cursor of [undefined, '5.c.c', '5.r.r1']) await overview.list({ owner, cursor, limit: 2 });
  }
  await responses.delete('ann', 'r1');
  await conversations.deleteItem('ann', 'c', 'a');
  await conversations.delete('ann', 'c');
  await conversations.create('ann', { id: 'c2', metadata: {}, createdAt: 1 }, items('a', 'b'));
  await conversations.deleteIdleSince(1e15);
  await responses.deleteOlderThan(1e15);
}

/** The same for what `src/access` and the live settings keep. */
async function useAccess(database: Pick<Database, 'kysely' | 'kind' | 'client'>): Promise<void> {
  const keys = new DatabaseKeyStore(database);
  await keys.create(newKey('k'));
  await keys.list();
  await keys.get('k');
  await keys.findByHash('hash');
  await keys.update('k', { name: 'other' });
  await keys.markUsed(new Map([['k', 1]]));
  const spending = new DatabaseSpendingStore(database);
  await spending.add('k', 1, { requests: 1, tokens: 1, costUsd: 1 });
  await spending.read('k', 1);
  await spending.readAll(1);
  const half = { period: 'day', kind: 'hard', percent: 50, fromUsd: 0.5 } as const;
  await new DatabaseBudgetAlertStore(database).claim('k', 1, [half]);
  await spending.reset('k', 1);
  const leases = new DatabaseRunLeaseStore(database);
  await leases.acquire({ runId: 'r', keyId: 'k', limit: 1, now: 0, expiresAt: 9 });
  await leases.acquire({ runId: 'later', keyId: 'k', limit: 1, now: 9, expiresAt: 10 });
  await leases.renew(['r'], 10);
  await leases.release('r');
  await keys.remove('k');
  const users = new DatabaseUserStore(database);
  await users.create(newUser('u'));
  await users.list();
  await users.get('u');
  await users.findByName('u');
  await users.update('u', { active: true });
  const twoFactor = new DatabaseTwoFactorStore(database);
  await twoFactor.turnOn('u', { secret: 's', since: 1, lastStep: 1, recoveryHashes: ['a'] });
  await twoFactor.find('u');
  await twoFactor.takeStep('u', 1, 2);
  await twoFactor.takeRecoveryCode('u', 'a');
  await twoFactor.replaceRecoveryCodes('u', 1, ['b']);
  await twoFactor.turnOff('u');
  const sessions = new DatabaseSessionStore(database);
  await sessions.create(newSession('s'));
  await sessions.findByToken('t');
  await sessions.get('s');
  await sessions.list(0);
  await sessions.touch('s', 9);
  await sessions.remove('s');
  await sessions.removeOfUser('u');
  await sessions.removeExpired(1, 1);
  const shares = new DatabaseShareStore(database);
  const share = { id: 's', tokenHash: 'h', requestId: 'r', createdAt: 1, createdBy: 'a', expiresAt: 2 };
  await shares.create({ ...share, lastOpenedAt: null, opened: 0 });
  await shares.findByHash('h');
  for (const request of [undefined, 'r']) await shares.list(1, request);
  await shares.markOpened('s', 1);
  await shares.remove('s');
  await shares.removeExpired(1);
  const views = new DatabaseViewStore(database);
  const view = { id: 'v', userId: 'u', page: 'records', name: 'v', search: '', shared: true } as const;
  await views.create({ ...view, createdAt: 1, updatedAt: 1 }, 1);
  await views.update(view, { name: 'w' });
  for (const isDefault of [true, false]) await views.setDefault('u', 'v', isDefault);
  await views.list('u');
  await views.get('u', 'v');
  await views.remove('v');
  await users.remove('u');
  const audit = new DatabaseAuditStore(database);
  for (const action of [undefined, 'a']) {
    for (const actor of [undefined, 'b']) {
      await audit.list({ action, actor, limit: 5 });
      await audit.list({ action, actor, from: 1, to: 2, cursor: '1.1', limit: 5 });
    }
  }
  const profiles = new DatabaseProfileStore(database);
  await profiles.list();
  await profiles.remove('p');
  await profiles.version();
  const settings = new DatabaseSettingsStore(database);
  await settings.change({ A: '1' }, 'ann', 1);
  await settings.change({ A: null }, 'ann', 1);
  await settings.list();
  await settings.history(5);
  await settings.version();
  await using limiter = new DatabaseRateLimiter(database, () => {});
  await limiter.forgetEnded(1);
}

/** The same for files and containers. */
async function useFiles(database: Pick<Database, 'kysely'>): Promise<void> {
  const files = new FileStore(database);
  const containers = new ContainerStore(database);
  const containerFiles = new ContainerFileStore(database);
  const content = { bytes: 1, mediaType: 'text/plain', sha256: 'a' };
  const file = { owner: 'ann', filename: 'f', purpose: 'p', createdAt: 1, expiresAt: null, ...content };
  const made = { path: 'a', runId: 'r', source: 'assistant', ...content } as const;
  const container = { id: 'c', owner: 'ann', workspaceId: 'w', name: 'w' };
  for (const id of ['f1', 'f2', 'f3']) {
    await files.create({ ...file, id });
    await containers.create({
      ...container,
      id,
      workspaceId: id,
      createdAt: 1,
      lastActiveAt: 1,
      expiresAfterMinutes: 1,
    });
    await containerFiles.record({ container, files: [{ ...made, id }], gone: ['b'] });
  }
  await containerFiles.record({ container, files: [], gone: ['b'] });
  for (const order of ['asc', 'desc'] as const) {
    for (const cursor of [{}, { after: 'f1' }, { before: 'f3' }, { after: 'f1', before: 'f3' }]) {
      const page = { order, limit: 2, ...cursor };
      await files.list('ann', page);
      await files.list('ann', { ...page, purpose: 'p' });
      await containers.list('ann', page);
      await containers.list('ann', { ...page, name: 'w' });
      await containerFiles.list('ann', 'c', page);
    }
  }
  await files.get('ann', 'f1');
  await containers.get('ann', 'c');
  await containers.expired(5);
  await containerFiles.get('ann', 'f1');
  await containerFiles.ofRun('ann', 'c', 'r');
  await findReferencedBlobs(database.kysely, ['a', 'b']);
  await containerFiles.delete('ann', 'f1');
  await containers.delete('ann', 'c');
  await files.delete('ann', 'f1');
  await files.removeExpired();
  await files.removeOlderThan(1);
  await containerFiles.removeOlderThan(1);
  const workspaces = new ConversationWorkspaces(database);
  await workspaces.save('ann', ['a', 'b'], 'w');
  await workspaces.find('ann', ['b', 'c']);
  await workspaces.deleteIdleSince(new Date(1));
}

/** The rows of a recursive query itself, the parameters, the day and month of a time, and the queue in its order. */
const allowedScans =
  /^SCAN (chain$|period$|said LEFT-JOIN$|CONSTANT ROW$|\d+-ROW VALUES|waiting USING (COVERING )?INDEX response_runs_waiting$)/;

/** All rows of small tables, all containers that can expire, and pages that are the beginning of a table in the order of an index. */
const wholeTables =
  /^SCAN ((webui_users|profiles|settings) USING INDEX \S+|containers USING INDEX containers_that_expire|settings|api_keys USING INDEX api_keys_by_creation|audit_log USING INDEX audit_log_by_time|conversations USING INDEX conversations_by_update|responses USING INDEX responses_alone|settings_history)$/;

it('SQLite finds all it is asked for by an index, and sorts nothing that an index has sorted', async () => {
  const sqlite = testDatabases.find(({ kind }) => kind === 'sqlite');
  if (sqlite === undefined) throw new Error('no SQLite');
  await using place = await sqlite.create();
  await (await openDatabase(place.url))[Symbol.asyncDispose]();
  const asked = new Map<string, CompiledQuery>();
  const { dialect, client } = await createSqliteDialect(place.url);
  const kysely = new Kysely<Schema>({
    dialect,
    log: ({ level, query }) => {
      if (level === 'error') throw new Error(`failed: ${query.sql}`);
      if (/^(select|with|update|delete)/.test(query.sql)) asked.set(query.sql, query);
    },
  });
  try {
    const database = { kysely, kind: 'sqlite' } as const;
    await useEverything(
      new ResponseStore(database),
      new ConversationStore(database),
      new ConversationOverview(database),
    );
    await useAccess({ ...database, client });
    await useFiles(database);
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
          (detail.startsWith('SCAN') && !allowedScans.test(detail) && !wholeTables.test(detail)) ||
          (detail.includes('TEMP B-TREE FOR ORDER BY') && !maySort) ||
          // What goes along with a deleted row must not be looked for among all that its owner has.
          (query.sql.startsWith('delete') && detail.endsWith('(owner=?)')),
      );
      if (slow.length > 0) bad.push(`${query.sql}\n  ${details.join('\n  ')}`);
    }
    expect(bad).toEqual([]);
  } finally {
    await kysely.destroy();
  }
});
