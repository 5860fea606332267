import { describe, expect, test } from 'vitest';
import type { TimelineEntry } from '../../../../../src/contract/index.ts';
import { buildRows, firstError } from './build-rows.ts';

const when = { atMs: 5, choice: 0 };
const call = (callId: string, name = 'Bash') => ({ ...when, callId, name });
const started = (callId: string, parentCallId?: string): TimelineEntry => ({
  ...call(callId),
  type: 'tool_started',
  input: { command: 'ls' },
  ...(parentCallId !== undefined && { parentCallId }),
});
const done = (callId: string, isError = false, parentCallId?: string): TimelineEntry => ({
  ...call(callId),
  type: 'tool_done',
  isError,
  output: 'out',
  ...(parentCallId !== undefined && { parentCallId }),
});
const text = (words: string): TimelineEntry => ({ ...when, type: 'text', text: words });
const ids = (entries: readonly TimelineEntry[], folded?: ReadonlySet<string>) =>
  buildRows(entries, folded).map((row) => [row.kind === 'tool' ? row.callId : row.entry.type, row.depth]);

describe('rows', () => {
  test('the end of a call and the word it waited for belong to its beginning', () => {
    const asked: TimelineEntry = {
      ...call('a'),
      type: 'approval_requested',
      server: null,
      arguments: {},
      approvalId: 'ap',
    };
    const ended: TimelineEntry = { ...call('a'), type: 'approval_ended', outcome: 'allow', by: 'admin' };
    const [row, ...more] = buildRows([started('a'), asked, ended, done('a')]);
    expect(more).toEqual([]);
    expect(row).toMatchObject({
      callId: 'a',
      done: { output: 'out' },
      asked: { approvalId: 'ap' },
      answered: { by: 'admin' },
    });
  });

  test('what a client is asked about stands for itself', () => {
    const asked: TimelineEntry = { ...call('a'), type: 'approval_requested', server: 'db', arguments: {} };
    expect(ids([asked])).toEqual([['approval_requested', 0]]);
  });

  test('calls of subagents come below theirs, at any depth', () => {
    const entries = [
      started('task'),
      text('b'),
      started('in', 'task'),
      started('deep', 'in'),
      done('in', false, 'task'),
    ];
    expect(ids(entries)).toEqual([
      ['task', 0],
      ['in', 1],
      ['deep', 2],
      ['text', 0],
    ]);
    expect(buildRows(entries)[0]).toMatchObject({ below: 1 });
  });

  test('what is folded is left out', () => {
    const entries = [started('task'), started('in', 'task'), started('own')];
    expect(ids(entries, new Set(['task']))).toEqual([
      ['task', 0],
      ['own', 0],
    ]);
  });

  test('a call whose parent or beginning is not there is shown all the same', () => {
    expect(ids([started('in', 'gone'), done('late')])).toEqual([
      ['in', 0],
      ['late', 0],
    ]);
  });

  test('texts before a new beginning are marked, those after it are not', () => {
    const reset: TimelineEntry = { ...when, type: 'text_reset' };
    const rows = buildRows([text('one'), reset, text('two')]);
    expect(rows.map((row) => row.kind === 'entry' && row.discarded)).toEqual([true, false, false]);
  });

  test('keys are there once, and stay while entries come', () => {
    const entries = [text('a'), started('x'), started('x'), text('b'), done('x')];
    const keys = buildRows(entries).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(buildRows(entries.slice(0, 3)).map(({ key }) => key)).toEqual(keys.slice(0, 3));
  });
});

test('the first error is a call that failed, or the end of the run', () => {
  expect(
    firstError(buildRows([text('a'), started('x'), done('x', true), started('y'), done('y', true)])),
  ).toBe(1);
  expect(firstError(buildRows([text('a'), started('x'), done('x')]))).toBeUndefined();
});
