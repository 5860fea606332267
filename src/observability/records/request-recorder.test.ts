import pino from 'pino';
import { describe, expect, test } from 'vitest';
import { requestRecord } from '../../contract/index.ts';
import { noUsage, type TurnEvent } from '../../turn/index.ts';
import type { Published } from '../live/feed.ts';
import { LiveChannels } from '../live/live-channels.ts';
import { ActiveRuns } from './active-runs.ts';
import { GatheredRequest, type RequestOpening } from './gathered-request.ts';
import type { KeptRecord } from './ports.ts';
import { RequestRecorder, type RequestRecorderOptions } from './request-recorder.ts';
import type { DetailLevel } from './run-event.ts';

/** The protected parts, as a subclass uses them. */
class Gathered extends GatheredRequest {
  override beginRun(stop: () => void = () => {}): void {
    super.beginRun(stop);
  }
  override finish(status = 200): void {
    super.finish(status);
  }
}

const done: TurnEvent = {
  type: 'done',
  stopReason: 'end',
  usage: { ...noUsage, inputTokens: 9, outputTokens: 3, costUsd: 0.01, upstreamCalls: 1 },
};
const started: TurnEvent = { type: 'started', model: 'claude-sonnet-5', source: 'live' };

function open(level: DetailLevel = 'full', options: Partial<RequestRecorderOptions> = {}) {
  const feed = new LiveChannels();
  const told: Published[] = [];
  feed.subscribe('requests', undefined, (one) => told.push(one));
  const runs = new ActiveRuns({ feed });
  const kept: (KeptRecord & { readonly bytes: number })[] = [];
  const lost: string[] = [];
  const setting = { level, maxBytes: 64 * 1024 };
  const recorder = new RequestRecorder({
    runs,
    feed,
    buffer: {
      add: (one, bytes = 0) => kept.push({ ...one, bytes }),
      addWithoutDetail: (record) => {
        kept.push({ record, bytes: 0 });
        lost.push(record.id);
      },
    },
    detail: () => setting,
    logger: pino({ level: 'silent' }),
    ...options,
  });
  const begin = (opening: Partial<RequestOpening> = {}): Gathered =>
    new Gathered(
      { id: 'req_1', endpoint: '/v1/chat/completions', method: 'POST', transport: 'http', ...opening },
      recorder,
    );
  return { recorder, runs, kept, lost, told, setting, begin };
}

describe('a record', () => {
  test('tells all that was gathered', async () => {
    const { recorder, runs, kept, told, begin } = open();
    const request = begin({ client: 'openai/1.0\r\nX', address: '10.0.0.1' });
    request.owner = 'key_1';
    request.key = { id: 'key_1', name: 'Team' };
    request.keepRequest({ model: 'gpt-4o', stream: true, conversation: { id: 'conv_1' } });
    request.model = 'sonnet';
    request.profile = 'agent';
    request.beginRun();
    expect(runs.list()).toMatchObject([
      { id: 'req_1', model: 'sonnet', keyName: 'Team', client: 'openai/1.0 X' },
    ]);
    for (const event of [started, { type: 'text.delta', text: 'Hi' } as const, done])
      request.observe({ choice: 0, event });
    request.keepAnswer({ object: 'chat.completion', id: 'chatcmpl-1' });
    request.finish();
    await recorder[Symbol.asyncDispose]();
    expect(runs.list()).toEqual([]);
    const record = kept[0]?.record;
    expect(requestRecord.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      ...{ id: 'req_1', endpoint: '/v1/chat/completions', method: 'POST', transport: 'http', status: 200 },
      ...{ errorCode: null, errorMessage: null, owner: 'key_1', keyId: 'key_1', keyName: 'Team' },
      ...{ modelAsked: 'gpt-4o', modelUsed: 'claude-sonnet-5', profile: 'agent', stream: true },
      ...{ source: 'live', stopReason: 'end', upstreamCalls: 1, inputTokens: 9, outputTokens: 3 },
      ...{ costUsd: 0.01, tools: {}, files: [], conversation: 'conv_1', responseId: 'chatcmpl-1' },
      ...{ client: 'openai/1.0 X', address: '10.0.0.1' },
    });
    expect(told.map(({ type }) => type)).toEqual(['new_request', 'request_ended']);
    expect(told.at(-1)?.data).toEqual(record);
  });

  test('has an error without secrets, on one line', () => {
    const { kept, begin } = open();
    const request = begin();
    request.noteError({ code: 'invalid\nvalue', message: `Bearer abcdefgh1234\n${'x'.repeat(600)}` });
    request.noteError({ code: 'later', message: 'Not this one.' });
    request.finish(400);
    expect(kept[0]?.record).toMatchObject({ status: 400, errorCode: 'invalid value' });
    expect(kept[0]?.record.errorMessage).toMatch(/^Bearer \[redacted\] x+$/);
    expect(kept[0]?.record.errorMessage).toHaveLength(500);
  });

  test('is written once', () => {
    const { kept, begin } = open();
    const request = begin();
    request.finish();
    request.finish();
    expect(kept).toHaveLength(1);
  });

  test('of what is tried again is not written', () => {
    const { runs, kept, begin } = open();
    const request = begin();
    request.beginRun();
    request.discard();
    request.finish();
    expect(kept).toEqual([]);
    expect(runs.list()).toEqual([]);
  });

  test('goes on from the response that the request names', () => {
    const { kept, begin } = open();
    const request = begin();
    request.keepRequest({ model: ['x'], previous_response_id: 'resp_1' });
    request.finish();
    expect(kept[0]?.record).toMatchObject({ conversation: 'resp_1', modelAsked: null, stream: false });
  });
});

