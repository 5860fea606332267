import { expect, test } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../testing/manual-clock.ts';
import { scriptedSeal } from '../testing/scripted-seal.ts';
import { SealedTokens } from './sealed-tokens.ts';

test('a token opens within its time, for its purpose, under its seal', () => {
  const clock = new ManualClock();
  const content = z.object({ name: z.string() });
  const common = { seal: scriptedSeal(), content, lifeMs: 1000, now: clock.now };
  const tokens = new SealedTokens({ ...common, purpose: 'one' });
  const { token, expiresAt } = tokens.issue({ name: 'ada' });
  expect(expiresAt).toBe(clock.now() + 1000);
  expect(tokens.open(token)).toEqual({ name: 'ada' });
  expect(new SealedTokens({ ...common, purpose: 'other' }).open(token)).toBeUndefined();
  expect(
    new SealedTokens({ ...common, purpose: 'one', seal: scriptedSeal('b') }).open(token),
  ).toBeUndefined();
  expect(tokens.open('no token')).toBeUndefined();
  clock.advance(1000);
  expect(tokens.open(token)).toBeUndefined();
});
