import { homedir } from 'node:os';
import { beforeEach, describe, expect, it } from 'vitest';
import { testDatabases } from '../../test/support/test-databases.ts';
import { AuditLog } from '../access/index.ts';
import { type Config, readConfig } from '../config/index.ts';
import type { RecordDetail } from '../contract/index.ts';
import { DatabaseAuditStore, DatabaseRateLimiter, openDatabase, RecordStore } from '../storage/index.ts';
import { newDetail, newRecord } from '../storage/testing/records.ts';
import { buildShares } from './build-shares.ts';
import { OpenedParts } from './opened-parts.ts';

const ada = { name: 'ada', address: null };

describe.each(testDatabases)('public links on $kind', ({ create }) => {
  let variables: Record<string, string>;
  beforeEach(() => {
    variables = { PUBLIC_SHARE_LINKS: 'true', WORKSPACE_ROOT: '/srv/agents', DATA_DIR: '/var/lib/server' };
  });

  async function open() {
    const parts = new OpenedParts();
    const place = parts.add(await create());
    const database = parts.add(await openDatabase(place.url));
    const limiter = parts.add(new DatabaseRateLimiter(database, () => {}));
    const records = new RecordStore(database);
    const audit = new AuditLog({ store: new DatabaseAuditStore(database), onProblem: () => {} });
    const config = (): Config => readConfig(variables);
    const shares = buildShares({ database, secret: 'secret', access: { audit, limiter }, records, config });
    const keep = (id: string, detail?: RecordDetail) =>
      records.write([{ record: newRecord({ id, startedAt: Date.now() }), detail }]);
    return { shares, records, audit, keep, [Symbol.asyncDispose]: () => parts[Symbol.asyncDispose]() };
  }

  it('show a request from the database without places of the server, as long as it is kept and allowed', async () => {
    await using server = await open();
    const { shares, records, audit } = server;
    await server.keep('req_1', newDetail(`see /srv/agents/a.md, /var/lib/server/db and ${homedir()}/.x`));
    const { link, token } = await shares.create('req_1', '1d', ada);
    const run = await shares.open(token, '::1');
    expect(run).toMatchObject({ model: 'sonnet', succeeded: true, expiresAt: link.expiresAt });
    const text = 'see ./a.md, [server]/db and [server]/.x';
    expect(run.messages).toEqual([
      { role: 'user', text, attachments: 0 },
      { role: 'assistant', text },
    ]);
    expect((await shares.list()).items).toMatchObject([{ id: link.id, opened: 1 }]);

    variables['PUBLIC_SHARE_LINKS'] = 'false';
    await expect(shares.open(token, '::1')).rejects.toMatchObject({ code: 'not_found' });
    variables['PUBLIC_SHARE_LINKS'] = 'true';
    await records.removeDetailsBeyond(0, 10);
    await expect(shares.open(token, '::1')).rejects.toMatchObject({ code: 'not_found' });
    expect(await shares.listOf('req_1')).toMatchObject({ reason: expect.stringContaining('RECORD_DETAIL') });
    await shares.revoke(link.id, ada);
    const { items } = await audit.list({ limit: 5 });
    expect(items.map(({ action }) => action)).toEqual(['share.revoked', 'share.created']);
  });

  it('are not made of requests of which nothing was kept, or that nothing was said in', async () => {
    await using server = await open();
    await server.keep('bare');
    await server.keep('models', { ...newDetail(''), request: null, response: { data: [] }, timeline: [] });
    for (const [id, reason] of [
      ['bare', 'RECORD_DETAIL'],
      ['models', 'No conversation'],
    ] as const) {
      const refused = { code: 'conflict', message: expect.stringContaining(reason) };
      await expect(server.shares.create(id, '1h', ada)).rejects.toMatchObject(refused);
    }
    expect((await server.shares.list()).items).toEqual([]);
  });
});
