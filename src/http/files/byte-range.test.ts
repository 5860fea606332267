import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRange } from './byte-range.ts';

const size = fc.nat(50);
const place = fc.nat(60);

/** The bytes 0, 1, 2, … as far as the range goes. */
function slice(range: ReturnType<typeof readRange>, length: number): number[] {
  const bytes = Array.from({ length }, (_, index) => index);
  if (range === 'unsatisfiable') return [];
  return range === 'whole' ? bytes : bytes.slice(range.start, range.end + 1);
}

test('from one place to another, as far as the file goes', () => {
  fc.assert(
    fc.property(size, place, place, (length, a, b) => {
      const [first, last] = a <= b ? [a, b] : [b, a];
      const range = readRange(`bytes=${first}-${last}`, length);
      const bytes = Array.from({ length }, (_, index) => index);
      expect(slice(range, length)).toEqual(bytes.slice(first, last + 1));
      expect(range === 'unsatisfiable').toBe(first >= length);
    }),
  );
});

test('from one place to the end', () => {
  fc.assert(
    fc.property(size, place, (length, first) => {
      const bytes = Array.from({ length }, (_, index) => index);
      expect(slice(readRange(`bytes=${first}-`, length), length)).toEqual(bytes.slice(first));
    }),
  );
});

test('so many bytes from the end', () => {
  fc.assert(
    fc.property(size, fc.integer({ min: 1, max: 60 }), (length, count) => {
      const bytes = Array.from({ length }, (_, index) => index);
      expect(slice(readRange(`bytes=-${count}`, length), length)).toEqual(bytes.slice(-count));
    }),
  );
  expect(readRange('bytes=-0', 10)).toBe('unsatisfiable');
});

test('a range is never empty and never leaves the file', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^bytes=\d*-\d*$/)), size, (header, length) => {
      const range = readRange(header, length);
      if (typeof range === 'string') return;
      expect(range.start).toBeGreaterThanOrEqual(0);
      expect(range.start).toBeLessThanOrEqual(range.end);
      expect(range.end).toBeLessThan(length);
    }),
  );
});

test.each([
  undefined,
  '',
  'bytes',
  'bytes=',
  'bytes=-',
  'bytes=5-2',
  'bytes=1-2,4-5',
  'items=1-2',
  'bytes=a-b',
])('%j asks for the whole', (header) => {
  expect(readRange(header, 10)).toBe('whole');
});
