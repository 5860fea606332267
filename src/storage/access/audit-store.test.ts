import { describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import { StorageError } from '../storage-error.ts';
import { TwoServers } from '../testing/two-servers.ts';
import { type AuditQuery, DatabaseAuditStore } from './audit-store.ts';

describe.each(testDatabases)('the audit store on $kind', ({ create }) => {
  const test = new TwoServers(create);
  const audit = () => new DatabaseAuditStore(test.database);
  const add = (at: number, action: string, more: { actor?: string; details?: Record<string, string> } = {}) =>
    audit().add({ at, actor: 'admin', address: null, action, target: null, details: {}, ...more });
  const pages = async (query: Omit<AuditQuery, 'cursor'>): Promise<number[][]> => {
    const all: number[][] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = await audit().list({ ...query, cursor });
      all.push(page.items.map(({ at }) => at));
      cursor = page.nextCursor;
    }
    return all;
  };

  it('gives entries back as they were added', async () => {
    const entry = {
      at: 4e12,
      actor: 'ann',
      address: '::1',
      action: 'key.created',
      target: 'k',
      details: { name: { before: null, after: 'x\u0000' } },
    };
    await audit().add(entry);
    const { items, nextCursor } = await audit().list({ limit: 5 });
    expect(items).toEqual([{ ...entry, id: expect.any(Number) }]);
    expect(nextCursor).toBeNull();
  });

  it('takes texts that a database cannot hold', async () => {
    const text = 'a\u0000b';
    await audit().add({ at: 1, actor: text, address: text, action: text, target: text, details: {} });
    const clean = 'a\uFFFDb';
    const [entry] = (await audit().list({ actor: text, action: text, limit: 1 })).items;
    expect(entry).toMatchObject({ actor: clean, address: clean, action: clean, target: clean });
  });

  it('pages through all, newest first, each once, though many are of one moment', async () => {
    for (const at of [1, 3, 3, 3, 2, 3, 3]) await add(at, 'a');
    expect(await pages({ limit: 2 })).toEqual([[3, 3], [3, 3], [3, 2], [1]]);
    expect(await pages({ limit: 7 })).toEqual([[3, 3, 3, 3, 3, 2, 1]]);
    const ids = (await audit().list({ limit: 10 })).items.map(({ id }) => id);
    expect(new Set(ids).size).toBe(7);
  });

  it('goes on where it was, though entries came meanwhile', async () => {
    for (const at of [1, 2, 3]) await add(at, 'a');
    const first = await audit().list({ limit: 2 });
    await add(4, 'a');
    const second = await audit().list({ limit: 2, cursor: first.nextCursor ?? undefined });
    expect(second.items.map(({ at }) => at)).toEqual([1]);
  });

  it('filters by action, actor and time, and pages within', async () => {
    for (let at = 1; at <= 8; at++) {
      await add(at, at % 2 === 0 ? 'even' : 'odd', { actor: at <= 4 ? 'ann' : 'bob' });
    }
    expect(await pages({ action: 'even', limit: 3 })).toEqual([[8, 6, 4], [2]]);
    expect(await pages({ actor: 'ann', limit: 3 })).toEqual([[4, 3, 2], [1]]);
    expect(await pages({ actor: 'bob', action: 'odd', limit: 1 })).toEqual([[7], [5]]);
    expect(await pages({ from: 3, to: 6, limit: 3 })).toEqual([[6, 5, 4], [3]]);
    expect(await pages({ action: 'none', limit: 3 })).toEqual([[]]);
  });

  it('refuses a cursor that it did not give', async () => {
    await add(1, 'a');
    const broken = [
      '',
      'x',
      '1',
      '1.',
      '1.2.3',
      '-1.2',
      '1e3.2',
      '1.2; drop table audit_log',
      '9'.repeat(40),
    ];
    for (const cursor of broken) {
      const failure: unknown = await audit()
        .list({ cursor, limit: 5 })
        .catch((error: unknown) => error);
      expect(failure, cursor).toBeInstanceOf(StorageError);
      expect(failure, cursor).toMatchObject({ code: 'bad_cursor' });
    }
  });
});
