import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type RequestRecord, requestRecord } from '../../contract/index.ts';
import { recordOf } from '../testing/console-samples.ts';
import { type Browser, type ConsoleServer, createConsoleServer } from '../testing/console-server.ts';
import { exportRecords } from './export-records.ts';

let server: ConsoleServer;
let viewer: Browser;

beforeAll(async () => {
  server = await createConsoleServer();
  await server.app.listen({ port: 0, host: '127.0.0.1' });
});
beforeEach(async () => {
  server.fake.reset();
  server.log.length = 0;
  viewer = await server.signIn('viewer');
});
afterAll(() => server[Symbol.asyncDispose]());

const csv = '/api/webui/records/export';
const jsonl = `${csv}?format=jsonl`;

function exportOnly(...records: RequestRecord[]): void {
  server.fake.exported = async function* () {
    yield records;
  };
}

/** The answer over a real connection, not yet read. */
async function open(url: string): Promise<IncomingMessage> {
  const { port } = server.app.server.address() as AddressInfo;
  const request = get({ port, path: url, headers: { cookie: viewer.cookie ?? '' } });
  const [answer] = await once(request, 'response');
  return answer;
}

/** Pages without end, and how many were asked for. */
function endlessPages(): { readonly pages: () => number; readonly ended: Promise<void> } {
  let pages = 0;
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const page = Array.from({ length: 100 }, (_, index) => recordOf(`req_${index}`));
  server.fake.exported = async function* () {
    try {
      for (;;) {
        pages += 1;
        yield page;
      }
    } finally {
      end();
    }
  };
  return { pages: () => pages, ended };
}

test('JSON lines are the records, one a line', async () => {
  const records = [recordOf('req_1'), recordOf('req_2', { errorMessage: 'a\nb', tools: {}, status: 500 })];
  exportOnly(...records);
  const answer = await viewer.ask({ url: jsonl });
  expect(answer.headers['content-type']).toBe('application/jsonl; charset=utf-8');
  const lines = answer.body.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines.map((line) => JSON.parse(line))).toEqual(records);
});

test('a record with a field too many is told without it', async () => {
  exportOnly({ ...recordOf('req_1'), ...{ authorization: 'Bearer x' } });
  for (const url of [jsonl, csv]) expect((await viewer.ask({ url })).body).not.toContain('Bearer');
});

test('CSV has a column for each field, under its name', async () => {
  exportOnly(recordOf('req_1', { errorMessage: 'He said "no", twice\nand left' }));
  const answer = await viewer.ask({ url: csv });
  const today = new Date().toISOString().slice(0, 10);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': `attachment; filename="claudecode-requests-${today}.csv"`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  const [header = '', ...rows] = answer.body.split('\n');
  expect(header.split(',')).toEqual(Object.keys(requestRecord.shape));
  const row = rows.join('\n');
  expect(row).toMatch(/^req_1,2026-01-02T03:04:05\.000Z,\/v1\/chat\/completions,POST,http,200,,/);
  expect(row).toContain(',"He said ""no"", twice\nand left",12,5,local,,');
  expect(row).toContain(',false,new,end,1,10,0,0,3,0,0.001,"{""Read"":2}","[""a.txt""]",');
});

test('no records are a header alone, or nothing', async () => {
  exportOnly();
  expect((await viewer.ask({ url: csv })).body).toBe(`${Object.keys(requestRecord.shape).join(',')}\n`);
  expect((await viewer.ask({ url: jsonl })).body).toBe('');
});

describe('a spreadsheet is given no formula', () => {
  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1+1'])('%j', async (text) => {
    exportOnly(recordOf('req_1', { keyName: text, client: text, modelAsked: text }));
    const { body } = await viewer.ask({ url: csv });
    expect(body.split(`'${text}`)).toHaveLength(4);
    expect(body).not.toMatch(/(?:^|[,\n]"?)[=+\-@\t\r＝]/);
  });
});

test('the filter goes to the query, and the format does not', async () => {
  const all = vi.spyOn(server.fake.records, 'all');
  await viewer.ask({ url: `${jsonl}&status=429&model=a,b&from=5` });
  expect(all.mock.calls).toEqual([[{ status: 429, model: ['a', 'b'], from: 5 }]]);
});

describe.each(['csv', 'jsonl'] as const)('as %s', (format) => {
  test('no more is read of the database than is taken', async () => {
    const { pages, ended } = endlessPages();
    const failed = vi.fn();
    const { content } = await exportRecords(server.fake.exported(), format, failed);
    expect(pages()).toBe(1);
    content.read(0);
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    const atRest = pages();
    expect(atRest).toBeLessThan(10);
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    expect(pages()).toBe(atRest);
    content.destroy();
    await ended;
    expect(failed).not.toHaveBeenCalled();
  });

  test('the query ends also where nothing was taken at all', async () => {
    const { ended } = endlessPages();
    const { content } = await exportRecords(server.fake.exported(), format, vi.fn());
    content.destroy();
    await ended;
  });
});

describe.each([csv, jsonl])('%s', (url) => {
  test('ends the query when the client leaves', async () => {
    const { ended } = endlessPages();
    const answer = await open(url);
    await once(answer, 'readable');
    answer.destroy();
    await ended;
    expect(server.log).toEqual([]);
  });

  test('a failure at the start has its status', async () => {
    server.fake.exported = async function* () {
      if (Date.now() > 0) throw new Error('The database is gone.');
      yield [];
    };
    const answer = await viewer.ask({ url });
    expect(answer.statusCode).toBe(500);
    expect(answer.json().error.code).toBe('internal_error');
    expect(answer.headers['content-disposition']).toBeUndefined();
  });

  test('a failure on the way breaks the download off, and is logged', async () => {
    server.fake.exported = async function* () {
      yield [recordOf('req_1')];
      await new Promise(setImmediate);
      throw new Error('The database is gone.');
    };
    const answer = await open(url);
    const read = async (): Promise<void> => {
      for await (const _ of answer);
    };
    await expect(read()).rejects.toThrow('aborted');
    expect(server.log).toMatchObject([
      { msg: 'an export broke off', err: { message: 'The database is gone.' } },
    ]);
  });
});
