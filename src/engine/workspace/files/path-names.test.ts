import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bytesOf, nameOf, pathBelow, splitPath } from './path-names.ts';
import { WorkspaceFileError } from './workspace-file-error.ts';

// Few bytes, so that marks and broken characters occur.
const anyBytes = fc
  .array(fc.oneof(fc.constantFrom(...Buffer.from('%25FF8aé')), fc.integer({ min: 1, max: 255 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x2f)));

test('every name has a text of its own, and comes back from it', () => {
  fc.assert(
    fc.property(anyBytes, (bytes) => {
      const name = nameOf(bytes);
      expect(name.isWellFormed()).toBe(true);
      expect(Buffer.from(bytesOf(name))).toEqual(bytes);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['plain.txt', 'plain.txt'],
  ['my%20file 100%', 'my%20file 100%'],
  ['é\n\\', 'é\n\\'],
  ['%FF', '%25FF'],
  ['%25FF', '%2525FF'],
])('the name %j is told as %j', (name, text) => {
  expect(nameOf(Buffer.from(name))).toBe(text);
});

test('a byte that is no text is told by its number', () => {
  expect(nameOf(Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xc3]))).toBe('a%FFé%C3');
});

describe('a path', () => {
  test.each([
    ['', []],
    ['.', []],
    ['a/b', ['a', 'b']],
    ['./a//b/', ['a', 'b']],
    ['a\\..\\b', ['a\\..\\b']],
    ['a/...', ['a', '...']],
  ])('%j has the names %j', (path, names) => {
    expect(splitPath(path)).toEqual(names);
  });

  test.each(['/a', '..', 'a/..', 'a/../b', '../a', 'a\0b', '\ud800', 'x/'.repeat(20_000)])(
    '%j leads nowhere',
    (path) => {
      expect(() => splitPath(path)).toThrow(WorkspaceFileError);
    },
  );

  test('is bytes where a name on the way is no text', () => {
    expect(pathBelow('/w', ['a', 'b'])).toBe('/w/a/b');
    expect(pathBelow('/w', ['%FF', 'b'])).toEqual(Buffer.from([0x2f, 0x77, 0x2f, 0xff, 0x2f, 0x62]));
  });
});
