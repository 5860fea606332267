import { type FastifyInstance, fastify } from 'fastify';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RequestRecord as KeptRecord, RecordDetail } from '../contract/index.ts';
import { ActiveRuns, LiveChannels, RequestRecorder } from '../observability/index.ts';
import { badRequest } from '../openai/index.ts';
import { noUsage, TurnError } from '../turn/index.ts';
import { parseJsonBodies } from './parse-json-body.ts';
import { replyErrors } from './reply-errors.ts';
import { requestIdOf } from './request-id.ts';
import { logRequests, RequestRecord } from './request-record.ts';
import { done, started, text } from './testing/scripted-engine.ts';

let app: FastifyInstance;
let lines: Record<string, unknown>[];
let records: KeptRecord[];
let details: (RecordDetail | undefined)[];
let level: 'off' | 'full';
let runs: ActiveRuns;
let recorder: RequestRecorder;
let url: string;

beforeEach(async () => {
  lines = [];
  records = [];
  details = [];
  level = 'off';
  const logger = pino({ level: 'info' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const feed = new LiveChannels();
  runs = new ActiveRuns({ feed });
  recorder = new RequestRecorder({
    ...{ runs, feed, logger },
    buffer: {
      add: ({ record, detail }) => {
        records.push(record);
        details.push(detail);
      },
      addWithoutDetail: (record) => records.push(record),
    },
    detail: () => ({ level, maxBytes: 64 * 1024 }),
  });
  app = fastify({ genReqId: requestIdOf, forceCloseConnections: true });
  logRequests(app, logger, recorder);
  replyErrors(app, logger);
  parseJsonBodies(app);
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/v1/responses/:id', async () => ({ object: 'response', id: 'resp_7' }));
  app.get('/v1/conversations/:id/items/:itemId', async () => ({}));
  app.post('/v1/fail', async () => {
    throw badRequest('No\nsuch thing: sk-abcdefghijkl', 'x', 'invalid_value');
  });
  app.post('/v1/slow', async () => {
    throw new TurnError('queue_full', 'The queue is full.');
  });
  app.post('/v1/chat/completions', async (request) => {
    const { record } = request;
    record.owner = 'key_1';
    record.key = { id: 'key_1', name: 'Team' };
    record.model = 'sonnet';
    using _run = record.run(() => {});
    for (const event of [started, text('Hi'), done]) record.observe({ choice: 0, event });
    return { object: 'chat.completion', id: 'chatcmpl-1' };
  });
  app.get('/v1/hangs', async (_request, reply) => {
    reply.hijack();
    reply.raw.destroy();
  });
  url = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  await recorder[Symbol.asyncDispose]();
  await app.close();
});

async function ask(path: string, init: RequestInit = {}): Promise<KeptRecord> {
  const before = records.length;
  await fetch(`${url}${path}`, init).then(
    (response) => response.text(),
    () => undefined,
  );
  return vi.waitFor(() => {
    const record = records[before];
    if (record === undefined) throw new Error('no record yet');
    return record;
  });
}

describe('the record of a request', () => {
  test('is what its run told, with the client and the key', async () => {
    const record = await ask('/v1/chat/completions', {
      method: 'POST',
      headers: { 'user-agent': 'test/1', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', stream: false }),
    });
    expect(record).toMatchObject({
      id: expect.stringMatching(/^req_/),
      ...{ endpoint: '/v1/chat/completions', method: 'POST', transport: 'http', status: 200 },
      ...{ owner: 'key_1', keyId: 'key_1', keyName: 'Team', modelAsked: 'gpt-4o', inputTokens: 10 },
      ...{ modelUsed: 'claude-sonnet-5', responseId: 'chatcmpl-1', client: 'test/1' },
      address: '127.0.0.1',
    });
    expect(lines.at(-1)).toMatchObject({
      ...{ msg: 'request', status: 200, path: '/v1/chat/completions', owner: 'key_1', keyId: 'key_1' },
      ...{ model: 'claude-sonnet-5', inputTokens: 10, outputTokens: 3, costUsd: 0.001, source: 'new' },
    });
  });

  test('has the headers of both directions, without secrets, where details are kept', async () => {
    level = 'full';
    const headers = { 'X-Claudecode-Profile': 'agent', authorization: 'Bearer mine', 'x-request-id': 'me' };
    await ask('/v1/chat/completions', { method: 'POST', headers, body: '{}' });
    expect(details[0]?.requestHeaders).toEqual(
      expect.arrayContaining([
        ['x-claudecode-profile', 'agent'],
        ['authorization', '[redacted]'],
        ['content-type', 'text/plain;charset=UTF-8'],
      ]),
    );
    expect(details[0]?.responseHeaders).toEqual([
      ['content-type', 'application/json; charset=utf-8'],
      ['content-length', '46'],
    ]);
  });

  test('names the route, not what stands in the URL', async () => {
    expect(await ask('/v1/responses/resp_7?api_key=sk-abcdefghijkl')).toMatchObject({
      endpoint: '/v1/responses/{id}',
      responseId: 'resp_7',
    });
    expect(await ask('/v1/conversations/conv_1/items/2')).toMatchObject({
      endpoint: '/v1/conversations/{id}/items/{itemId}',
      conversation: 'conv_1',
    });
    expect(await ask('/v1/no/sk-abcdefghijkl')).toMatchObject({
      ...{ endpoint: '/v1/{unknown}', status: 404, errorCode: 'unknown_url' },
    });
  });

  test('tells why it failed, as the client was told, without secrets', async () => {
    expect(await ask('/v1/fail', { method: 'POST', body: '{}' })).toMatchObject({
      ...{ status: 400, errorCode: 'invalid_value', errorMessage: 'No such thing: sk-[redacted]' },
    });
    expect(await ask('/v1/fail', { method: 'POST', body: '{' })).toMatchObject({ status: 400 });
    expect(await ask('/v1/slow', { method: 'POST', body: '{}' })).toMatchObject({
      ...{ status: 429, errorCode: 'queue_full', errorMessage: 'The queue is full.' },
    });
  });

  test('says that the client was gone', async () => {
    expect(await ask('/v1/hangs')).toMatchObject({ status: 499 });
  });

  test('has an id of its own, also where clients give theirs twice', async () => {
    const headers = { 'x-request-id': 'mine' };
    const [one, two] = [await ask('/v1/responses/1', { headers }), await ask('/v1/responses/1', { headers })];
    expect(one.id).toMatch(/^mine\.[0-9a-f]{12}$/);
    expect(two.id).not.toBe(one.id);
    expect(lines.at(-1)).toMatchObject({ requestId: 'mine' });
  });

  test('is kept of /v1 alone', async () => {
    await fetch(`${url}/health`);
    await fetch(`${url}/nowhere`);
    await fetch(`${url}/v1/responses/1`, { method: 'OPTIONS' });
    await ask('/v1/responses/1');
    expect(records).toHaveLength(1);
  });
});

describe('a record without an HTTP answer of its own', () => {
  const opening = {
    id: 'resp_1',
    endpoint: '/v1/responses',
    method: 'POST',
    transport: 'background',
  } as const;

  test('has the status that its end would have over HTTP', () => {
    const statuses = [undefined, new TurnError('cancelled', 'Stopped.'), badRequest('No.', null, 'x')].map(
      (error) => {
        const record = new RequestRecord(() => {}, { recorder, opening });
        if (error !== undefined) record.fail(error);
        record.release();
        return records.at(-1)?.status;
      },
    );
    expect(statuses).toEqual([200, 499, 400]);
  });

  test('has the status of the failure of its run', () => {
    const record = new RequestRecord(() => {}, { recorder, opening });
    const error = new TurnError('overloaded', 'Busy.');
    record.observe({ choice: 0, event: { type: 'error', error, usage: noUsage } });
    record.release();
    expect(records).toMatchObject([{ status: 503, errorCode: 'overloaded', transport: 'background' }]);
  });

  test('counts as failed where the answer broke off after it had begun', () => {
    const record = new RequestRecord(() => {}, { recorder, opening });
    record.observe({ choice: 0, event: { type: 'text.delta', text: 'Half of' } });
    const error = new TurnError('upstream_failed', 'Gone.');
    record.observe({ choice: 0, event: { type: 'error', error, usage: noUsage } });
    record.status = 200;
    record.release();
    expect(records).toMatchObject([{ status: 502, errorCode: 'upstream_failed' }]);
  });

  test('is open until its run is over, and the run can be stopped', async () => {
    const ended = vi.fn();
    const stop = vi.fn();
    const record = new RequestRecord(ended, { recorder, opening });
    const run = record.run(stop);
    record.release();
    expect(ended).not.toHaveBeenCalled();
    await runs.stop('resp_1');
    expect(stop).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'cancelled' }));
    run[Symbol.dispose]();
    expect(ended).toHaveBeenCalledTimes(1);
    expect(records).toHaveLength(1);
    expect(runs.list()).toEqual([]);
  });

  test('of a connection does not count how long that lasted', () => {
    const times = vi.spyOn(performance, 'now');
    times.mockReturnValue(1000);
    const record = new RequestRecord(() => {}, { recorder, opening });
    times.mockReturnValue(1020);
    record.upgraded = true;
    times.mockReturnValue(99_000);
    record.release();
    times.mockRestore();
    expect(records).toMatchObject([{ durationMs: 20 }]);
  });
});
