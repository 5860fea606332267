import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LastUses } from './last-uses.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  const batches: [string, number][][] = [];
  const problems: string[] = [];
  const store = {
    failing: false,
    async markUsed(times: ReadonlyMap<string, number>): Promise<void> {
      if (this.failing) throw new Error('no database');
      batches.push([...times]);
    },
  };
  const uses = new LastUses(store, (message) => problems.push(message));
  return { batches, problems, store, uses };
}

test('many uses are one write, with the latest time of each key', async () => {
  const { uses, batches } = open();
  for (const at of [3, 5, 4]) uses.note('a', at);
  uses.note('b', 1);
  await vi.advanceTimersByTimeAsync(4_999);
  expect(batches).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  const expected = [
    ['a', 5],
    ['b', 1],
  ];
  expect(batches).toEqual([expected]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(batches).toHaveLength(1);
});

test('what could not be written is tried again, together with what came since', async () => {
  const { uses, batches, store, problems } = open();
  store.failing = true;
  uses.note('a', 1);
  uses.note('b', 1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(problems).toHaveLength(1);
  store.failing = false;
  uses.note('a', 2);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(batches).toHaveLength(1);
  expect(new Map(batches[0])).toEqual(
    new Map([
      ['a', 2],
      ['b', 1],
    ]),
  );
});

test('the end writes what waits, and then nothing any more', async () => {
  const { uses, batches } = open();
  uses.note('a', 1);
  await uses[Symbol.asyncDispose]();
  expect(batches).toEqual([[['a', 1]]]);
  uses.note('b', 2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(batches).toHaveLength(1);
});

test('an end without a database reports and does not hang', async () => {
  const { uses, store, problems } = open();
  store.failing = true;
  uses.note('a', 1);
  await uses[Symbol.asyncDispose]();
  expect(problems).toHaveLength(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('no more keys wait than a batch may have', async () => {
  const { uses, batches } = open();
  for (let key = 0; key < 10_050; key += 1) uses.note(`key ${key}`, 1);
  uses.note('key 0', 2);
  await uses[Symbol.asyncDispose]();
  expect(batches[0]).toHaveLength(10_000);
  expect(batches[0]?.[0]).toEqual(['key 0', 2]);
});
