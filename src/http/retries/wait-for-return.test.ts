import { describe, expect, test } from 'vitest';
import { type Leaving, waitForReturn } from './wait-for-return.ts';

const graceMs = 60_000;
const whole: Leaving = { elapsedMs: 0, stream: false, begun: false };
const told = { deliberate: false, tries: 0, timeoutMs: 20_000, timeoutTold: true };
/** openai-node does not tell the time-out that a client has for all its requests. */
const untold = { deliberate: false, tries: 0, timeoutMs: 600_000, timeoutTold: false };

describe('a client that tells its time-out', () => {
  test.each<[string, Partial<Leaving>, number]>([
    ['leaves early: a person stopped it', { elapsedMs: 12_000 }, 0],
    ['leaves when its time is over', { elapsedMs: 20_004 }, graceMs],
    ['leaves as its own clock has it', { elapsedMs: 19_600 }, graceMs],
    ['leaves before a stream begins', { elapsedMs: 20_000, stream: true }, graceMs],
    ['leaves a stream that has begun', { elapsedMs: 20_000, stream: true, begun: true }, 0],
    ['leaves a whole answer that had a heartbeat', { elapsedMs: 20_100, begun: true }, graceMs],
    ['leaves long after the head, when no time-out counts', { elapsedMs: 45_000, begun: true }, 0],
  ])('%s', (_, leaving, wait) => {
    expect(waitForReturn(told, { ...whole, ...leaving }, graceMs)).toBe(wait);
  });
});

describe('a client that has one and does not tell it', () => {
  test.each<[string, number, Partial<Leaving>, number]>([
    ['is waited for as long as its library pauses', 0, { elapsedMs: 5_000 }, 1_500],
    ['which is longer with each try', 3, { elapsedMs: 5_000 }, 5_000],
    ['and never longer than 8 s', 12, { elapsedMs: 5_000 }, 9_000],
    ['leaves when the usual time is over', 0, { elapsedMs: 600_010, begun: true }, graceMs],
    ['leaves a stream that has begun', 0, { elapsedMs: 5_000, stream: true, begun: true }, 0],
  ])('%s', (_, tries, leaving, wait) => {
    expect(waitForReturn({ ...untold, tries }, { ...whole, ...leaving }, graceMs)).toBe(wait);
  });

  test('is not waited for beyond the grace', () => {
    expect(waitForReturn(untold, { ...whole, elapsedMs: 5_000 }, 700)).toBe(700);
  });
});

test('a client that chose a key may come back whenever it left', () => {
  const keyed = { deliberate: true, timeoutTold: false };
  expect(waitForReturn(keyed, { elapsedMs: 10, stream: true, begun: true }, graceMs)).toBe(graceMs);
});

test('other clients do not come back', () => {
  expect(waitForReturn({ deliberate: false, timeoutTold: false }, whole, graceMs)).toBe(0);
  expect(waitForReturn({ deliberate: false, timeoutTold: false, tries: 0 }, whole, graceMs)).toBe(0);
});
