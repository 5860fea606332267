import pino from 'pino';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RecordKeeping, type RecordKeepingOptions } from './record-keeping.ts';

const logger = pino({ level: 'silent' });
const minutes = 60 * 1000;

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Counts in place of tables. */
function fakeStore(old: { records: number; details: number; sums: number }) {
  const left = { ...old };
  const calls: (readonly [string, number | null, number])[] = [];
  const remove = (what: keyof typeof left) => async (bound: number | null, limit: number) => {
    calls.push([what, bound, limit]);
    const removed = Math.min(left[what], limit);
    left[what] -= removed;
    return removed;
  };
  const store = {
    removeOlderThan: remove('records'),
    removeDetailsBeyond: remove('details'),
    removeOldRollUps: remove('sums'),
  };
  return { left, calls, store };
}

function keep(store: RecordKeepingOptions['store'], limits: RecordKeepingOptions['limits']): RecordKeeping {
  return new RecordKeeping({ store, logger, limits, now: () => 1_000_000, pauseMs: 10 });
}

test('removes a few at a time until nothing is left that is too old or too much', async () => {
  const { left, calls, store } = fakeStore({ records: 450, details: 200, sums: 1 });
  await using _keeping = keep(store, () => ({ retentionMs: 400_000, maxBytes: 5000 }));
  await vi.advanceTimersByTimeAsync(100);
  expect(left).toEqual({ records: 0, details: 0, sums: 0 });
  expect(calls).toEqual([
    ...Array.from({ length: 3 }, () => ['records', 600_000, 200]),
    ...Array.from({ length: 2 }, () => ['details', 5000, 200]),
    ['sums', 400_000, 200],
  ]);
});

test('pauses between two batches', async () => {
  const { left, store } = fakeStore({ records: 1000, details: 0, sums: 0 });
  await using _keeping = keep(store, () => ({ retentionMs: 1 }));
  await vi.advanceTimersByTimeAsync(25);
  expect(left.records).toBe(400);
});

test('comes again every ten minutes, with the settings of then', async () => {
  const { calls, store } = fakeStore({ records: 0, details: 0, sums: 0 });
  let limits: ReturnType<RecordKeepingOptions['limits']> = {};
  await using _keeping = keep(store, () => limits);
  await vi.advanceTimersByTimeAsync(0);
  expect(calls).toEqual([['sums', null, 200]]);
  limits = { maxBytes: 7 };
  await vi.advanceTimersByTimeAsync(10 * minutes);
  expect(calls.slice(1)).toEqual([
    ['details', 7, 200],
    ['sums', null, 200],
  ]);
});

test('a failure is tried again the next time', async () => {
  const { calls, store } = fakeStore({ records: 1, details: 0, sums: 0 });
  let fails = true;
  const failing = {
    ...store,
    removeOlderThan: async (time: number, limit: number) => {
      if (fails) throw new Error('locked');
      return store.removeOlderThan(time, limit);
    },
  };
  await using _keeping = keep(failing, () => ({ retentionMs: 1 }));
  await vi.advanceTimersByTimeAsync(10 * minutes - 1);
  expect(calls).toEqual([]);
  fails = false;
  await vi.advanceTimersByTimeAsync(1);
  expect(calls.map(([what]) => what)).toEqual(['records', 'sums']);
});

test('stops when it is disposed of, between two batches', async () => {
  const { left, store } = fakeStore({ records: 10_000, details: 0, sums: 0 });
  const keeping = keep(store, () => ({ retentionMs: 1 }));
  await vi.advanceTimersByTimeAsync(5);
  await keeping[Symbol.asyncDispose]();
  expect(left.records).toBe(9800);
  expect(vi.getTimerCount()).toBe(0);
});
