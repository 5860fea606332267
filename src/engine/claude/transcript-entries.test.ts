import { describe, expect, test } from 'vitest';
import type { JsonObject, Message } from '../../turn/index.ts';
import type { TranscriptEntry } from '../ports.ts';
import { openInput, splitTranscript, synthesiseEntries } from './transcript-entries.ts';

let count = 0;
function entry(type: string, message: JsonObject | undefined, more: object = {}): TranscriptEntry {
  count++;
  return { type, uuid: `uuid-${count}`, ...(message === undefined ? {} : { message }), ...more };
}

const text = (value: string): JsonObject => ({ type: 'text', text: value });
const use = (id: string): JsonObject => ({ type: 'tool_use', id, name: 'look', input: {} });
const result = (id: string): JsonObject => ({ type: 'tool_result', tool_use_id: id, content: id });

const asked = (content: string | JsonObject[], more?: object): TranscriptEntry =>
  entry('user', { role: 'user', content }, more);
const answered = (id: string, block: JsonObject, more?: object): TranscriptEntry =>
  entry('assistant', { role: 'assistant', id, content: [block] }, more);

const places = { model: 'sonnet', cwd: '/work', after: null } as const;

describe('writing entries from messages', () => {
  const messages: Message[] = [
    { role: 'user', parts: [{ type: 'text', text: 'q' }] },
    { role: 'assistant', parts: [{ type: 'tool-call', callId: 'c1', name: 'look', arguments: { at: 1 } }] },
    {
      role: 'user',
      parts: [{ type: 'tool-result', callId: 'c1', content: [{ type: 'text', text: 'snow' }] }],
    },
    { role: 'assistant', parts: [{ type: 'text', text: 'It snows.' }] },
  ];

  test('each points at the one before, the first at what it continues', () => {
    const entries = synthesiseEntries(messages, { ...places, after: 'earlier' });
    expect(entries.map((one) => one['parentUuid'])).toEqual([
      'earlier',
      ...entries.slice(0, -1).map(({ uuid }) => uuid),
    ]);
    expect(new Set(entries.map(({ uuid }) => uuid)).size).toBe(4);
  });

  test('the first of a new transcript points at nothing', () => {
    expect(synthesiseEntries(messages, places)[0]?.['parentUuid']).toBeNull();
  });

  test('they hold the messages in the shape of the Messages API', () => {
    const entries = synthesiseEntries(messages, places);
    expect(entries.map(({ type }) => type)).toEqual(['user', 'assistant', 'user', 'assistant']);
    expect(entries.map(({ message }) => (message as JsonObject)['content'])).toEqual([
      'q',
      [{ type: 'tool_use', id: 'c1', name: 'look', input: { at: 1 } }],
      [{ type: 'tool_result', tool_use_id: 'c1', content: [{ type: 'text', text: 'snow' }] }],
      [{ type: 'text', text: 'It snows.' }],
    ]);
    expect(entries[1]).toMatchObject({ cwd: '/work', isSidechain: false, message: { model: 'sonnet' } });
  });

  test('what was written splits again just there', () => {
    const entries = synthesiseEntries(messages, places);
    expect(splitTranscript(entries)).toEqual({ settled: entries, open: [] });
    expect(splitTranscript(entries.slice(0, 3)).settled).toEqual([]);
    expect(splitTranscript(entries.slice(0, 3)).open).toHaveLength(3);
  });
});

describe('cutting a transcript in two', () => {
  test('an empty one is empty', () => {
    expect(splitTranscript([])).toEqual({ settled: [], open: [] });
  });

  test('one that ends with an answer is settled, bookkeeping after the answer left out', () => {
    const entries = [asked('q'), answered('m1', text('a'))];
    expect(splitTranscript([...entries, entry('system', undefined)])).toEqual({ settled: entries, open: [] });
  });

  test('finished calls within a finished turn are settled', () => {
    const entries = [asked('q'), answered('m1', use('c1')), asked([result('c1')]), answered('m2', text('a'))];
    expect(splitTranscript(entries)).toEqual({ settled: entries, open: [] });
  });

  test('a turn in which a call waits is open from its question on', () => {
    const settled = [asked('q1'), answered('m1', text('a1'))];
    const split = splitTranscript([...settled, asked('q2'), answered('m2', use('c1'))]);
    expect(split.settled).toEqual(settled);
    expect(split.open).toEqual([
      { role: 'user', content: 'q2' },
      { role: 'assistant', message: { role: 'assistant', id: 'm2', content: [use('c1')] } },
    ]);
  });

  test('a text that belongs to a message with calls does not settle the turn; its blocks come together again', () => {
    const thinking: JsonObject = { type: 'thinking', thinking: 'hm', signature: 's' };
    const split = splitTranscript([
      asked('q'),
      answered('m1', thinking),
      answered('m1', text('Let me see.')),
      answered('m1', use('c1')),
      answered('m1', use('c2')),
    ]);
    expect(split.settled).toEqual([]);
    expect(split.open).toEqual([
      { role: 'user', content: 'q' },
      {
        role: 'assistant',
        message: {
          role: 'assistant',
          id: 'm1',
          content: [thinking, text('Let me see.'), use('c1'), use('c2')],
        },
      },
    ]);
  });

  test('messages of different ids stay apart', () => {
    const { open } = splitTranscript([asked('q'), answered('m1', use('c1')), answered('m2', use('c2'))]);
    expect(open.map(({ role }) => role)).toEqual(['user', 'assistant', 'assistant']);
  });

  test('the results of parallel calls come together, other messages of the user do not', () => {
    const { open } = splitTranscript([
      asked('q'),
      answered('m1', use('c1')),
      answered('m1', use('c2')),
      asked([result('c1')]),
      asked([result('c2')]),
      asked('and?'),
      answered('m2', use('c3')),
    ]);
    expect(open.slice(2, -1)).toEqual([
      { role: 'user', content: [result('c1'), result('c2')] },
      { role: 'user', content: 'and?' },
    ]);
  });

  test('what subagents said neither settles a turn nor belongs to the conversation', () => {
    const aside = { isSidechain: true };
    const split = splitTranscript([
      asked('q'),
      answered('m1', use('c1')),
      asked('do this', aside),
      answered('s1', text('done'), aside),
    ]);
    expect(split.settled).toEqual([]);
    expect(split.open.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });

  test("Claude Code's own remarks and bookkeeping are no messages", () => {
    const { open } = splitTranscript([
      entry('system', undefined),
      asked('caveat', { isMeta: true }),
      asked('q'),
      entry('attachment', undefined),
      answered('m1', use('c1')),
    ]);
    expect(open.map(({ role }) => role)).toEqual(['user', 'assistant']);
  });
});

test('an open turn is given to a process message by message, and none of them is asked', () => {
  const { open } = splitTranscript([asked('q'), answered('m1', use('c1')), asked([result('c1')])]);
  const input = openInput(open);
  expect(input).toMatchObject([
    { type: 'user', message: { role: 'user', content: 'q' }, shouldQuery: false },
    { type: 'assistant', message: { id: 'm1', content: [use('c1')] } },
    { type: 'user', message: { role: 'user', content: [result('c1')] }, shouldQuery: false },
  ]);
  expect(new Set(input.map(({ uuid }) => uuid)).size).toBe(3);
});
