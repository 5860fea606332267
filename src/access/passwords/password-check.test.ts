import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ScriptedHasher } from '../testing/scripted-hasher.ts';
import { PasswordCheck } from './password-check.ts';

test('a check does the same work for every user and for none, whatever kinds of hashes there are', async () => {
  const password = fc.constantFrom('one', 'two', 'three');
  const hash = fc.tuple(fc.constantFrom('today', 'old', 'broken'), password).map((two) => two.join(':'));
  await fc.assert(
    fc.asyncProperty(fc.array(hash, { minLength: 1, maxLength: 5 }), password, async (all, tried) => {
      const hasher = new ScriptedHasher();
      const check = new PasswordCheck(hasher);
      const work: string[] = [];
      for (const stored of [undefined, ...all]) {
        hasher.verified.length = 0;
        const fits = await check.fits(tried, stored, all);
        expect(fits).toBe(stored === `today:${tried}` || stored === `old:${tried}`);
        work.push(hasher.verified.join());
      }
      expect(new Set(work).size).toBe(1);
    }),
  );
});

test('one verification is done for each kind that is in use', async () => {
  const hasher = new ScriptedHasher();
  const check = new PasswordCheck(hasher);
  await check.fits('x', undefined, ['today:a', 'today:b']);
  expect(hasher.verified).toEqual(['today']);
  hasher.verified.length = 0;
  await check.fits('a', 'today:a', ['today:a', 'old:b', 'old:c']);
  expect([...hasher.verified].sort()).toEqual(['old', 'today']);
});

test('a decoy is made once, and its password fits nobody', async () => {
  const hasher = new ScriptedHasher();
  let made = 0;
  hasher.decoyLike = async () => {
    made += 1;
    return 'today:decoy';
  };
  const check = new PasswordCheck(hasher);
  for (let attempt = 0; attempt < 3; attempt += 1) {
    expect(await check.fits('decoy', undefined, ['today:a'])).toBe(false);
    expect(await check.fits('decoy', 'broken:', ['today:a'])).toBe(false);
  }
  expect(made).toBe(1);
});
