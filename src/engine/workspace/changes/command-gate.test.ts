import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CommandGate } from './command-gate.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const { signal } = new AbortController();
const turnsOfTheLoop = () => vi.advanceTimersByTimeAsync(0);

function enterAll(gate: CommandGate<string>, runs: readonly string[]): string[] {
  const inside: string[] = [];
  for (const run of runs) void gate.enter(run, signal).then(() => inside.push(run));
  return inside;
}

test('lets one run in at a time, in the order in which they came', async () => {
  const gate = new CommandGate<string>(10_000);
  const inside = enterAll(gate, ['a', 'b', 'c']);
  await turnsOfTheLoop();
  expect(inside).toEqual(['a']);
  gate.leave('a');
  await turnsOfTheLoop();
  expect(inside).toEqual(['a', 'b']);
  gate.leave('b');
  await turnsOfTheLoop();
  expect(inside).toEqual(['a', 'b', 'c']);
});

test('lets further commands of the run inside in, and the next run when the last of them is done', async () => {
  const gate = new CommandGate<string>(10_000);
  const inside = enterAll(gate, ['a', 'b', 'a']);
  await turnsOfTheLoop();
  expect(inside).toEqual(['a', 'a']);
  gate.leave('a');
  await turnsOfTheLoop();
  expect(inside).toEqual(['a', 'a']);
  gate.leave('a');
  await turnsOfTheLoop();
  expect(inside).toEqual(['a', 'a', 'b']);
});

test('makes nobody wait longer than its patience with the one inside', async () => {
  const gate = new CommandGate<string>(10_000);
  const inside = enterAll(gate, ['a', 'b']);
  await vi.advanceTimersByTimeAsync(9_000);
  const late = enterAll(gate, ['c']);
  expect(inside).toEqual(['a']);
  await vi.advanceTimersByTimeAsync(1_000);
  expect([inside, late]).toEqual([['a', 'b'], ['c']]);
  // The first is still there, and holds up nobody any more.
  expect(enterAll(gate, ['d'])).toEqual([]);
  await turnsOfTheLoop();
  gate.leave('b');
  expect(
    await Promise.race([gate.enter('e', signal).then(() => 'in'), turnsOfTheLoop().then(() => 'out')]),
  ).toBe('in');
});

test('lets go of those whose signal aborts', async () => {
  const gate = new CommandGate<string>(10_000);
  const abort = new AbortController();
  enterAll(gate, ['a']);
  const waiting = gate.enter('b', abort.signal);
  abort.abort();
  await waiting;
  gate.leave('b');
  gate.leave('a');
  expect(vi.getTimerCount()).toBe(0);
});
