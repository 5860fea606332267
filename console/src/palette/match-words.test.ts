import { expect, test } from 'vitest';
import { matchWords } from './match-words.ts';

test.each([
  ['sign out leave', 'Sign out', 1],
  ['page Settings configuration options', 'sign out', 0],
  ['key ann’s laptop Ann sk-abc', 'sk-a laptop', 1],
  ['page Dashboard', '', 1],
])('%s, searched for by "%s"', (value, search, score) => {
  expect(matchWords(value, search)).toBe(score);
});
