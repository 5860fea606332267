import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type TestDatabase, testDatabases } from '../../../test/support/test-databases.ts';
import { openRunQueue } from './open-run-queue.ts';
import type { RunQueue } from './run-queue.ts';

const patience = { timeout: 15_000, interval: 50 };

const errors: Error[] = [];
let kind: (typeof testDatabases)[number]['kind'];
let place: TestDatabase;
let queues: RunQueue[];

async function open(): Promise<RunQueue> {
  const queue = await openRunQueue({ kind, url: place.url, onError: (error) => errors.push(error) });
  queues.push(queue);
  return queue;
}

function useDatabase(database: (typeof testDatabases)[number]): void {
  beforeEach(async () => {
    kind = database.kind;
    place = await database.create();
    queues = [];
    errors.length = 0;
  });
  afterEach(async () => {
    for (const queue of queues) await queue[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });
}

describe.each(testDatabases)('the run queue on $kind', (database) => {
  useDatabase(database);

  test('tells the listener of each announcement', async () => {
    const queue = await open();
    let told = 0;
    await queue.listen(() => {
      told += 1;
    });
    await queue.announce();
    await queue.announce();
    await vi.waitFor(() => expect(told).toBe(2), patience);
    expect(errors).toEqual([]);
  });

  test('tells nobody any more once it is closed', async () => {
    const queue = await open();
    let told = 0;
    await queue.listen(() => {
      told += 1;
    });
    await queue[Symbol.asyncDispose]();
    queues.pop();
    if (kind === 'sqlite') await queue.announce();
    else await (await open()).announce();
    await new Promise((resolve) => setTimeout(resolve, kind === 'sqlite' ? 10 : 1_200));
    expect(told).toBe(0);
  });
});

const shared = testDatabases.filter((database) => database.kind === 'postgres');
describe.each(shared)('the run queue of servers that share $kind', (database) => {
  useDatabase(database);

  test('tells one of the servers that share the database', async () => {
    const told: string[] = [];
    const [first, second] = [await open(), await open()];
    await first.listen(() => told.push('first'));
    await second.listen(() => told.push('second'));
    for (let count = 0; count < 6; count++) await first.announce();
    await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(6), patience);
    expect(told).toHaveLength(6);
  });

  test('keeps what was announced while nobody listened', async () => {
    await (await open()).announce();
    const late = await open();
    let told = 0;
    await late.listen(() => {
      told += 1;
    });
    await vi.waitFor(() => expect(told).toBe(1), patience);
  });
});
