import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shareOut } from './share-out.ts';

const anyWishes = fc.array(fc.nat(1000), { minLength: 1, maxLength: 50 });

test('cut to the cap, all wishes fit', () => {
  fc.assert(
    fc.property(anyWishes, fc.nat(20_000), (wishes, available) => {
      const cap = shareOut(wishes, available);
      const sum = wishes.reduce((all, wish) => all + Math.min(wish, cap), 0);
      expect(sum).toBeLessThanOrEqual(available);
    }),
  );
});

test('as much as possible is given', () => {
  fc.assert(
    fc.property(anyWishes, fc.nat(20_000), (wishes, available) => {
      const cap = shareOut(wishes, available);
      if (cap === Number.POSITIVE_INFINITY) return;
      const more = wishes.reduce((all, wish) => all + Math.min(wish, cap + 1), 0);
      expect(more).toBeGreaterThan(available);
    }),
  );
});

test('the longest give way first', () => {
  expect(shareOut([5, 10, 1000], 100)).toBe(85);
  expect(shareOut([5, 10], 100)).toBe(Number.POSITIVE_INFINITY);
});
