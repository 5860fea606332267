import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import type { RequestRecord } from '../../contract/index.ts';
import { type Database, openDatabase } from '../open-database.ts';
import { newDetail, newRecord } from '../testing/records.ts';
import { RecordStore } from './record-store.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const start = 20_000 * day;

describe.each(testDatabases)('records on $kind', ({ create }) => {
  let place: Awaited<ReturnType<typeof create>>;
  let database: Database;
  let store: RecordStore;
  let now: number;
  beforeEach(async () => {
    place = await create();
    database = await openDatabase(place.url);
    now = start + day;
    store = new RecordStore(database, () => now);
  });
  afterEach(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const write = (...records: readonly RequestRecord[]) => store.write(records.map((record) => ({ record })));
  /** Records `r0`, `r1` …, a second apart. */
  const series = (count: number, more: (index: number) => Partial<RequestRecord> = () => ({})) =>
    Array.from({ length: count }, (_, index) =>
      newRecord({ id: `r${index}`, startedAt: start + index * 1000, ...more(index) }),
    );
  const at = (id: string) => newRecord({ id, startedAt: start });
  const ids = async () => (await store.list({}, { limit: 50 })).items.map(({ id }) => id);
  const total = async () =>
    (await store.stats({ from: start - 400 * day, to: start + day, by: 'total', step: 'day' })).total;

  describe('writing', () => {
    it('gives back what was written', async () => {
      const record = newRecord();
      const bare = newRecord({
        id: 'bare',
        firstTokenMs: null,
        owner: null,
        keyId: null,
        keyName: null,
        modelAsked: null,
        modelUsed: null,
        profile: null,
        stream: false,
        source: null,
        stopReason: null,
        costUsd: null,
        tools: {},
        files: [],
        conversation: null,
        responseId: null,
        client: null,
        address: null,
        errorCode: 'invalid_api_key',
        errorMessage: 'No such key',
        status: 401,
      });
      await store.write([{ record, detail: newDetail('hello') }, { record: bare }]);
      expect(await store.get('req_1')).toEqual(record);
      expect(await store.get('bare')).toEqual(bare);
      expect(await store.get('other')).toBeNull();
      expect(await store.get('\u0000')).toBeNull();
      expect(await store.detail('req_1')).toEqual(newDetail('hello'));
      expect(await store.detail('bare')).toBeNull();
      expect((await store.list({}, { limit: 5 })).items).toEqual([bare, record]);
    });

    it('gives back a detail from before headers were kept', async () => {
      const { requestHeaders: _sent, responseHeaders: _answered, ...old } = newDetail('hello');
      await store.write([{ record: newRecord(), detail: newDetail('') }]);
      await database.kysely
        .updateTable('request_details')
        .set({ body: JSON.stringify(old) })
        .execute();
      expect(await store.detail('req_1')).toEqual({ ...old, requestHeaders: null, responseHeaders: null });
    });

    it('takes an empty batch', async () => {
      await store.write([]);
      expect(await store.list({}, { limit: 5 })).toEqual({ items: [], nextCursor: null, searchedTo: null });
    });

    it('counts a record once, however often it comes', async () => {
      const [a, b, c] = [at('a'), at('b'), at('c')];
      await store.write([{ record: a, detail: newDetail('first') }, { record: a }, { record: b }]);
      await store.write([{ record: a, detail: newDetail('second') }, { record: c }]);
      expect(await ids()).toEqual(['c', 'b', 'a']);
      expect(await total()).toMatchObject({ requests: 3, inputTokens: 300 });
      expect(await store.storedStatus()).toMatchObject({ storedRows: 3 });
    });

    it('takes more than one statement holds', async () => {
      await write(...series(2100, (index) => ({ keyId: `k${index % 200}` })));
      expect(await total()).toMatchObject({ requests: 2100 });
      expect(await store.storedStatus()).toMatchObject({ storedRows: 2100, oldestAt: start });
    });

    it('cuts what is too long, and takes what a database cannot hold', async () => {
      await write(
        newRecord({
          id: 'long',
          errorMessage: 'x'.repeat(10_000),
          client: 'nul \u0000, half \ud83d',
          files: Array.from({ length: 500 }, (_, index) => `${'f'.repeat(100)}${index}`),
          durationMs: Number.NaN,
          costUsd: 1e-9 / 3,
        }),
      );
      const stored = await store.get('long');
      expect(stored).toMatchObject({ client: 'nul \ufffd, half \ufffd', durationMs: 0, costUsd: 0 });
      expect(stored?.errorMessage).toHaveLength(2000);
      expect(stored?.files.length).toBeGreaterThan(50);
      expect(stored?.files.length).toBeLessThan(100);
    });

    it('keeps nothing of a batch that fails', async () => {
      const broken = newRecord({ id: 'broken', tools: { a: 1 } });
      Object.defineProperty(broken, 'files', { get: () => ['a'] });
      const detail = newDetail('x');
      Object.defineProperty(detail, 'response', {
        enumerable: true,
        get: () => {
          throw new Error('unreadable');
        },
      });
      await expect(
        store.write([{ record: newRecord({ id: 'fine' }) }, { record: broken, detail }]),
      ).rejects.toThrow('unreadable');
      expect(await ids()).toEqual([]);
      expect(await total()).toMatchObject({ requests: 0 });
    });

    it('adds up what several writers write at once', async () => {
      await using other = await openDatabase(place.url);
      const stores = [store, new RecordStore(other)];
      await Promise.all(
        Array.from({ length: 12 }, (_, batch) =>
          stores[batch % 2]?.write(
            series(10, (index) => ({ id: `b${batch} ${index}`, keyId: `k${(index + batch) % 5}` })).map(
              (record) => ({
                record,
                detail: newDetail('x'),
              }),
            ),
          ),
        ),
      );
      expect(await total()).toMatchObject({ requests: 120 });
      expect(await store.storedStatus()).toMatchObject({ storedRows: 120 });
    });
  });

  describe('retention', () => {
    it('removes the oldest records with their bodies, a batch at a time', async () => {
      await store.write(series(10).map((record) => ({ record, detail: newDetail(record.id) })));
      const before = await store.storedStatus();
      expect(before).toMatchObject({ storedRows: 10, oldestAt: start });
      expect(await store.removeOlderThan(start + 6000, 4)).toBe(4);
      expect(await ids()).toEqual(['r9', 'r8', 'r7', 'r6', 'r5', 'r4']);
      expect(await store.removeOlderThan(start + 6000, 4)).toBe(2);
      expect(await store.removeOlderThan(start + 6000, 4)).toBe(0);
      expect(await store.detail('r5')).toBeNull();
      expect(await store.detail('r6')).toEqual(newDetail('r6'));
      expect(await store.storedStatus()).toEqual({
        storedRows: 4,
        storedDetailBytes: (before.storedDetailBytes * 4) / 10,
        oldestAt: start + 6000,
      });
      expect(await total()).toMatchObject({ requests: 10 });
    });

    it('removes the oldest bodies, as many as are too much', async () => {
      await store.write(series(10).map((record) => ({ record, detail: newDetail(record.id) })));
      const { storedDetailBytes: all } = await store.storedStatus();
      expect(await store.removeDetailsBeyond(all, 100)).toBe(0);
      expect(await store.removeDetailsBeyond(all * 0.65, 3)).toBe(3);
      expect(await store.removeDetailsBeyond(all * 0.65, 3)).toBe(1);
      expect(await store.removeDetailsBeyond(all * 0.65, 3)).toBe(0);
      expect(await store.detail('r3')).toBeNull();
      expect(await store.detail('r4')).toEqual(newDetail('r4'));
      expect((await store.storedStatus()).storedDetailBytes).toBeCloseTo(all * 0.6);
      expect(await ids()).toHaveLength(10);
    });

    it('is the same when two servers do it at once', async () => {
      await store.write(series(40).map((record) => ({ record, detail: newDetail('x') })));
      const { storedDetailBytes: all } = await store.storedStatus();
      await using other = await openDatabase(place.url);
      const twice = await Promise.all(
        [store, new RecordStore(other)].map((one) => one.removeDetailsBeyond(all / 2, 100)),
      );
      expect(twice.reduce((sum, count) => sum + count)).toBe(20);
      const removed = await Promise.all(
        [store, new RecordStore(other)].map((one) => one.removeOlderThan(start + 10_000, 100)),
      );
      expect(removed.reduce((sum, count) => sum + count)).toBe(10);
      expect(await store.storedStatus()).toMatchObject({ storedRows: 30, storedDetailBytes: all / 2 });
    });

    it('removes sums by minute and by hour in time, and none by day', async () => {
      await write(newRecord({ startedAt: start }));
      const shown = async (step: 'minute' | 'hour' | 'day') => {
        const { rows } = await database.kysely
          .selectFrom('analytics')
          .select(({ fn }) => fn.countAll<number>().as('rows'))
          .where('granularity', '=', step)
          .executeTakeFirstOrThrow();
        return rows;
      };
      now = start + 8 * day;
      expect(await store.removeOldRollUps(day, 100)).toBe(0);
      now += 2 * minute;
      expect(await store.removeOldRollUps(day, 3)).toBe(3);
      expect(await store.removeOldRollUps(day, 3)).toBe(1);
      expect([await shown('minute'), await shown('hour'), await shown('day')]).toEqual([0, 4, 4]);
      now = start + 101 * day;
      expect(await store.removeOldRollUps(null, 100)).toBe(0);
      expect(await store.removeOldRollUps(200 * day, 100)).toBe(0);
      expect(await store.removeOldRollUps(day, 100)).toBe(4);
      expect([await shown('hour'), await shown('day')]).toEqual([0, 4]);
    });
  });
});
