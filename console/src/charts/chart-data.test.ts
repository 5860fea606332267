import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onGrid, stackValues, summarise, timeGrid } from './chart-data.ts';

const series = [
  { id: 'a', label: 'Answered', values: [1, null, 3] },
  { id: 'b', label: 'Failed', values: [2, 5, 0] },
];

test('stacked series stand on each other; what is not there counts as nothing', () => {
  expect(stackValues(series)).toEqual([
    [1, 0, 3],
    [3, 5, 3],
  ]);
});

describe('a grid of times', () => {
  test('has every step that the range touches', () => {
    fc.assert(
      fc.property(
        fc.nat(10_000),
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 1, max: 500 }),
        (from, length, step) => {
          const grid = timeGrid(from, from + length, step);
          expect(grid[0]).toBeLessThanOrEqual(from);
          expect(grid[0]).toBeGreaterThan(from - step);
          expect((grid.at(-1) ?? 0) + step).toBeGreaterThanOrEqual(from + length);
          expect(grid.at(-1)).toBeLessThan(from + length);
          expect(grid.every((at) => at % step === 0)).toBe(true);
        },
      ),
    );
  });

  test('takes the points that there are and fills the rest', () => {
    const points = [{ at: 20, count: 7 }];
    expect(onGrid([0, 20, 40], points, ({ count }) => count, 0)).toEqual([0, 7, 0]);
    expect(onGrid([0, 20], points, () => null, null)).toEqual([null, null]);
  });
});

test('a summary tells the highest and the last of each series', () => {
  expect(summarise('Requests', series, String)).toBe(
    'Requests. Answered: highest 3, last 3; Failed: highest 5, last 0.',
  );
  expect(summarise('Requests', [{ id: 'a', label: 'All', values: [null] }], String)).toContain(
    'All: no data',
  );
});
