import { encode } from 'uqr';
import { expect, it } from 'vitest';
import { qrPath } from './qr-path.ts';

it('draws the dark modules, and no others', () => {
  const { data, size } = encode('otpauth://totp/claudecode-api:ada?secret=ABC', { border: 2 });
  const drawn = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width] of qrPath(data).matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) {
    for (let dx = 0; dx < Number(width); dx += 1) {
      const row = drawn[Number(y)];
      if (row !== undefined) row[Number(x) + dx] = true;
    }
  }
  expect(drawn).toEqual(data);
});

it('draws to the edge', () => {
  expect(qrPath([[true, false, true, true]])).toBe('M0 0h1v1H0zM2 0h2v1H2z');
});
