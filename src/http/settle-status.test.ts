import { expect, test } from 'vitest';
import { settleStatus } from './settle-status.ts';

const settles = (event: string): boolean => event === 'started';

async function* events(...all: readonly (string | Promise<string>)[]): AsyncGenerator<string> {
  for (const event of all) yield await event;
}

async function collect(source: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const event of source) all.push(event);
  return all;
}

test('stops at the event that settles, and gives every event again', async () => {
  const result = await settleStatus(events('notice', 'started', 'text'), { settles, limitMs: 60_000 });
  expect(result.settled).toBe('started');
  expect(await collect(result.events)).toEqual(['notice', 'started', 'text']);
});

test('goes on without it after the limit, and loses nothing', async () => {
  let arrive = (_event: string): void => {};
  const late = new Promise<string>((resolve) => {
    arrive = resolve;
  });
  const result = await settleStatus(events('notice', late, 'text'), { settles, limitMs: 20 });
  expect(result.settled).toBeNull();
  arrive('started');
  expect(await collect(result.events)).toEqual(['notice', 'started', 'text']);
});

test('an end without it settles nothing', async () => {
  const result = await settleStatus(events('notice'), { settles, limitMs: 60_000 });
  expect(result.settled).toBeNull();
  expect(await collect(result.events)).toEqual(['notice']);
});
