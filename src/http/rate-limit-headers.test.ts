import { expect, test } from 'vitest';
import { formatDuration, rateLimitHeaders } from './rate-limit-headers.ts';

test.each([
  [-5, '0s'],
  [0, '0s'],
  [11.2, '12ms'],
  [999, '999ms'],
  [1000, '1s'],
  [59_001, '1m0s'],
  [360_000, '6m0s'],
  [82_805_000, '23h0m5s'],
  [30 * 86_400_000, '720h0m0s'],
])('%d ms are told as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('what is not limited is not told', () => {
  const requests = { limit: 20, remaining: 19, resetMs: 60_000 };
  expect(rateLimitHeaders({ requests: null, tokens: null })).toEqual({});
  expect(rateLimitHeaders({ requests, tokens: null })).toEqual({
    'x-ratelimit-limit-requests': '20',
    'x-ratelimit-remaining-requests': '19',
    'x-ratelimit-reset-requests': '1m0s',
  });
  expect(
    Object.keys(rateLimitHeaders({ requests, tokens: { limit: 5, remaining: 0, resetMs: 1 } })),
  ).toHaveLength(6);
});
