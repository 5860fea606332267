import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pageItems } from './page-items.ts';

/** A list in memory, with gaps in its positions. */
function listOf(length: number) {
  const rows = Array.from({ length }, (_, index) => ({
    id: `${index}`,
    body: '{}',
    position: index * 3 + 1,
  }));
  return {
    ids: rows.map(({ id }) => id),
    list: {
      positionsOf: async (ids: readonly string[]) =>
        new Map(rows.filter(({ id }) => ids.includes(id)).map(({ id, position }) => [id, position])),
      read: async (stretch: {
        readonly above: number | undefined;
        readonly below: number | undefined;
        readonly direction: 'asc' | 'desc';
        readonly limit: number;
      }) => {
        const { above = -Infinity, below = Infinity, direction, limit } = stretch;
        const within = rows.filter(({ position }) => position > above && position < below);
        return (direction === 'asc' ? within : within.toReversed()).slice(0, limit);
      },
    },
  };
}

it('gives what lies between the cursors, next to the one that it goes on from', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 14 }),
      fc.constantFrom('asc' as const, 'desc' as const),
      fc.option(fc.nat(11), { nil: undefined }),
      fc.option(fc.nat(11), { nil: undefined }),
      async (length, limit, order, afterIndex, beforeIndex) => {
        const { ids, list } = listOf(length);
        const ordered = order === 'asc' ? ids : ids.toReversed();
        const after = afterIndex === undefined ? undefined : afterIndex % length;
        const before = beforeIndex === undefined ? undefined : beforeIndex % length;
        const between = ordered.slice(after === undefined ? 0 : after + 1, before);
        const backwards = after === undefined && before !== undefined;
        const page = await pageItems(list, {
          order,
          limit,
          after: after === undefined ? undefined : ordered[after],
          before: before === undefined ? undefined : ordered[before],
        });
        expect(page.items.map(({ id }) => id)).toEqual(
          backwards ? between.slice(-limit) : between.slice(0, limit),
        );
        expect(page.hasMore).toBe(between.length > limit);
      },
    ),
    { numRuns: 500 },
  );
});
