import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabases } from '../../../test/support/test-databases.ts';
import type { Dimension, RequestRecord, Stats, StatsQuery } from '../../contract/index.ts';
import { DatabaseKeyStore } from '../access/key-store.ts';
import { type Database, openDatabase } from '../open-database.ts';
import { newKey } from '../testing/access-rows.ts';
import { newRecord } from '../testing/records.ts';
import { bucketBoundsMs } from './histogram.ts';
import { RecordStore } from './record-store.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
/** The start of a day, in the middle of a stretch of 30. */
const start = 30 * 600 * day + 10 * day;

/** The bounds of the bucket that a duration falls into. */
function bucketOf(ms: number): readonly [number, number] {
  const index = bucketBoundsMs.findIndex((bound) => ms <= bound);
  return [bucketBoundsMs[index - 1] ?? 0, bucketBoundsMs[index] ?? Number.NaN];
}

/** The value that so large a share of them reaches or is below. */
function naivePercentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

function expectInBucket(found: number | null, exact: number): void {
  const [lower, upper] = bucketOf(exact);
  expect(found).toBeGreaterThanOrEqual(lower);
  expect(found).toBeLessThanOrEqual(upper);
}

describe.each(testDatabases)('statistics on $kind', ({ create }) => {
  let place: Awaited<ReturnType<typeof create>>;
  let database: Database;
  let store: RecordStore;
  let now: number;
  let ids = 0;
  /** Tests have a time of their own each, since they share the database. */
  let base: number;
  beforeAll(async () => {
    place = await create();
    database = await openDatabase(place.url);
    store = new RecordStore(database, () => now);
    base = start;
  });
  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  const elsewhen = () => {
    base += 900 * day;
    now = base + 2 * day;
    return base;
  };
  const write = (records: readonly Partial<RequestRecord>[]) =>
    store.write(records.map((more) => ({ record: newRecord({ ...more, id: `r${ids++}` }) })));
  const stats = (from: number, to: number, by: StatsQuery['by'] = 'total', step?: Stats['step']) =>
    store.stats({ from, to, by, step });

  it('are zero where nothing was asked', async () => {
    const at = elsewhen();
    const found = await stats(at, at + hour, 'model');
    expect(found).toEqual({
      step: 'minute',
      from: at,
      to: at + hour,
      total: {
        requests: 0,
        errors: 0,
        inputTokens: 0,
        cachedInputTokens: 0,
        outputTokens: 0,
        thinkingTokens: 0,
        costUsd: 0,
        durationP50: null,
        durationP95: null,
        durationP99: null,
        firstTokenP50: null,
        firstTokenP95: null,
      },
      series: [],
    });
    expect((await stats(at + hour, at)).series).toEqual([]);
  });

  it('add up by total, model, key and endpoint, with a point for each bucket that has requests', async () => {
    const at = elsewhen();
    await write([
      { startedAt: at, modelUsed: 'sonnet', keyId: 'a', keyName: 'Ann', costUsd: 0.1 },
      { startedAt: at + 59_999, modelUsed: 'sonnet', keyId: 'a', keyName: 'Anna', costUsd: 0.2 },
      {
        startedAt: at + 3 * minute,
        modelUsed: 'opus',
        keyId: 'b',
        keyName: null,
        status: 500,
        costUsd: null,
      },
      { startedAt: at + 3 * minute, modelUsed: null, keyId: null, status: 404, endpoint: '/v1/models' },
      { startedAt: at + 5 * minute, modelUsed: 'opus', keyId: 'a' },
    ]);
    const all = await stats(at + 1, at + 5 * minute);
    expect(all).toMatchObject({ step: 'minute', from: at, to: at + 5 * minute });
    expect(all.total).toMatchObject({ requests: 4, errors: 2, inputTokens: 400, cachedInputTokens: 160 });
    expect(all.total).toMatchObject({ outputTokens: 80, thinkingTokens: 20 });
    expect(all.total.costUsd).toBeCloseTo(0.312345678, 12);
    expect(all.series).toHaveLength(1);
    expect(all.series[0]).toMatchObject({ value: '', label: 'total', total: all.total });
    expect(all.series[0]?.points.map((point) => [point.at - at, point.requests])).toEqual([
      [0, 2],
      [3 * minute, 2],
    ]);

    const named = async (by: Dimension) =>
      (await stats(at, at + 5 * minute, by)).series.map(({ value, label, total }) => [
        value,
        label,
        total.requests,
      ]);
    expect(await named('model')).toEqual([
      ['sonnet', 'sonnet', 2],
      ['', 'no model', 1],
      ['opus', 'opus', 1],
    ]);
    expect(await named('key')).toEqual([
      ['a', 'Ann', 2],
      ['', 'no key', 1],
      ['b', 'b', 1],
    ]);
    expect(await named('endpoint')).toEqual([
      ['/v1/chat/completions', '/v1/chat/completions', 3],
      ['/v1/models', '/v1/models', 1],
    ]);
  });

  it('choose a step that suits the range and what is kept', async () => {
    const at = elsewhen();
    now = at + 120 * day;
    const step = async (...range: Parameters<typeof stats>) => (await stats(...range)).step;
    expect(await step(now - 3 * hour, now)).toBe('minute');
    expect(await step(now - 3 * hour - 1, now)).toBe('hour');
    expect(await step(now - 14 * day, now)).toBe('hour');
    expect(await step(now - 14 * day - 1, now)).toBe('day');
    expect(await step(now - 9 * day, now - 9 * day + hour)).toBe('hour');
    expect(await step(now - 101 * day, now - 101 * day + hour)).toBe('day');
    expect(await step(now - day, now, 'total', 'minute')).toBe('minute');
    expect(await step(now - day, now, 'key', 'minute')).toBe('hour');
    expect(await step(now - hour, now, 'total', 'day')).toBe('day');
    expect(await step(0, 1e15, 'total', 'minute')).toBe('day');
  });

  it('tell the 50 series with the most requests', async () => {
    const at = elsewhen();
    await write(
      Array.from({ length: 60 }, (_, key) =>
        Array.from({ length: key < 5 ? 1 : 2 }, () => ({
          startedAt: at,
          keyId: `k${key}`,
          keyName: `Key ${key}`,
        })),
      ).flat(),
    );
    const { series, total } = await stats(at, at + hour, 'key');
    expect(total.requests).toBe(115);
    expect(series).toHaveLength(50);
    expect(series.every((one) => one.total.requests === 2 && one.points.length === 1)).toBe(true);
  });

  it('keep the answer small: many points are told of the first series only', async () => {
    const at = elsewhen();
    now = at + 250 * day;
    await write(
      Array.from({ length: 250 * 10 }, (_, index) => ({
        startedAt: at + Math.floor(index / 10) * day,
        modelUsed: `m${String(index % 10).padStart(2, '0')}`,
      })),
    );
    const { series } = await stats(at, at + 250 * day, 'model');
    expect(series.map(({ total }) => total.requests)).toEqual(Array.from({ length: 10 }, () => 250));
    expect(series.map(({ points }) => points.length)).toEqual(
      Array.from({ length: 10 }, (_, index) => (index < 8 ? 250 : 0)),
    );
  });

  it('have percentiles that are exact to the width of a bucket', async () => {
    const durations = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 30 * minute })),
      { minLength: 1, maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(
        durations,
        fc.array(fc.integer({ min: 0, max: minute }), { maxLength: 20 }),
        async (times, first) => {
          const at = elsewhen();
          await write(
            times.map((durationMs, index) => ({
              startedAt: at + index * 3 * minute,
              durationMs,
              firstTokenMs: first[index] ?? null,
            })),
          );
          const { total } = await stats(at, at + day);
          expectInBucket(total.durationP50, naivePercentile(times, 0.5));
          expectInBucket(total.durationP95, naivePercentile(times, 0.95));
          expectInBucket(total.durationP99, naivePercentile(times, 0.99));
          const told = first.slice(0, times.length);
          if (told.length === 0) expect(total.firstTokenP50).toBeNull();
          else {
            expectInBucket(total.firstTokenP50, naivePercentile(told, 0.5));
            expectInBucket(total.firstTokenP95, naivePercentile(told, 0.95));
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('spread evenly within a bucket, and end at half an hour', async () => {
    const at = elsewhen();
    await write(
      Array.from({ length: 100 }, () => ({ startedAt: at, durationMs: 1500, firstTokenMs: 2 * hour })),
    );
    const { total } = await stats(at, at + hour);
    // Between 1300 and 2000.
    expect(total).toMatchObject({ durationP50: 1650, durationP95: 1965, durationP99: 1993 });
    expect(total).toMatchObject({ firstTokenP50: 30 * minute, firstTokenP95: 30 * minute });
  });

  it('are told by owner and tag, as the keys have them now; two tags count in both', async () => {
    const at = elsewhen();
    const keys = new DatabaseKeyStore(database);
    await keys.create(newKey('key_a', { owner: 'Ann', tags: ['prod', 'Köln "west"'] }));
    await keys.create(newKey('key_b', { owner: 'Ann' }));
    await keys.create(newKey('key_c', { tags: ['prod'] }));
    await write(
      ['key_a', 'key_b', 'key_c', 'key_gone', null].map((keyId, index) => ({
        keyId,
        costUsd: 2 ** index,
        durationMs: 10,
        startedAt: at + (index % 2) * hour,
      })),
    );
    const told = async (by: 'owner' | 'tag') => {
      const { total, series } = await stats(at, at + day, by, 'hour');
      expect(total).toMatchObject({ requests: 5, costUsd: 31 });
      for (const one of series) {
        expect(one.points.reduce((sum, { costUsd }) => sum + costUsd, 0)).toBe(one.total.costUsd);
        expect(one.points.length).toBeLessThanOrEqual(2);
        expectInBucket(one.total.durationP50, 10);
      }
      return Object.fromEntries(series.map(({ label, total: { costUsd } }) => [label, costUsd]));
    };
    expect(await told('owner')).toEqual({ Ann: 3, 'no owner': 28 });
    expect(await told('tag')).toEqual({ prod: 5, 'Köln "west"': 1, 'no tag': 26 });
  });

  it('are what the records add up to, over any range and by any step', async () => {
    const at = elsewhen();
    now = at + 90 * day;
    const random = fc.record({
      offset: fc.integer({ min: 0, max: 90 * day - 1 }),
      model: fc.constantFrom('sonnet', 'opus', null),
      status: fc.constantFrom(200, 429),
      costUsd: fc.constantFrom(null, 0.25, 1.5),
    });
    const sample = fc
      .sample(random, { numRuns: 300, seed: 7 })
      .map(({ offset, model: modelUsed, ...more }) => ({ ...more, modelUsed, startedAt: at + offset }));
    for (let first = 0; first < sample.length; first += 60) await write(sample.slice(first, first + 60));
    const range = fc.tuple(fc.integer({ min: 0, max: 90 * day }), fc.integer({ min: 0, max: 90 * day }));
    await fc.assert(
      fc.asyncProperty(
        range,
        fc.constantFrom('minute', 'hour', 'day', undefined),
        async ([one, other], step) => {
          const found = await stats(at + Math.min(one, other), at + Math.max(one, other), 'model', step);
          const own = sample.filter(({ startedAt }) => startedAt >= found.from && startedAt < found.to);
          const costs = own.reduce((sum, { costUsd }) => sum + (costUsd ?? 0), 0);
          expect(found.total.requests).toBe(own.length);
          expect(found.total.errors).toBe(own.filter(({ status }) => status >= 400).length);
          expect(found.total.costUsd).toBeCloseTo(costs, 9);
          for (const { value, total, points } of found.series) {
            const count = own.filter(({ modelUsed }) => (modelUsed ?? '') === value).length;
            expect(total.requests).toBe(count);
            expect(points.reduce((sum, { requests }) => sum + requests, 0)).toBe(count);
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
