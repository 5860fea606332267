import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanField, cleanOptional } from './clean-field.ts';

test('nothing can forge a line, hide itself, or be too long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const clean = cleanField(text, 100);
      expect(clean.length).toBeLessThanOrEqual(100);
      expect(clean).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u);
      expect(clean.isWellFormed()).toBe(true);
    }),
  );
});

test('what was on several lines is on one', () => {
  expect(cleanField('curl/8\r\n{"level":50}\u001b[31m', 100)).toBe('curl/8 {"level":50} [31m');
});

test('secrets are left out, also where a line break would hide them', () => {
  expect(cleanField('a\nsk-ant-1234567890', 100)).toBe('a sk-[redacted]');
});

test('nothing is null', () => {
  expect([undefined, null, '', '\n'].map((text) => cleanOptional(text, 10))).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(cleanOptional('x', 10)).toBe('x');
});
