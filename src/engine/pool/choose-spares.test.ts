import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseSpares } from './choose-spares.ts';

const demand = (uses: Readonly<Record<string, number>>) =>
  Object.entries(uses).map(([launch, count]) => ({ launch, uses: count }));

// The classic example of the method, with its known outcome.
test('places are shared in proportion to use', () => {
  const chosen = chooseSpares(demand({ a: 100, b: 80, c: 30, d: 20 }), 8);
  const counts = ['a', 'b', 'c', 'd'].map((name) => chosen.filter((launch) => launch === name).length);
  expect(counts).toEqual([4, 3, 1, 0]);
});

test('the first place goes to the launch that is used most', () => {
  expect(chooseSpares(demand({ rare: 2, frequent: 5 }), 1)).toEqual(['frequent']);
});

test('of equals the earlier comes first', () => {
  expect(chooseSpares(demand({ one: 3, two: 3 }), 3)).toEqual(['one', 'two', 'one']);
});

test('a launch that nobody uses gets no spare, however many places there are', () => {
  expect(chooseSpares(demand({ never: 0 }), 3)).toEqual([]);
  expect(chooseSpares([], 3)).toEqual([]);
});

test('without places there is no spare', () => {
  expect(chooseSpares(demand({ one: 3 }), 0)).toEqual([]);
});

test('all places are filled, nobody is better served than somebody who is used more, and more room takes nothing away', () => {
  const uses = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(uses, fc.integer({ min: 0, max: 12 }), (counts, places) => {
      const wanted = counts.map((count, launch) => ({ launch, uses: count }));
      const chosen = chooseSpares(wanted, places);
      expect(chosen).toHaveLength(places);
      const given = counts.map((_, launch) => chosen.filter((one) => one === launch).length);
      counts.forEach((mine, me) => {
        counts.forEach((theirs, they) => {
          if (mine > theirs) expect(given[me]).toBeGreaterThanOrEqual(given[they] ?? 0);
        });
      });
      expect(chooseSpares(wanted, places + 1).slice(0, places)).toEqual(chosen);
    }),
  );
});
