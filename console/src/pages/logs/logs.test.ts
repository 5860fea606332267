import { expect, test } from 'vitest';
import { LogBuffer } from './log-buffer.ts';
import { fitsFilter, type LogLine, toLogRow } from './log-row.ts';

const line = (number: number): LogLine => ({ level: 30, time: 1000 + number, msg: `line ${number}` });

function createBuffer(limit = 5000) {
  let pending: (() => void)[] = [];
  const buffer = new LogBuffer({ limit, later: (callback) => pending.push(callback) });
  return {
    buffer,
    messages: () => buffer.view.rows.map(({ message }) => message),
    flush: () => {
      const now = pending;
      pending = [];
      for (const callback of now) callback();
      return now.length;
    },
  };
}

test('lines that come together are told at once', () => {
  const { buffer, messages, flush } = createBuffer();
  let told = 0;
  buffer.subscribe(() => {
    told += 1;
  });
  for (let number = 0; number < 50; number++) buffer.push(line(number));
  expect(flush()).toBe(1);
  expect(told).toBe(1);
  expect(messages()).toHaveLength(50);
});

test('the tail fills in what is missing, in order, and nothing twice', () => {
  const { buffer, messages, flush } = createBuffer();
  buffer.push(line(3));
  buffer.merge([line(1), line(2), line(3)]);
  buffer.merge([line(2), line(3), line(4)]);
  flush();
  expect(messages()).toEqual(['line 1', 'line 2', 'line 3', 'line 4']);
});

test('only so many are kept, and the rest is counted, as is what the server left out', () => {
  const { buffer, messages, flush } = createBuffer(3);
  for (let number = 1; number <= 5; number++) buffer.push(line(number));
  buffer.push({ level: 40, time: 2000, leftOut: 40, msg: '40 lines more than can be shown live' });
  flush();
  expect(messages()).toEqual(['line 4', 'line 5', '40 lines more than can be shown live']);
  expect(buffer.view.dropped).toBe(43);
});

test('while it is paused lines wait, and are shown when it goes on', () => {
  const { buffer, messages, flush } = createBuffer();
  buffer.push(line(1));
  buffer.pause();
  buffer.push(line(2));
  buffer.push(line(3));
  flush();
  expect(messages()).toEqual(['line 1']);
  expect(buffer.view).toMatchObject({ paused: true, waiting: 2 });
  buffer.resume();
  expect(messages()).toEqual(['line 1', 'line 2', 'line 3']);
  expect(buffer.view).toMatchObject({ paused: false, waiting: 0 });
});

test('what was cleared does not come back with the tail', () => {
  const { buffer, messages, flush } = createBuffer();
  buffer.merge([line(1), line(2)]);
  buffer.clear();
  buffer.merge([line(1), line(2), line(3)]);
  flush();
  expect(messages()).toEqual(['line 3']);
});

test('a line is read for what it says', () => {
  const row = toLogRow(
    {
      level: 50,
      time: 5,
      pid: 1,
      requestId: 'req_1',
      msg: 'it failed',
      err: { message: 'no disk' },
      count: 3,
    },
    1,
  );
  expect(row).toMatchObject({
    level: 'error',
    requestId: 'req_1',
    message: 'it failed',
    fields: 'err=no disk count=3',
  });
  expect(toLogRow({ err: { message: 'no disk' } }, 2)).toMatchObject({
    level: 'info',
    time: null,
    message: 'no disk',
  });
  expect(toLogRow({ requestId: 'req_2', path: '/api/webui/keys' }, 5).requestId).toBeNull();
  expect(toLogRow({ level: 'warn' }, 3).level).toBe('warn');
  expect(toLogRow({ level: 999 }, 4).level).toBe('fatal');
});

test('lines are filtered by their level and anything they say', () => {
  const row = toLogRow({ level: 40, msg: 'Slow', path: '/v1/models' }, 1);
  expect(fitsFilter(row, 'warn', undefined)).toBe(true);
  expect(fitsFilter(row, 'error', undefined)).toBe(false);
  expect(fitsFilter(row, undefined, '/V1/models')).toBe(true);
  expect(fitsFilter(row, 'info', 'other')).toBe(false);
});
