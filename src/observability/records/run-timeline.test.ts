import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { TimelineEntry } from '../../contract/index.ts';
import { noUsage, TurnError, type TurnEvent } from '../../turn/index.ts';
import { plantedSecret } from '../testing/planted-secrets.ts';
import { RunTimeline, type RunTimelineOptions } from './run-timeline.ts';

const started: TurnEvent = { type: 'started', model: 'claude-sonnet-5', source: 'new' };
const done: TurnEvent = { type: 'done', stopReason: 'end', usage: noUsage };
const text = (piece: string): TurnEvent => ({ type: 'text.delta', text: piece });
const thinking = (piece: string): TurnEvent => ({ type: 'thinking.delta', text: piece });
const toolStarted = (callId: string, more: object = {}): TurnEvent => ({
  type: 'tool.started',
  callId,
  name: 'Bash',
  input: { command: 'ls', description: 'lists' },
  ...more,
});
const toolDone = (callId: string, more: object = {}): TurnEvent => ({
  type: 'tool.done',
  callId,
  name: 'Bash',
  isError: false,
  output: 'a.txt',
  ...more,
});

let now: number;
beforeEach(() => {
  vi.useFakeTimers();
  now = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

function open(options: Partial<RunTimelineOptions> = {}) {
  const told: TimelineEntry[] = [];
  const timeline = new RunTimeline({
    level: 'full',
    elapsedMs: () => now,
    onEntry: (entry) => told.push(entry),
    ...options,
  });
  const observe = (...events: TurnEvent[]): void => {
    for (const event of events) timeline.observe({ choice: 0, event });
  };
  return { timeline, told, observe };
}

/** Texts without the rest. */
const texts = (entries: readonly TimelineEntry[]): string[] =>
  entries.flatMap((entry) => (entry.type === 'text' || entry.type === 'thinking' ? [entry.text] : []));

describe('live', () => {
  test('deltas are gathered for a while, other entries come at once', () => {
    const { told, observe } = open();
    observe(started, text('Let me '), text('see. '));
    expect(told.map(({ type }) => type)).toEqual(['started']);
    vi.advanceTimersByTime(100);
    expect(texts(told)).toEqual(['Let me see. ']);
    observe(text('Now '));
    observe(toolStarted('1'));
    expect(told.map(({ type }) => type)).toEqual(['started', 'text', 'text', 'tool_started']);
    expect(vi.getTimerCount()).toBe(1);
  });

  test('the last word waits until it is whole', () => {
    const { told, observe } = open();
    observe(text('the key is sk-ant-abc'));
    vi.advanceTimersByTime(100);
    observe(text('defghijklmnop for you'));
    vi.advanceTimersByTime(100);
    observe(done);
    expect(texts(told)).toEqual(['the key is ', 'sk-[redacted] for ', 'you']);
  });

  test('each answer has its own texts', () => {
    const { timeline, told } = open();
    timeline.observe({ choice: 0, event: text('a ') });
    timeline.observe({ choice: 1, event: text('b ') });
    timeline.observe({ choice: 0, event: text('c ') });
    vi.advanceTimersByTime(100);
    expect(told).toEqual([
      { type: 'text', text: 'a c ', atMs: 0, choice: 0 },
      { type: 'text', text: 'b ', atMs: 0, choice: 1 },
    ]);
  });

  test('the work of a subagent does not break the text', () => {
    const { timeline, observe } = open();
    observe(text('one '), toolStarted('1', { parentCallId: '0' }), text('two'), done);
    expect(texts(timeline.whole())).toEqual(['one two']);
  });

  test('nothing comes after the end', () => {
    const { timeline, told, observe } = open();
    observe(text('last words'));
    timeline.end();
    expect(texts(told)).toEqual(['last words']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('kept', () => {
  test('blocks are joined, each on its own', () => {
    const { timeline, observe } = open();
    observe(started, { type: 'thinking.started' }, thinking('h'), thinking('m'));
    observe({ type: 'text.started' }, text('a'), text('b'), toolStarted('1'), toolDone('1'));
    now = 1500.4;
    observe({ type: 'text.started' }, text('c'), done);
    expect(timeline.whole()).toMatchObject([
      { type: 'started', model: 'claude-sonnet-5', source: 'new' },
      { type: 'thinking', text: 'hm' },
      { type: 'text', text: 'ab', atMs: 0 },
      { type: 'tool_started', callId: '1', name: 'Bash', input: { command: 'ls' } },
      { type: 'tool_done', callId: '1', isError: false, output: 'a.txt' },
      { type: 'text', text: 'c', atMs: 1500 },
      { type: 'done', stopReason: 'end' },
    ]);
    expect(timeline.truncated).toBe(false);
  });

  test('a failure tells its code and message', () => {
    const { timeline, observe } = open();
    const error = new TurnError('upstream_failed', 'Bearer abcdefgh12345\nis bad');
    observe({ type: 'error', error, usage: noUsage });
    expect(timeline.whole()).toMatchObject([
      { type: 'error', code: 'upstream_failed', message: 'Bearer [redacted] is bad' },
    ]);
  });

  test('what was told and what comes are together the whole', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('say' as const), text: fc.lorem({ maxCount: 3 }) }),
      fc.record({ kind: fc.constant('wait' as const) }),
      fc.record({ kind: fc.constant('tool' as const) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), fc.nat(20), (steps, look) => {
        const { timeline, told, observe } = open();
        let soFar: TimelineEntry[] = [];
        let seen = 0;
        for (const [index, one] of steps.entries()) {
          if (one.kind === 'say') observe(text(`${one.text} `));
          else if (one.kind === 'tool') observe(toolStarted(String(index)));
          else vi.advanceTimersByTime(100);
          if (index !== look) continue;
          soFar = timeline.soFar();
          seen = told.length;
        }
        timeline.end();
        const joined = texts([...soFar, ...told.slice(seen)]).join('');
        expect(joined).toBe(texts(timeline.whole()).join(''));
      }),
    );
  });

  test('past its budget the structure is kept, and says what is missing', () => {
    const { timeline, observe } = open({ maxBytes: 1000 });
    observe(started, text('x'.repeat(600)), { type: 'text.started' }, text('word '.repeat(200)));
    observe(toolStarted('1'), toolDone('1', { output: 'y'.repeat(50) }), text('z'), done);
    const entries = timeline.whole();
    expect(entries.map(({ type }) => type)).toEqual([
      ...['started', 'text', 'text', 'tool_started', 'tool_done', 'text', 'done'],
    ]);
    expect(entries[1]).toMatchObject({ text: 'x'.repeat(600) });
    expect(entries[2]).toMatchObject({ type: 'text', fullLength: 1000 });
    expect(entries[3]).toMatchObject({ input: null });
    expect(entries[4]).toMatchObject({ output: null, fullLength: 50 });
    expect(timeline.truncated).toBe(true);
  });

  test('the number of entries has a bound, but the end is always kept', () => {
    const { timeline, observe } = open({ maxEntries: 3 });
    observe(started, toolStarted('1'), toolDone('1'), toolStarted('2'), text('x'), done);
    expect(timeline.whole().map(({ type }) => type)).toEqual([
      ...['started', 'tool_started', 'tool_done', 'done'],
    ]);
    expect(timeline.truncated).toBe(true);
  });

  test('a long output is cut', () => {
    const { timeline, observe } = open();
    observe(toolDone('1', { output: 'line\n'.repeat(100_000) }));
    const [entry] = timeline.whole();
    expect(entry).toMatchObject({ type: 'tool_done', fullLength: 500_000 });
    expect(JSON.stringify(entry).length).toBeLessThan(50_000);
  });
});

describe('by level', () => {
  const events = [
    text('Hello '),
    text('you'),
    toolStarted('1', { input: { file_path: '/a', content: 'body' } }),
  ];

  test('redacted tells lengths, keys and paths', () => {
    const { timeline, told, observe } = open({ level: 'redacted' });
    observe(...events, toolDone('1', { detail: { filePath: '/a', patch: 'text' } }), done);
    expect(timeline.whole()).toMatchObject([
      { type: 'text', text: '[text, 9 characters]', fullLength: 9 },
      { type: 'tool_started', input: { file_path: '/a', content: '[text, 4 characters]' } },
      { output: '[text, 5 characters]', detail: { filePath: '/a', patch: '[text, 4 characters]' } },
      { type: 'done' },
    ]);
    expect(JSON.stringify(told)).not.toMatch(/Hello|body/);
  });

  test('off tells no inputs and outputs either', () => {
    const { timeline, observe } = open({ level: 'off' });
    observe(...events, toolDone('1', { detail: { filePath: '/a' } }), done);
    const entries = timeline.whole();
    expect(entries).toMatchObject([
      { type: 'text', fullLength: 9 },
      { type: 'tool_started', input: null },
      { type: 'tool_done', output: null, fullLength: 5 },
      { type: 'done' },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/Hello|body|filePath/);
  });

  test('no secret is told or kept, in however many pieces it comes', () => {
    const anyLevel = fc.constantFrom('off' as const, 'redacted' as const, 'full' as const);
    const anySizes = fc.array(fc.integer({ min: 1, max: 20 }), { maxLength: 30 });
    fc.assert(
      fc.property(plantedSecret, anyLevel, anySizes, fc.nat(3), (planted, level, sizes, every) => {
        const { timeline, told, observe } = open({ level });
        let rest = `see ${planted.text} there`;
        for (const [index, size] of sizes.entries()) {
          observe(text(rest.slice(0, size)));
          rest = rest.slice(size);
          if (index % (every + 1) === 0) vi.advanceTimersByTime(100);
        }
        observe(text(rest), toolStarted('1', { input: { command: planted.text } }));
        observe(toolDone('1', { output: planted.text, detail: { stdout: [planted.text] } }), done);
        expect(texts(told).join('')).not.toContain(planted.secret);
        expect(JSON.stringify(told)).not.toContain(planted.secret);
        expect(JSON.stringify(timeline.whole())).not.toContain(planted.secret);
      }),
    );
  });

  test('a text that is cut within a secret does not end with half of it', () => {
    fc.assert(
      fc.property(plantedSecret, fc.nat(150), (planted, maxBytes) => {
        const { timeline, observe } = open({ maxBytes });
        observe(text(`see ${planted.text} there`), done);
        expect(JSON.stringify(timeline.whole())).not.toContain(planted.secret.slice(0, 12));
      }),
      { numRuns: 500 },
    );
  });
});
