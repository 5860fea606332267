import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import type { RecordFilter, RequestRecord } from '../../contract/index.ts';
import { type Database, openDatabase } from '../open-database.ts';
import { StorageError } from '../storage-error.ts';
import { newRecord } from '../testing/records.ts';
import { RecordStore } from './record-store.ts';

const start = 1_700_000_000_000;

/** Records `r0`, `r1` …, a second apart. */
function series(count: number, more: (index: number) => Partial<RequestRecord> = () => ({})) {
  return Array.from({ length: count }, (_, index) =>
    newRecord({ id: `r${index}`, startedAt: start + index * 1000, ...more(index) }),
  );
}

describe.each(testDatabases)('records on $kind', ({ create }) => {
  let place: Awaited<ReturnType<typeof create>>;
  let database: Database;
  let store: RecordStore;
  beforeEach(async () => {
    place = await create();
    database = await openDatabase(place.url);
    store = new RecordStore(database);
  });
  afterEach(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const write = (...records: readonly RequestRecord[]) => store.write(records.map((record) => ({ record })));
  const ids = async (filter: RecordFilter) =>
    (await store.list(filter, { limit: 50 })).items.map(({ id }) => id);
  const exported = async (filter: RecordFilter) => {
    const found: string[] = [];
    for await (const page of store.all(filter)) found.push(...page.map(({ id }) => id));
    return found;
  };

  it('are found by every filter, and by all at once', async () => {
    await write(
      newRecord({ id: 'a', startedAt: start, costUsd: 0.07 }),
      newRecord({ id: 'b', startedAt: start + 1, status: 429, errorMessage: 'Too many', costUsd: null }),
      newRecord({ id: 'c', startedAt: start + 2, status: 500, keyId: 'key_b', keyName: 'Bob' }),
      newRecord({ id: 'd', startedAt: start + 3, modelUsed: 'opus', profile: 'writer', durationMs: 90_000 }),
      newRecord({ id: 'e', startedAt: start + 4, endpoint: '/v1/responses', costUsd: 2.5, keyId: null }),
      newRecord({ id: 'f', startedAt: start + 5, conversation: 'conv_2', keyId: 'key_b', modelUsed: 'opus' }),
    );
    const cases: readonly [RecordFilter, string][] = [
      [{}, 'fedcba'],
      [{ from: start + 4 }, 'fe'],
      [{ to: start + 1 }, 'a'],
      [{ from: start + 1, to: start + 3 }, 'cb'],
      [{ from: start + 3, to: start + 1 }, ''],
      [{ to: 1e15 }, 'fedcba'],
      [{ status: 'ok' }, 'feda'],
      [{ status: 'error' }, 'cb'],
      [{ status: 429 }, 'b'],
      [{ status: 200 }, 'feda'],
      [{ key: ['key_b'] }, 'fc'],
      [{ key: ['key_b', 'key_a', 'key_b', 'none'] }, 'fdcba'],
      [{ key: [] }, 'fedcba'],
      [{ model: ['opus'] }, 'fd'],
      [{ profile: ['writer'] }, 'd'],
      [{ endpoint: ['/v1/responses'] }, 'e'],
      [{ conversation: 'conv_2' }, 'f'],
      [{ minDurationMs: 90_000 }, 'd'],
      [{ minCostUsd: 2.5 }, 'e'],
      [{ minCostUsd: 2.51 }, ''],
      [{ minCostUsd: 0.07 }, 'ea'],
      [{ minCostUsd: 1e300 }, ''],
      [{ key: ['a\u0000'], text: 'nul \u0000' }, ''],
      [{ key: ['key_b', 'key_a'], model: ['opus'] }, 'fd'],
      [{ status: 'ok', text: 'too many' }, ''],
      [{ status: 'error', key: ['key_b'] }, 'c'],
      [{ status: 500, key: ['key_b'], model: ['sonnet'], text: 'bob' }, 'c'],
    ];
    const every: RecordFilter = {
      from: start,
      to: start + 6,
      status: 'ok',
      key: ['key_b'],
      model: ['opus', 'sonnet'],
      profile: ['agent'],
      endpoint: ['/v1/chat/completions'],
      conversation: 'conv_2',
      minDurationMs: 1,
      minCostUsd: 0.01,
      text: 'OPUS',
    };
    const found: [RecordFilter, string][] = [];
    for (const [filter] of cases) found.push([filter, (await ids(filter)).join('')]);
    expect(found).toEqual(cases);
    expect(await ids(every)).toEqual(['f']);
  });

  it('are found by a text in any of their texts, in capitals or not', async () => {
    const places: readonly Partial<RequestRecord>[] = [
      { id: 'req_Needle' },
      { errorMessage: 'a needle in it' },
      { modelAsked: 'needle-1' },
      { modelUsed: 'claude-needle' },
      { client: 'Needle/1.0' },
      { keyName: 'the NEEDLE' },
      { conversation: 'conv_needle' },
      { responseId: 'resp_needle' },
      { files: ['a.ts', 'src/Needle.ts'] },
    ];
    await write(
      ...series(20),
      ...places.map((place, index) => newRecord({ id: `n${index}`, startedAt: start, ...place })),
    );
    const expected = [...places.map((_, index) => `n${index}`).slice(1), 'req_Needle'].sort();
    expect((await ids({ text: 'needle' })).sort()).toEqual(expected);
    expect((await ids({ text: 'NEEDLE' })).sort()).toEqual(expected);
  });

  it('are found by the text as it is written', async () => {
    const texts = ['100%', 'a_b', 'C:\\temp', "it's", 'say "x"', 'Grüße', 'ÄRGER'];
    await write(
      newRecord({ id: 'other', errorMessage: '1000, axb, C:temp, its, say x, Gruesse, ARGER' }),
      ...texts.flatMap((text, index) => [
        newRecord({ id: `message ${index}`, startedAt: start, errorMessage: `see ${text}!` }),
        newRecord({ id: `file ${index}`, startedAt: start + 1, files: [`dir/${text}`] }),
      ]),
    );
    for (const [index, text] of texts.entries()) {
      expect(await ids({ text })).toEqual([`file ${index}`, `message ${index}`]);
    }
    expect(await ids({ text: 'ärger' })).toEqual(['file 6', 'message 6']);
  });

  it('come in pages that show each once, also those of the same millisecond', async () => {
    await write(
      ...series(60, (index) => ({
        startedAt: start + Math.floor(index / 7),
        keyId: `key_${index % 3}`,
      })),
    );
    const all = series(60)
      .map(({ id }) => id)
      .reverse();
    const keys = ['key_0', 'key_1', 'key_2'];
    const cases: readonly [RecordFilter, readonly string[]][] = [
      [{}, all],
      [{ key: keys }, all],
      [{ key: keys, minDurationMs: 1 }, all],
      [{ key: ['key_1'] }, all.filter((id) => Number(id.slice(1)) % 3 === 1)],
    ];
    for (const [filter, expected] of cases) {
      expect(await walk(store, filter, 7)).toEqual(expected);
      expect(await walk(store, filter, expected.length)).toEqual(expected);
      expect(await exported(filter)).toEqual(expected);
    }
  });

  it('keep their pages while more come', async () => {
    await write(...series(30));
    let later = 0;
    const found = await walk(store, {}, 4, async () => {
      later++;
      await write(newRecord({ id: `later ${later}`, startedAt: start + 1e9 + later }));
    });
    expect(found).toEqual(
      series(30)
        .map(({ id }) => id)
        .reverse(),
    );
  });

  it('are exported in several pages', async () => {
    await write(...series(1201));
    const sizes: number[] = [];
    for await (const page of store.all({ text: 'sonnet' })) sizes.push(page.length);
    expect(sizes).toEqual([500, 500, 201]);
  });

  it('refuse a cursor that was not given out', async () => {
    for (const cursor of ['', 'x', '1', '1.2.3', '-1.2', '1e3.4', "1.2'"]) {
      const failure = store.list({}, { limit: 1, cursor });
      await expect(failure).rejects.toThrow(StorageError);
      await expect(failure).rejects.toMatchObject({ code: 'bad_cursor' });
    }
  });

  it('are searched so far only, and from there on with the cursor', async () => {
    store = new RecordStore(database, Date.now, 2000);
    await write(
      ...series(2410, (index) => ({
        keyId: index < 30 ? 'rare' : `key_${index % 3}`,
        modelUsed: index % 2 === 0 ? 'sonnet' : 'opus',
        ...(index === 10 || index === 2406 ? { errorMessage: 'a needle' } : {}),
      })),
    );
    const first = await store.list({ text: 'needle' }, { limit: 50 });
    expect(first.items.map(({ id }) => id)).toEqual(['r2406']);
    expect(first.searchedTo).toBe(start + 410_000);
    const second = await store.list({ text: 'needle' }, { limit: 50, cursor: first.nextCursor ?? '' });
    expect(second.items.map(({ id }) => id)).toEqual(['r10']);
    expect(second).toMatchObject({ nextCursor: null, searchedTo: null });
    expect(await exported({ text: 'needle' })).toEqual(['r2406', 'r10']);

    // The index that leads farthest.
    const rare: RecordFilter = { model: ['opus'], key: ['rare'] };
    expect(await store.list(rare, { limit: 50 })).toMatchObject({ nextCursor: null, searchedTo: null });
    expect(await ids(rare)).toHaveLength(15);
    expect(await ids({ ...rare, text: 'needle' })).toEqual([]);

    // Rows divided between several values.
    const several: RecordFilter = { key: ['key_0', 'key_1', 'rare'], text: 'needle' };
    const part = await store.list(several, { limit: 50 });
    expect(part.items.map(({ id }) => id)).toEqual(['r2406']);
    expect(part.searchedTo).toBeGreaterThan(start);
    const rest = await store.list(several, { limit: 50, cursor: part.nextCursor ?? '' });
    expect(rest.items.map(({ id }) => id)).toEqual(['r10']);
    expect(rest.nextCursor).toBeNull();
  });
});

/** All pages, one after the other. */
async function walk(
  store: RecordStore,
  filter: RecordFilter,
  limit: number,
  between: () => Promise<void> = async () => {},
): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list(filter, { limit, cursor });
    expect(page.items.length).toBeLessThanOrEqual(limit);
    found.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
    await between();
  } while (cursor !== undefined);
  return found;
}
