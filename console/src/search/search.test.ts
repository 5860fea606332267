import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { present, readFlag, readList, readNumber, readOneOf, readText } from './read-search.ts';
import { parseSearch, writeSearch } from './search-text.ts';

test('an address can be read by people', () => {
  const search = {
    status: 'error',
    model: ['opus', 'sonnet'],
    path: 'src/a:b',
    create: true,
    off: false,
    none: undefined,
  };
  expect(writeSearch(search)).toBe('?status=error&model=opus,sonnet&path=src/a:b&create=true');
  expect(writeSearch({})).toBe('');
});

test('whatever text is written is read again', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (text) => {
      expect(parseSearch(writeSearch({ text }))).toEqual({ text });
    }),
  );
});

describe('values of an address', () => {
  test('are taken as text and as what links give', () => {
    expect(readNumber('429')).toBe(429);
    expect(readNumber(429)).toBe(429);
    expect(readList('a,,b')).toEqual(['a', 'b']);
    expect(readList(['a', 'b'])).toEqual(['a', 'b']);
    expect(readFlag('true')).toBe(true);
    expect(readFlag(true)).toBe(true);
    expect(readText(12)).toBe('12');
    expect(readOneOf('key', ['model', 'key'])).toBe('key');
  });

  test('that make no sense are left out', () => {
    const read = present({
      number: readNumber('many'),
      list: readList(','),
      flag: readFlag('0'),
      text: readText(''),
      choice: readOneOf('all', ['one']),
      kept: readText('x'),
    });
    expect(read).toEqual({ kept: 'x' });
    expect(Object.keys(read)).toEqual(['kept']);
  });
});
