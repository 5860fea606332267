import { describe, expect, test } from 'vitest';
import { type KeyLimits, noKeyLimits } from '../../contract/index.ts';
import type { KeySpending } from '../ports.ts';
import { refuseSpent, tokenRate } from './spending-limits.ts';

/** A minute before the end of a day and of a month. */
const at = Date.UTC(2026, 11, 31, 23, 59);
const midMonth = Date.UTC(2026, 1, 10, 12);
const limits = (change: Partial<KeyLimits>): KeyLimits => ({ ...noKeyLimits, ...change });

function spent(day: { tokens?: number; costUsd?: number }, month = day): KeySpending {
  const none = { requests: 0, tokens: 0, costUsd: 0 };
  return { day: { ...none, ...day }, month: { ...none, ...month } };
}

describe('a limit', () => {
  test.each<[Partial<KeyLimits>, KeySpending, RegExp]>([
    [{ tokensPerDay: 100 }, spent({ tokens: 100 }), /100 tokens a day and has used 100/],
    [{ tokensPerMonth: 100 }, spent({ tokens: 1 }, { tokens: 120 }), /100 tokens a month and has used 120/],
    [{ budgetUsdPerDay: 0.5 }, spent({ costUsd: 0.50001 }), /\$0\.5 a day and has spent \$0\.5/],
    [
      { budgetUsdPerMonth: 20 },
      spent({ costUsd: 1 }, { costUsd: 20.25 }),
      /\$20 a month and has spent \$20\.25/,
    ],
  ])('%j is used up by %j', (change, spending, message) => {
    const refusal = refuseSpent(limits(change), spending, at);
    expect(refusal?.code).toBe('key_quota_exceeded');
    expect(refusal?.message).toMatch(message);
    expect(refusal?.message).toContain('2027-01-01T00:00:00.000Z');
    expect(refusal?.retryAfterSeconds).toBe(60);
  });

  test.each<[Partial<KeyLimits>, KeySpending]>([
    [{}, spent({ tokens: 1e9, costUsd: 1e6 })],
    [{ tokensPerDay: 100 }, spent({ tokens: 99 }, { tokens: 1000 })],
    [{ budgetUsdPerDay: 1 }, spent({ costUsd: 0.99, tokens: 1e9 })],
  ])('%j is not used up by %j', (change, spending) => {
    expect(refuseSpent(limits(change), spending, at)).toBeNull();
  });

  test('of a day lasts until midnight UTC, that of a month until the next one', () => {
    const both = limits({ tokensPerDay: 1, tokensPerMonth: 1 });
    expect(refuseSpent(limits({ tokensPerDay: 1 }), spent({ tokens: 1 }), midMonth)?.message).toContain(
      '2026-02-11T00:00:00.000Z',
    );
    // Both are used up: the one that lasts longer is told.
    expect(refuseSpent(both, spent({ tokens: 1 }), midMonth)?.message).toContain('2026-03-01T00:00:00.000Z');
  });
});

describe('the rate of tokens', () => {
  test('is that of the limit with less left', () => {
    const both = limits({ tokensPerDay: 100, tokensPerMonth: 1000 });
    expect(tokenRate(both, spent({ tokens: 10 }, { tokens: 10 }), midMonth)).toEqual({
      limit: 100,
      remaining: 90,
      resetMs: 12 * 3_600_000,
    });
    expect(tokenRate(both, spent({ tokens: 10 }, { tokens: 950 }), midMonth)).toMatchObject({
      limit: 1000,
      remaining: 50,
    });
  });

  test('is never below nothing, and absent without a limit of tokens', () => {
    expect(tokenRate(limits({ tokensPerDay: 100 }), spent({ tokens: 130 }), at)?.remaining).toBe(0);
    expect(tokenRate(limits({ budgetUsdPerDay: 1 }), spent({ tokens: 130 }), at)).toBeNull();
  });
});
