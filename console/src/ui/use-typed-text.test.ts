import { expect, test } from 'vitest';
import { type TypedText, withKept, withTold } from './use-typed-text.ts';

const typed = (text: string, kept = ''): TypedText => ({ text, kept, told: [] });

test('what comes back of the typing does not disturb what was typed since', () => {
  const told = withTold(withTold(typed('hello wor'), 'hello'), 'hello wo');
  const first = withKept(told, 'hello');
  expect(first).toEqual({ text: 'hello wor', kept: 'hello', told: ['hello wo'] });
  expect(withKept(first, 'hello wo')).toEqual({ text: 'hello wor', kept: 'hello wo', told: [] });
});

test('a blank at the end stays while the text without it comes back', () => {
  expect(withKept(withTold(typed('hello '), 'hello'), 'hello').text).toBe('hello ');
});

test('a keeper may leave out what it was told in between', () => {
  const told = withTold(withTold(typed('ab'), 'a'), 'ab');
  expect(withKept(told, 'ab')).toEqual({ text: 'ab', kept: 'ab', told: [] });
});

test('a text from elsewhere takes the place of what was typed', () => {
  expect(withKept(withTold(typed('ab'), 'ab'), 'other')).toEqual({ text: 'other', kept: 'other', told: [] });
  expect(withKept(typed('ab', 'ab'), '')).toEqual({ text: '', kept: '', told: [] });
});

test('what is kept already is not waited for', () => {
  expect(withTold(withTold(typed('', ''), 'a'), '')).toEqual({ text: '', kept: '', told: [] });
});
