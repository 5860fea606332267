import { describe, expect, test } from 'vitest';
import { AccessError } from '../access/index.ts';
import { sampleKey } from '../access/testing/sample-key.ts';
import { keyIn } from './authenticator.ts';
import { createKeyAuthenticator } from './key-authenticator.ts';

const secret = `sk-${'Az09_-'.repeat(7)}x`;
const { secretHash: _, previousHash: __, ...stored } = sampleKey({ id: 'key_7' });
const key = { ...stored, state: 'active' as const };
const keys = {
  async authenticate(given: string) {
    if (given === secret) return { key };
    throw new AccessError('invalid_key', 'Incorrect API key provided.');
  },
};

const local = { owner: 'local', key: null };
const wrong = secret.replace('x', 'y');
const openai = `sk-proj-${'a'.repeat(120)}`;

describe('while no key is required', () => {
  const authenticator = createKeyAuthenticator({ keys, keyRequired: () => false });

  test.each([undefined, 'anything', 'sk-anything', openai, secret.slice(0, -1), `${secret}z`])(
    '%s is nobody in particular',
    async (given) => {
      expect(await authenticator.authenticate(given)).toEqual(local);
    },
  );

  test('a key of ours is checked all the same', async () => {
    expect(await authenticator.authenticate(secret)).toEqual({ owner: 'key_7', key });
    await expect(authenticator.authenticate(wrong)).rejects.toMatchObject({ code: 'invalid_key' });
  });

  test('one in the form of the original project is checked as well', async () => {
    const revoked = authenticator.authenticate(`sk-${'0af9'.repeat(16)}`);
    await expect(revoked).rejects.toMatchObject({ code: 'invalid_key' });
  });
});

describe('while one is required', () => {
  const authenticator = createKeyAuthenticator({ keys, keyRequired: () => true });

  test.each(['anything', openai, wrong])('%s is refused', async (given) => {
    await expect(authenticator.authenticate(given)).rejects.toMatchObject({ code: 'invalid_key' });
  });

  test('nobody gets in without one', async () => {
    await expect(authenticator.authenticate(undefined)).rejects.toMatchObject({ code: 'missing_key' });
    expect(await authenticator.authenticate(secret)).toEqual({ owner: 'key_7', key });
  });
});

test('the requirement may change at any time', async () => {
  let required = false;
  const authenticator = createKeyAuthenticator({ keys, keyRequired: () => required });
  expect(await authenticator.authenticate('anything')).toEqual(local);
  required = true;
  await expect(authenticator.authenticate('anything')).rejects.toThrow(AccessError);
});

test.each([
  [{ authorization: 'Bearer abc' }, 'abc'],
  [{ authorization: 'bearer   abc  ' }, 'abc'],
  [{ authorization: 'Bearer abc', 'x-api-key': 'other' }, 'abc'],
  [{ 'x-api-key': 'abc' }, 'abc'],
  [{ 'api-key': 'abc' }, 'abc'],
  [{ authorization: 'Basic abc', 'api-key': '' }, undefined],
  [{ authorization: 'Bearer ' }, undefined],
  [{ authorization: 'Bearer a b' }, undefined],
  [{}, undefined],
])('%j brings the key %s', (headers, expected) => {
  expect(keyIn(headers)).toBe(expected);
});
