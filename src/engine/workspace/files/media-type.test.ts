import { expect, test } from 'vitest';
import { isText, mediaTypeOf } from './media-type.ts';

test.each<[string, boolean, string]>([
  ['a.md', true, 'text/markdown'],
  ['a.CSV', true, 'text/csv'],
  ['a.py', true, 'text/plain'],
  ['a.rs', true, 'text/plain'],
  ['a.json', true, 'application/json'],
  ['a.svg', true, 'image/svg+xml'],
  ['a.ts', true, 'text/plain'],
  ['a.ts', false, 'video/mp2t'],
  ['a.png', false, 'image/png'],
  ['a.png', true, 'text/plain'],
  ['a.txt', false, 'application/octet-stream'],
  ['Makefile', true, 'text/plain'],
  ['Makefile', false, 'application/octet-stream'],
  ['folder.png/data', false, 'application/octet-stream'],
])('%s that is text (%s) is %s', (name, text, type) => {
  expect(mediaTypeOf(name, { text })).toBe(type);
});

test.each<[string, Buffer, boolean, boolean]>([
  ['nothing', Buffer.alloc(0), true, true],
  ['letters', Buffer.from('é\r\n\t'), true, true],
  ['a NUL', Buffer.from('a\0b'), true, false],
  ['Latin-1', Buffer.from('é', 'latin1'), true, false],
  ['a character cut at the end of the file', Buffer.from('aé').subarray(0, 2), true, false],
  ['a character cut where we stopped reading', Buffer.from('a😀').subarray(0, 4), false, true],
])('%s: text or not', (_, start, whole, expected) => {
  expect(isText(start, { whole })).toBe(expected);
});
