import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type LogLine, LogTail } from './log-tail.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const line = (index: number): string => `${JSON.stringify({ level: 30, msg: `line ${index}` })}\n`;

function listening(tail: LogTail): LogLine[] {
  const told: LogLine[] = [];
  tail.listen((one) => told.push(one));
  return told;
}

test('keeps the last 500 lines, newest last', () => {
  const tail = new LogTail();
  for (let index = 0; index < 1200; index++) tail.push(line(index));
  const lines = tail.lines();
  expect(lines).toHaveLength(500);
  expect(lines[0]).toEqual({ level: 30, msg: 'line 700' });
  expect(lines.at(-1)).toEqual({ level: 30, msg: 'line 1199' });
});

test('tells listeners of what comes, until they stop', () => {
  const tail = new LogTail();
  tail.push(line(0));
  const told: LogLine[] = [];
  const stop = tail.listen((one) => told.push(one));
  tail.push(line(1));
  stop();
  tail.push(line(2));
  expect(told).toEqual([{ level: 30, msg: 'line 1' }]);
});

test('tells at most 200 lines a second, and how many more there were', () => {
  const tail = new LogTail();
  const told = listening(tail);
  for (let index = 0; index < 1000; index++) tail.push(line(index));
  expect(told).toHaveLength(200);
  vi.advanceTimersByTime(999);
  expect(told).toHaveLength(200);
  vi.advanceTimersByTime(1);
  expect(told).toHaveLength(201);
  expect(told.at(-1)).toMatchObject({ level: 40, leftOut: 800 });
  for (let index = 0; index < 10; index++) tail.push(line(index));
  expect(told).toHaveLength(211);
  vi.advanceTimersByTime(10_000);
  expect(told).toHaveLength(211);
  expect(vi.getTimerCount()).toBe(0);
});

test('does not tell a listener of what it logs itself', () => {
  const tail = new LogTail();
  let told = 0;
  tail.listen(() => {
    told += 1;
    tail.push(line(told));
  });
  tail.push(line(0));
  expect(told).toBe(1);
  expect(tail.lines()).toHaveLength(2);
});

test('keeps of a very long line what it is about', () => {
  const tail = new LogTail();
  const told = listening(tail);
  const long = JSON.stringify({
    level: 20,
    time: 5,
    requestId: 'req_1',
    body: 'x'.repeat(1e6),
    msg: 'y'.repeat(1e5),
  });
  tail.push(long);
  expect(told).toEqual([
    { level: 20, time: 5, requestId: 'req_1', msg: 'y'.repeat(2000), fullLength: long.length },
  ]);
  expect(tail.lines()).toEqual(told);
});
