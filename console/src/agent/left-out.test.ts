import { expect, test } from 'vitest';
import { hasLeftOut, leftOutLength } from './left-out.ts';

test('what stands for a text tells how long it was, also in several pieces', () => {
  expect(leftOutLength('[text, 12 characters]')).toBe(12);
  expect(leftOutLength('[text, 12 characters][text, 30 characters]')).toBe(42);
  expect(leftOutLength('It says [text, 12 characters]')).toBeUndefined();
  expect(leftOutLength('')).toBeUndefined();
});

test('a text that was left out is found at any depth', () => {
  expect(hasLeftOut({ messages: [{ content: '[text, 3 characters]' }] })).toBe(true);
  expect(hasLeftOut({ messages: [{ content: 'text' }], n: 1, none: null })).toBe(false);
});
