import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  isPreset,
  rangePresets,
  readRange,
  refreshEvery,
  resolveRange,
  steppedRange,
  writeSpan,
} from './range.ts';

const now = 1_800_000_000_000;

test('all who ask within a step ask for the same, and for what happens in it', () => {
  for (const { value, length } of rangePresets) {
    const step = refreshEvery(value) || 0;
    const first = steppedRange(value, now + 1);
    expect(first).toEqual({ from: now + step - length, to: now + step });
    expect(steppedRange(value, now + step)).toEqual(first);
    expect(steppedRange(value, now + step + 1)).toEqual({ from: first.from + step, to: first.to + step });
  }
  expect(steppedRange('5-17', now)).toEqual({ from: 5, to: 17 });
});

describe('a range in an address', () => {
  test.each(rangePresets.map(({ value, length }) => [value, length] as const))(
    '%s ends now',
    (value, length) => {
      expect(readRange(value)).toBe(value);
      expect(resolveRange(value, now)).toEqual({ from: now - length, to: now });
      expect(refreshEvery(value)).toBeGreaterThan(0);
    },
  );

  test('of two times is read as it was written', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 40 }), (from, length) => {
        const span = { from, to: from + length };
        const text = writeSpan(span);
        expect(readRange(text)).toBe(text);
        expect(resolveRange(text, now)).toEqual(span);
        expect(isPreset(text)).toBe(false);
        expect(refreshEvery(text)).toBe(false);
      }),
    );
  });

  test.each(['', '2h', '5-5', '9-3', '1-2-3', '-5', 24, null, ['24h']])('%j is none', (value) => {
    expect(readRange(value)).toBeUndefined();
  });
});

test('resolving what is no range throws', () => {
  expect(() => resolveRange('soon', now)).toThrow("'soon'");
});
