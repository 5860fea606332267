import { expect, it } from 'vitest';
import { suggestPassword } from './suggest-password.ts';

it('suggests passwords of four groups, a new one each time', () => {
  const all = Array.from({ length: 200 }, () => suggestPassword());
  expect(new Set(all).size).toBe(200);
  for (const one of all) expect(one).toMatch(/^(?:[a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
});

it('favours no letter', () => {
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const counts = new Map<string, number>();
  for (const byte of bytes) {
    const [letter = ''] = suggestPassword(new Uint8Array([byte]));
    counts.set(letter, (counts.get(letter) ?? 0) + 1);
  }
  expect([...counts.values()]).toEqual(Array.from({ length: 32 }, () => 8));
});
