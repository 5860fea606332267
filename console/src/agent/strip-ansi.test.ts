import { expect, test } from 'vitest';
import { stripAnsi } from './strip-ansi.ts';

test('colours, movements and titles are taken out', () => {
  expect(stripAnsi('\u001b[1;31mred\u001b[0m \u001b[2Kline \u001b]0;title\u0007end')).toBe('red line end');
  expect(stripAnsi('a [31m b')).toBe('a [31m b');
});
