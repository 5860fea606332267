import { expect, test } from 'vitest';
import { readCode } from './read-code.ts';
import { createRecoveryHash, newRecoveryCodes } from './recovery-codes.ts';

test('ten codes of 80 bits, all different, that can be copied by hand', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) expect(code).toMatch(/^(?:[a-z2-7]{4}-){3}[a-z2-7]{4}$/);
});

test('a hash depends on code, user and server', () => {
  const hash = createRecoveryHash('server');
  expect(hash('u', 'code')).toMatch(/^[0-9a-f]{64}$/);
  const others = [hash('u', 'coda'), hash('v', 'code'), createRecoveryHash('other')('u', 'code')];
  expect(new Set([hash('u', 'code'), ...others]).size).toBe(4);
});

test.each([
  ['123456', 'app', '123456'],
  [' 123 456\t', 'app', '123456'],
  ['123-456', 'app', '123456'],
  ['１２３４５６', 'app', '123456'],
  ['12345', 'recovery', '12345'],
  ['ABCD-efgh–2345 6777', 'recovery', 'abcdefgh23456777'],
])('%j is read as a code of the kind %s', (entered, kind, code) => {
  expect(readCode(entered)).toEqual({ kind, code });
});
