import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TimelineEntry } from '../../contract/index.ts';
import { recordDetail } from '../../contract/index.ts';
import { noUsage } from '../../turn/index.ts';
import { plantedSecret } from '../testing/planted-secrets.ts';
import { doAtOnce } from './in-pieces.ts';
import { type DetailSources, makeDetail, type SizedDetail } from './make-detail.ts';
import { usageView } from './usage-view.ts';

const make = (sources: Partial<DetailSources>): SizedDetail =>
  doAtOnce(
    makeDetail({
      level: 'full',
      maxBytes: 256 * 1024,
      request: { model: 'sonnet' },
      response: undefined,
      timeline: [],
      timelineTruncated: false,
      ...sources,
    }),
  );

const when = { atMs: 1, choice: 0 };
const text = (piece: string, choice = 0): TimelineEntry => ({ atMs: 1, choice, type: 'text', text: piece });
const done: TimelineEntry = { ...when, type: 'done', stopReason: 'end', usage: usageView(noUsage) };
const toolDone = (output: string): TimelineEntry => ({
  ...{ ...when, type: 'tool_done', callId: '1', name: 'Bash', isError: false, output },
  detail: { stdout: output },
});
const size = (detail: unknown): number => Buffer.byteLength(JSON.stringify(detail));

test('what fits is kept as it is', () => {
  const timeline = [text('Hello'), done];
  const response = { id: 'resp_1', output: [{ type: 'message', text: 'Hello' }] };
  const { detail, bytes } = make({ response, timeline });
  expect(detail).toEqual({
    level: 'full',
    requestHeaders: null,
    responseHeaders: null,
    request: { model: 'sonnet' },
    response,
    timeline,
    truncated: false,
  });
  expect(bytes).toBeGreaterThanOrEqual(size(detail));
  expect(recordDetail.parse(detail)).toEqual(detail);
});

test('a streamed answer is put together from its events', () => {
  const call: TimelineEntry = { ...when, type: 'client_call', callId: 'c', name: 'f', arguments: { a: 1 } };
  const { detail } = make({
    timeline: [text('gone'), { ...when, type: 'text_reset' }, text('Hi'), call, text('2', 1), done],
  });
  expect(detail.response).toEqual({
    streamed: true,
    answers: [
      { text: 'Hi', calls: [{ callId: 'c', name: 'f', arguments: { a: 1 } }], stopReason: 'end' },
      { text: '2', calls: [], stopReason: null },
    ],
  });
});

test('no answer is none', () => {
  expect(make({}).detail.response).toBeNull();
});

test('headers are kept beside the bodies, and texts left out of them as well', () => {
  const sources = {
    requestHeaders: ['Accept', '*/*', 'X-User-Name', 'Ann', 'Authorization', 'Bearer abc'],
    responseHeaders: ['openai-version', '2020-10-01'],
  };
  const { detail, bytes } = make(sources);
  expect(detail).toMatchObject({
    requestHeaders: [
      ['accept', '*/*'],
      ['x-user-name', 'Ann'],
      ['authorization', '[redacted]'],
    ],
    responseHeaders: [['openai-version', '2020-10-01']],
  });
  expect(recordDetail.parse(detail)).toEqual(detail);
  expect(bytes).toBeGreaterThanOrEqual(size(detail));
  expect(make({ ...sources, level: 'redacted' }).detail.requestHeaders).toContainEqual([
    'x-user-name',
    '[text, 3 characters]',
  ]);
});

test('texts are left out of the bodies on request', () => {
  const { detail } = make({
    level: 'redacted',
    request: { model: 'sonnet', input: 'Hello' },
    response: { id: 'r', text: 'x y' },
  });
  expect(detail.request).toEqual({ model: 'sonnet', input: '[text, 5 characters]' });
  expect(detail.response).toEqual({ id: 'r', text: '[text, 3 characters]' });
});

describe('a bound', () => {
  test('cuts the longest texts first', () => {
    const messages = [
      { role: 'user', content: 'short' },
      { role: 'user', content: 'long '.repeat(100_000) },
      { role: 'user', content: 'last' },
    ];
    const { detail } = make({ maxBytes: 4096, request: { messages }, timeline: [text('Hello'), done] });
    expect(detail.request).toMatchObject({
      messages: [
        { content: 'short' },
        { content: expect.stringContaining('[cut, 500000 characters]') },
        { content: 'last' },
      ],
    });
    expect(detail.timeline).toEqual([text('Hello'), done]);
    expect(detail.truncated).toBe(true);
    expect(size(detail)).toBeGreaterThan(3000);
  });

  test('media do not take the room of texts', () => {
    const image = `data:image/png;base64,${'iVBORw0K'.repeat(10_000)}`;
    const input = 'word '.repeat(500);
    const { detail } = make({ maxBytes: 4096, request: { image, input } });
    expect(detail.request).toEqual({ image: '[image/png, 60000 bytes]', input });
    expect(detail.truncated).toBe(false);
  });

  test('no part takes the room of the others', () => {
    const { detail } = make({
      maxBytes: 6000,
      request: { input: 'a '.repeat(50_000) },
      response: { text: 'b '.repeat(50_000) },
      timeline: [toolDone('c '.repeat(50_000)), text('d '.repeat(50_000)), done],
    });
    expect(size(detail.request)).toBeGreaterThan(1000);
    expect(size(detail.response)).toBeGreaterThan(1000);
    expect(detail.timeline).toMatchObject([
      { type: 'tool_done', fullLength: 100_000 },
      { type: 'text', fullLength: 100_000 },
      { type: 'done' },
    ]);
  });

  test('holds for any bodies', () => {
    const anyEntry = fc.oneof(
      fc.string({ maxLength: 500 }).map((piece) => text(piece)),
      fc.string({ maxLength: 500 }).map(toolDone),
    );
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.array(anyEntry, { maxLength: 10 }),
        fc.array(fc.string({ maxLength: 300 }), { maxLength: 20 }),
        fc.integer({ min: 1024, max: 4096 }),
        (request, response, timeline, requestHeaders, maxBytes) => {
          const { detail, bytes } = make({ request, response, timeline, requestHeaders, maxBytes });
          expect(size(detail)).toBeLessThanOrEqual(bytes);
          expect(bytes).toBeLessThanOrEqual(maxBytes);
        },
      ),
    );
  });

  test('lets no secret through', () => {
    fc.assert(
      fc.property(
        plantedSecret,
        fc.integer({ min: 1024, max: 2000 }),
        fc.nat(1500),
        ({ secret, text: planted }, maxBytes, before) => {
          const content = `${'word '.repeat(before)}${planted}`;
          const { detail } = make({ request: { content, list: [planted] }, response: { content }, maxBytes });
          expect(JSON.stringify(detail)).not.toContain(secret);
        },
      ),
    );
  });
});

test('a large body is worked on in many pieces', () => {
  const request = { messages: Array.from({ length: 100_000 }, () => ({ role: 'user', content: 'Hello' })) };
  const work = makeDetail({
    ...{
      level: 'full',
      maxBytes: 512 * 1024,
      request,
      response: undefined,
      timeline: [],
      timelineTruncated: false,
    },
  });
  let pieces = 0;
  for (let step = work.next(); step.done !== true; step = work.next()) pieces += 1;
  expect(pieces).toBeGreaterThan(50);
});
