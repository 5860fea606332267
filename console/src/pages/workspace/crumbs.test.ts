import { expect, test } from 'vitest';
import { crumbsOf, parentOf } from './crumbs.ts';

test('a path is told by the directories on the way', () => {
  expect(crumbsOf('src/app', 'ci')).toEqual([
    { name: 'ci', path: '' },
    { name: 'src', path: 'src' },
    { name: 'app', path: 'src/app' },
  ]);
  expect(crumbsOf('', 'ci')).toEqual([{ name: 'ci', path: '' }]);
  expect(parentOf('src/app/main.ts')).toBe('src/app');
  expect(parentOf('main.ts')).toBe('');
});
