import type { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import type { RecordFilter } from '../../contract/index.ts';
import { type Database, openDatabase } from '../open-database.ts';
import { newDetail, newRecord } from '../testing/records.ts';
import { watchQueries } from '../testing/watch-queries.ts';
import { RecordStore } from './record-store.ts';

const day = 86_400_000;
const now = 20_000 * day;

let place: AsyncDisposable & { readonly url: string };
let database: Database;
let store: RecordStore;
let asked: CompiledQuery[] = [];

beforeAll(async () => {
  const sqlite = testDatabases.find(({ kind }) => kind === 'sqlite');
  if (sqlite === undefined) throw new Error('no SQLite');
  place = await sqlite.create();
  database = await openDatabase(place.url);
  const kysely = watchQueries(database.kysely, (query) => asked.push(query));
  store = new RecordStore({ kind: 'sqlite', kysely }, () => now);
  await store.write(
    Array.from({ length: 300 }, (_, index) => ({
      record: newRecord({
        id: `r${index}`,
        startedAt: now - index * 1000,
        status: index % 2 === 0 ? 200 : 500,
      }),
      detail: newDetail('x'),
    })),
  );
});
afterAll(async () => {
  await database[Symbol.asyncDispose]();
  await place[Symbol.asyncDispose]();
});

/** How SQLite reads the tables for what is asked. */
async function plansOf(ask: () => Promise<unknown>): Promise<string[]> {
  asked = [];
  await ask();
  const queries = asked.filter(({ sql }) => /^(select|delete)/.test(sql));
  expect(queries.length).toBeGreaterThan(0);
  const steps: string[] = [];
  for (const query of queries) {
    const { rows } = await database.kysely.executeQuery<{ detail: string }>({
      ...query,
      sql: `explain query plan ${query.sql}`,
    });
    steps.push(...rows.map(({ detail }) => detail).filter((detail) => /^(SCAN|SEARCH) \w/.test(detail)));
  }
  return [...new Set(steps)];
}

it.each<[string, RecordFilter]>([
  ['request_logs_by_time', {}],
  ['request_logs_by_time', { from: 5, to: now }],
  ['request_logs_by_time', { status: 'ok', minDurationMs: 5, minCostUsd: 1, text: 'x' }],
  ['request_logs_by_error', { status: 'error' }],
  ['request_logs_by_error', { status: 429, text: 'x' }],
  ['request_logs_by_key', { key: ['key_a'] }],
  ['request_logs_by_key', { key: ['key_a', 'key_b', 'key_c'] }],
  ['request_logs_by_key', { key: ['key_a', 'key_b'], status: 'ok', text: 'x' }],
  ['request_logs_by_model', { model: ['sonnet'], minDurationMs: 5 }],
  ['request_logs_by_endpoint', { endpoint: ['/v1/responses', '/v1/models'] }],
  ['request_logs_by_profile', { profile: ['agent'] }],
  ['request_logs_by_conversation', { conversation: 'conv_1' }],
])('SQLite finds records by %s for %j', async (index, filter) => {
  for (const cursor of [undefined, `${now}.5`]) {
    const steps = await plansOf(() => store.list(filter, { limit: 20, cursor }));
    const reads = steps.filter((step) => step.includes('request_logs'));
    // First the places of those that fit, by the index; then their rows.
    expect(reads).toContainEqual(expect.stringMatching(/^SEARCH request_logs USING INTEGER PRIMARY KEY/));
    const others = reads.filter((step) => !step.includes('INTEGER PRIMARY KEY'));
    expect(others.length).toBeGreaterThan(0);
    for (const step of others)
      expect(step).toMatch(new RegExp(`^SEARCH request_logs USING (COVERING )?INDEX ${index} `));
  }
});

it('SQLite finds one record, statistics and what is to be removed by an index', async () => {
  const steps = await plansOf(async () => {
    await store.get('r1');
    await store.detail('r1');
    await store.storedStatus();
    for (const by of ['total', 'key'] as const) {
      for (const range of [3_600_000, day, 30 * day, 365 * day])
        await store.stats({ from: now - range, to: now, by });
    }
    await store.removeOlderThan(now - 200_000, 10);
    await store.removeDetailsBeyond(1000, 10);
    await store.removeOldRollUps(1, 10);
  });
  // A row for each day, and the first entry of the index.
  const allowed = [
    'SCAN record_days',
    'SCAN request_logs USING COVERING INDEX request_logs_by_time',
    'SCAN request_details',
  ];
  const scans = steps.filter((step) => step.startsWith('SCAN') && !/^SCAN (summed|parts)$/.test(step));
  expect(scans.filter((step) => !allowed.includes(step))).toEqual([]);
  expect(steps).toContainEqual(expect.stringMatching(/^SEARCH request_logs .*request_id=\?/));
  expect(steps).toContainEqual(
    expect.stringMatching(/^SEARCH analytics .*bucket_start>\? AND bucket_start<\?/),
  );
});