describe('headers, bodies and timeline', () => {
  const run = (request: Gathered, owner: string | undefined = 'local'): void => {
    request.owner = owner;
    request.keepRequestHeaders(['Accept', '*/*', 'Cookie', 'mine']);
    request.keepAnswerHeaders(['x-request-id', 'req_1']);
    request.keepRequest({ model: 'x', input: 'my secret plan' });
    request.beginRun();
    request.observe({ choice: 0, event: { type: 'text.delta', text: 'an answer' } });
    request.observe({ choice: 0, event: done });
    request.finish();
  };

  test('are kept in full', async () => {
    const { recorder, kept, begin } = open('full');
    run(begin());
    expect(kept).toEqual([]);
    await recorder[Symbol.asyncDispose]();
    expect(kept[0]?.detail).toMatchObject({
      requestHeaders: [
        ['accept', '*/*'],
        ['cookie', '[redacted]'],
      ],
      responseHeaders: [['x-request-id', 'req_1']],
      request: { input: 'my secret plan' },
      response: { streamed: true, answers: [{ text: 'an answer', stopReason: 'end' }] },
      timeline: [{ type: 'text', text: 'an answer' }, { type: 'done' }],
    });
    expect(kept[0]?.bytes).toBeGreaterThan(100);
  });

  test('are kept without texts', async () => {
    const { recorder, kept, begin } = open('redacted');
    run(begin());
    await recorder[Symbol.asyncDispose]();
    expect(JSON.stringify(kept)).not.toMatch(/plan|answer"/);
    expect(kept[0]?.detail).toMatchObject({ request: { input: '[text, 14 characters]' } });
  });

  test('are not kept at all', () => {
    const { kept, begin } = open('off');
    run(begin());
    expect(kept).toMatchObject([{ record: { id: 'req_1' } }]);
    expect(kept[0]).not.toHaveProperty('detail');
  });

  test('of the request are handed on without secrets, unless nothing is kept', () => {
    const headersOf = (level: DetailLevel): readonly string[] | undefined => {
      const request = open(level).begin();
      request.keepRequestHeaders(['Accept', '*/*', 'Cookie', 'mine']);
      return request.requestHeadersToStore();
    };
    expect(headersOf('redacted')).toEqual(['accept', '*/*', 'cookie', '[redacted]']);
    expect(headersOf('off')).toBeUndefined();
  });

  test('are not kept of strangers', () => {
    const { kept, begin } = open('full');
    const request = begin();
    request.keepRequest({ input: 'spam' });
    request.finish(401);
    expect(kept[0]).not.toHaveProperty('detail');
  });

  test('are not kept once somebody has asked for less', async () => {
    const { recorder, kept, setting, begin } = open('full');
    const request = begin();
    setting.level = 'redacted';
    run(request);
    await recorder[Symbol.asyncDispose]();
    expect(kept[0]).not.toHaveProperty('detail');
  });

  test('of more requests than can be worked on are lost and counted, their records are kept', async () => {
    const { recorder, kept, lost, begin } = open('full');
    for (let count = 0; count < 100; count++) run(begin({ id: `req_${count}` }));
    await recorder[Symbol.asyncDispose]();
    expect(kept).toHaveLength(100);
    expect(kept.filter(({ detail }) => detail !== undefined)).toHaveLength(64);
    expect(lost).toHaveLength(36);
  });
});

test('whoever counts requests cannot spoil them', () => {
  const { kept, begin } = open('off', {
    onRecord: () => {
      throw new Error('full');
    },
  });
  begin().finish();
  expect(kept).toHaveLength(1);
});

test('a run has a span with the same events', () => {
  const seen: unknown[] = [];
  const { begin } = open('off', {
    tracing: {
      beginRun: (run) => {
        seen.push(run);
        return { observe: ({ event }) => seen.push(event.type), end: ({ status }) => seen.push(status) };
      },
    },
  });
  const request = begin({ headers: { traceparent: '00-1' } });
  request.modelAsked = 'gpt-4o';
  request.beginRun();
  request.observe({ choice: 0, event: done });
  request.finish();
  expect(seen).toMatchObject([
    { requestId: 'req_1', headers: { traceparent: '00-1' }, model: 'gpt-4o', profile: null },
    'done',
    200,
  ]);
});

test('without a recorder all goes well', () => {
  const request = new Gathered({ id: '', endpoint: '', method: '', transport: 'http' }, undefined);
  request.keepRequest({ model: 'x' });
  request.beginRun();
  request.observe({ choice: 0, event: done });
  request.finish();
  expect(request.modelAsked).toBe('x');
});
