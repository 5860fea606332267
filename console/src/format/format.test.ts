import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCompact,
  formatDuration,
  formatMoney,
  formatNumber,
  formatPercent,
  formatRelative,
  none,
} from './format.ts';

describe('a duration', () => {
  test.each([
    [0, '0 ms'],
    [850.4, '850 ms'],
    [999.6, '1.0 s'],
    [4230, '4.2 s'],
    [9960, '10 s'],
    [59_600, '1 min'],
    [185_000, '3 min 5 s'],
    [3_599_600, '1 h'],
    [7_800_000, '2 h 10 min'],
    [86_399_000, '1 d'],
    [273_600_000, '3 d 4 h'],
  ])('of %d ms is %s', (ms, expected) => {
    expect(formatDuration(ms)).toBe(expected);
  });
});

describe('an amount of money', () => {
  test.each([
    [0, '$0.00'],
    [12.345, '$12.35'],
    [1234.5, '$1,234.50'],
    [0.1234, '$0.123'],
    [0.0042, '$0.0042'],
    [0.0000123, '$0.000012'],
    [-0.5, '-$0.50'],
  ])('of %d is %s', (dollars, expected) => {
    expect(formatMoney(dollars)).toBe(expected);
  });
});

describe('a size', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_600, '1.0 MB'],
    [123_456, '123 kB'],
    [5_300_000_000, '5.3 GB'],
    [7e15, '7000 TB'],
  ])('of %d bytes is %s', (bytes, expected) => {
    expect(formatBytes(bytes)).toBe(expected);
  });
});

test('counts and shares are short', () => {
  expect(formatNumber(12_345.6)).toBe('12,346');
  expect(formatCompact(12_345)).toBe('12.3K');
  expect(formatPercent(0.0371)).toBe('3.7%');
  expect(formatPercent(Number.NaN)).toBe(none);
});

test('what there is none of is a dash', () => {
  for (const format of [
    formatDuration,
    formatMoney,
    formatBytes,
    formatNumber,
    formatCompact,
    formatPercent,
  ]) {
    expect(format(null)).toBe(none);
    expect(format(undefined)).toBe(none);
  }
});

describe('a time away', () => {
  const now = 1_800_000_000_000;
  test.each([
    [0, 'now'],
    [4999, 'now'],
    [-30_000, '30 sec. ago'],
    [-59_999, '59 sec. ago'],
    [-60_000, '1 min. ago'],
    [-3 * 3_600_000, '3 hr. ago'],
    [-86_400_000, 'yesterday'],
    [2 * 86_400_000, 'in 2 days'],
    [7 * 86_400_000 - 1000, 'in 7 days'],
    [-400 * 86_400_000, 'last yr.'],
  ])('by %d ms is %s', (away, expected) => {
    expect(formatRelative(now + away, now)).toBe(expected);
  });
});
