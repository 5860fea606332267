import { expect, test } from 'vitest';
import { sinceStart } from './run-clock.ts';

test('time since the start, short', () => {
  expect([0, 240, 12_400, 59_999].map(sinceStart)).toEqual(['+0.0 s', '+0.2 s', '+12.4 s', '+60.0 s']);
  expect([60_000, 185_000, 3_730_000].map(sinceStart)).toEqual(['+1:00', '+3:05', '+1:02:10']);
});
