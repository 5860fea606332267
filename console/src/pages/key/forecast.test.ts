import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forecastMonth } from './forecast.ts';

const tenth = Date.UTC(2026, 10, 11);
const month = { used: 40, limit: 100, requests: 50, since: 0, now: tenth };

describe('the forecast of a month’s budget', () => {
  it('names the day on which it is used up', () => {
    // 40 in 10 days: 60 more take 15.
    expect(forecastMonth(month)).toEqual({ kind: 'exhausted', at: Date.UTC(2026, 10, 26) });
  });

  it('says what will be used where the limit holds', () => {
    const forecast = forecastMonth({ ...month, used: 10 });
    expect(forecast?.kind).toBe('within');
    expect(forecast?.kind === 'within' && forecast.expected).toBeCloseTo(30);
  });

  it('counts from when the key was made', () => {
    const forecast = forecastMonth({ ...month, since: Date.UTC(2026, 10, 6) });
    expect(forecast).toMatchObject({ kind: 'exhausted' });
    expect(forecast?.kind === 'exhausted' && forecast.at).toBeCloseTo(tenth + 7.5 * 86_400_000, -1);
  });

  it.each([
    ['there is no limit', { limit: null }],
    ['nothing was used', { used: 0 }],
    ['it is used up', { used: 100 }],
    ['the month is young', { now: Date.UTC(2026, 10, 2) }],
    ['the key is young', { since: Date.UTC(2026, 10, 10) }],
    ['there were few requests', { requests: 9 }],
  ])('is not given where %s', (_why, change) => {
    expect(forecastMonth({ ...month, ...change })).toBeNull();
  });

  it('never names a day that is past or of the next month', () => {
    const day = 86_400_000;
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 99, noNaN: true }),
        fc.integer({ min: 2 * day, max: 30 * day - 1 }),
        (used, into) => {
          const now = Date.UTC(2026, 10, 1) + into;
          const forecast = forecastMonth({ ...month, used, now });
          if (forecast?.kind === 'exhausted') {
            expect(forecast.at).toBeGreaterThanOrEqual(now);
            expect(forecast.at).toBeLessThan(Date.UTC(2026, 11, 1));
          } else expect(forecast?.expected).toBeLessThanOrEqual(100.0001);
        },
      ),
    );
  });
});
