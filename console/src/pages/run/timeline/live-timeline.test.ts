import { expect, test } from 'vitest';
import type { TimelineEntry } from '../../../../../src/contract/index.ts';
import { type RunEvent, takeEvents } from './live-timeline.ts';

const text = (piece: string, choice = 0): TimelineEntry => ({ type: 'text', text: piece, atMs: 1, choice });
const tool = (callId: string, parentCallId?: string): TimelineEntry => ({
  ...{ type: 'tool_started', callId, name: 'Bash', input: {}, atMs: 2, choice: 0 },
  ...(parentCallId !== undefined && { parentCallId }),
});
const events = (...entries: TimelineEntry[]): RunEvent[] =>
  entries.map((data, index) => ({ seq: index + 1, data }));
const begin = { seq: 0, entries: [] };

test('pieces of a text are joined, of each answer for itself', () => {
  const { timeline } = takeEvents(begin, events(text('He'), text('Hi', 1), text('llo'), text(' there', 1)));
  expect(timeline).toEqual({ seq: 4, entries: [text('Hello'), text('Hi there', 1)] });
});

test('a tool ends a text, a subagent’s does not', () => {
  const { timeline } = takeEvents(
    begin,
    events(text('a'), tool('sub', 'task'), text('b'), tool('own'), text('c')),
  );
  expect(timeline.entries).toEqual([text('ab'), tool('sub', 'task'), tool('own'), text('c')]);
});

test('what is in it already is not taken again', () => {
  const known = { seq: 2, entries: [text('ab')] };
  expect(takeEvents(known, events(text('a'), text('b'))).timeline).toBe(known);
  expect(takeEvents(known, events(text('a'), text('b'), text('c'))).timeline).toEqual({
    seq: 3,
    entries: [text('abc')],
  });
});

test('a number that is left out is told', () => {
  const { timeline, missed } = takeEvents(begin, [
    { seq: 1, data: text('a') },
    { seq: 3, data: text('c') },
  ]);
  expect(missed).toBe(true);
  expect(timeline.entries).toEqual([text('a')]);
});
