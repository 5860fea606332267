import { expect, test } from 'vitest';
import { buildPath } from './build-path.ts';

test('names are filled and escaped', () => {
  expect(buildPath('/keys/{id}/rotate', { params: { id: 'a/b c' } })).toBe('/keys/a%2Fb%20c/rotate');
});

test('a query keeps what has a value, lists joined by commas', () => {
  const query = { from: 5, model: ['opus', 'sonnet'], text: '', key: undefined, limit: 0, none: [] };
  expect(buildPath('/records', { query })).toBe('/records?from=5&model=opus%2Csonnet&limit=0');
});

test('a name that is missing is a mistake of the caller', () => {
  expect(() => buildPath('/keys/{id}', {})).toThrow("needs 'id'");
});
