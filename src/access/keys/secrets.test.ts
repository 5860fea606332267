import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createKeyHash, maskApiKey, newApiKey } from './secrets.ts';

test('a secret has the form of an API key, 256 bits, and begins with its prefix', () => {
  const { secret, prefix } = newApiKey();
  expect(secret).toMatch(/^sk-[A-Za-z0-9_-]{43}$/);
  expect(Buffer.from(secret.slice(3), 'base64url')).toHaveLength(32);
  expect(prefix).toBe(secret.slice(0, 10));
  expect(newApiKey().secret).not.toBe(secret);
});

test('a hash depends on the secret and on the secret of the server, and on nothing else', () => {
  const texts = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(texts, texts, texts, (server, one, other) => {
      const hash = createKeyHash(server);
      expect(hash(one)).toMatch(/^[0-9a-f]{64}$/);
      expect(createKeyHash(server)(one)).toBe(hash(one));
      expect(createKeyHash(`${server}.`)(one)).not.toBe(hash(one));
      expect(hash(one) === hash(other)).toBe(one === other);
    }),
  );
});

test('a masked key shows less than its prefix', () => {
  const { secret, prefix } = newApiKey();
  expect(maskApiKey(secret)).toBe(`${secret.slice(0, 7)}***`);
  expect(prefix.startsWith(secret.slice(0, 7))).toBe(true);
});

test.each(['', 'hunter2', 'sk-short', 'sk-a\r\nset-cookie: x=1; more and more', 'Zm9vYmFyYmF6cXV4cXV1eA=='])(
  'nothing is shown of %j, which is no key of ours',
  (text) => {
    expect(maskApiKey(text)).toBe('***');
  },
);
