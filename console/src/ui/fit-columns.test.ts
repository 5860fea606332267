import { expect, test } from 'vitest';
import { fitColumns } from './fit-columns.ts';

const columns = [
  { id: 'name', width: 200 },
  { id: 'owner', width: 100, priority: 2 },
  { id: 'cost', width: 100, priority: 1 },
  { id: 'prefix', width: 100, priority: 2 },
];
const shown = (width: number): string[] => fitColumns(columns, width).map(({ id }) => id);

test('columns give way by priority, the later ones first, and those that are needed never', () => {
  expect(shown(1000)).toEqual(['name', 'owner', 'cost', 'prefix']);
  expect(shown(500)).toEqual(['name', 'owner', 'cost']);
  expect(shown(400)).toEqual(['name', 'cost']);
  expect(shown(300)).toEqual(['name']);
  expect(shown(50)).toEqual(['name']);
});

test('all are there as long as the width is not known', () => {
  expect(shown(0)).toHaveLength(4);
});
