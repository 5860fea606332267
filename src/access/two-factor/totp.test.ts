import { Secret } from 'otpauth';
import { expect, test } from 'vitest';
import { newTotpSecret, stepOf, totpUri } from './totp.ts';

const rfcSecret = Secret.fromLatin1('12345678901234567890').base32;

test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
  [20000000000, '353130'],
])('the code of RFC 6238 at %d seconds is of its step, and of no other time', (seconds, code) => {
  const step = Math.floor(seconds / 30);
  for (const late of [-30, 0, 30]) expect(stepOf(code, rfcSecret, (seconds + late) * 1000)).toBe(step);
  for (const late of [-60, 60]) expect(stepOf(code, rfcSecret, (seconds + late) * 1000)).toBeUndefined();
});

test.each(['', '28708', '2870820', '-87082', 'abcdef'])('%j is no code', (code) => {
  expect(stepOf(code, rfcSecret, 59_000)).toBeUndefined();
});

test('a new secret has 160 bits, and the link for apps has it and the name', () => {
  const secret = newTotpSecret();
  expect(Secret.fromBase32(secret).bytes).toHaveLength(20);
  expect(newTotpSecret()).not.toBe(secret);
  const uri = new URL(totpUri(secret, 'ann@büro'));
  expect(uri.href).toMatch(/^otpauth:\/\/totp\/claudecode-api:ann%40b%C3%BCro\?/);
  expect(Object.fromEntries(uri.searchParams)).toEqual({
    issuer: 'claudecode-api',
    secret,
    algorithm: 'SHA1',
    digits: '6',
    period: '30',
  });
});
