import fc from 'fast-check';
import { expect, it } from 'vitest';
import { coverRange, granularityMs, type Step, startOf, steps } from './roll-up-steps.ts';

it('covers a range without gap or overlap, by whole buckets', () => {
  const time = fc.integer({ min: 0, max: 5e12 });
  fc.assert(
    fc.property(time, time, fc.constantFrom<Step>(...steps), (one, other, granularity) => {
      const from = startOf(granularity, Math.min(one, other));
      const to = startOf(granularity, Math.max(one, other));
      const parts = coverRange({ granularity, from, to });
      let next = from;
      for (const part of parts) {
        expect(part.from).toBe(next);
        expect(part.to % granularityMs[part.granularity]).toBe(0);
        expect(part.from % granularityMs[part.granularity]).toBe(0);
        next = part.to;
      }
      expect(next).toBe(to);
      const buckets = parts.map((part) => (part.to - part.from) / granularityMs[part.granularity]);
      const months = Math.floor((to - from) / granularityMs.month);
      expect(buckets.reduce((sum, count) => sum + count, 0)).toBeLessThan(2 * (60 + 24 + 30) + months + 1);
    }),
  );
});
