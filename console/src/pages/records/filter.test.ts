import { describe, expect, test } from 'vitest';
import type { RequestRecord } from '../../../../src/contract/index.ts';
import { clampSpan, filterOf, fits, mergeNew, statsFor } from './filter.ts';
import { readRecordsSearch } from './search.ts';

const now = 1_000_000_000;
const record = (more: Partial<RequestRecord> = {}): RequestRecord => ({
  ...{
    id: 'req_1',
    startedAt: now,
    endpoint: '/v1/responses',
    method: 'POST',
    transport: 'http',
    status: 200,
  },
  ...{
    errorCode: null,
    errorMessage: null,
    durationMs: 1200,
    firstTokenMs: 300,
    owner: 'o',
    keyId: 'key_1',
    keyName: 'ci',
  },
  ...{
    modelAsked: 'gpt-4o',
    modelUsed: 'claude-sonnet-5',
    profile: 'agent',
    stream: true,
    source: 'new',
    stopReason: 'stop',
  },
  ...{
    upstreamCalls: 1,
    inputTokens: 1,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    outputTokens: 1,
    thinkingTokens: 0,
  },
  ...{
    costUsd: 0.02,
    tools: {},
    files: ['src/Main.ts'],
    conversation: 'conv_1',
    responseId: 'resp_1',
    client: 'curl',
    address: null,
  },
  ...more,
});
const fitting = (search: Record<string, string>, more?: Partial<RequestRecord>): boolean =>
  fits(record(more), filterOf(readRecordsSearch(search), now));

describe('what has just come', () => {
  test('belongs to a range that ends now, and to one that it lies in', () => {
    expect(fitting({ range: '15m' }, { startedAt: now + 60_000 })).toBe(true);
    expect(fitting({ range: '15m' }, { startedAt: now - 16 * 60_000 })).toBe(false);
    expect(fitting({ range: `${now - 10}-${now}` }, { startedAt: now + 1 })).toBe(false);
  });

  test.each([
    [{ status: 'ok' }, {}, true],
    [{ status: 'ok' }, { status: 404 }, false],
    [{ status: 'error' }, { status: 499 }, true],
    [{ status: '429' }, { status: 400 }, false],
    [{ key: 'key_1,key_2' }, {}, true],
    [{ key: 'key_2' }, {}, false],
    [{ model: 'claude-sonnet-5' }, { modelUsed: null }, false],
    [{ profile: 'agent', endpoint: '/v1/responses' }, {}, true],
    [{ conversation: 'conv_2' }, {}, false],
    [{ minDurationMs: '1200' }, {}, true],
    [{ minDurationMs: '1201' }, {}, false],
    [{ minCostUsd: '0.01' }, { costUsd: null }, false],
    [{ text: 'MAIN.TS' }, {}, true],
    [{ text: 'nowhere' }, {}, false],
  ])('fits %j with %j: %s', (search, more, expected) => expect(fitting(search, more)).toBe(expected));
});

describe('rows', () => {
  const at = (id: string, startedAt: number): RequestRecord => record({ id, startedAt });
  const ids = (rows: readonly RequestRecord[]) => rows.map(({ id }) => id);

  test('new ones come in by their beginning, each once', () => {
    const items = [at('b', 20), at('a', 10)];
    expect(ids(mergeNew([at('d', 40), at('b', 20), at('c', 15)], items, false))).toEqual([
      'd',
      'b',
      'c',
      'a',
    ]);
    expect(mergeNew([at('b', 20)], items, false)).toBe(items);
  });

  test('one that began before the last row comes with its page', () => {
    expect(ids(mergeNew([at('late', 5)], [at('a', 10)], true))).toEqual(['a']);
    expect(ids(mergeNew([at('late', 5)], [at('a', 10)], false))).toEqual(['a', 'late']);
  });
});

test('the statistics are those of the filter where there are such', () => {
  expect(statsFor({ range: '1h' })).toEqual({ by: 'total', values: undefined, exact: true });
  expect(statsFor({ model: ['opus'] })).toEqual({ by: 'model', values: ['opus'], exact: true });
  expect(statsFor({ model: ['opus'], text: 'x' })).toMatchObject({ by: 'total', exact: false });
  expect(statsFor({ profile: ['agent'] })).toMatchObject({ by: 'total', exact: false });
});

test('a step at the edge of the range is cut to it', () => {
  expect(clampSpan({ from: 0, to: 60 }, { from: 30, to: 300 })).toEqual({ from: 30, to: 60 });
  expect(clampSpan({ from: 60, to: 120 }, { from: 30, to: 300 })).toEqual({ from: 60, to: 120 });
});

test('neither the record in the drawer nor the open view is a filter', () => {
  const beside = { peek: 'req_1', view: 'view_1' };
  expect(filterOf({ range: '5-17', ...beside }, 20)).toEqual({ from: 5, to: 17 });
  expect(statsFor({ model: ['opus'], ...beside })).toMatchObject({ by: 'model', exact: true });
});
