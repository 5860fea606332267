import { hash } from '@node-rs/argon2';
import { hash as hashByBcrypt } from '@node-rs/bcrypt';
import { describe, expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.ts';

const cheap = createPasswordHasher({ memoryCost: 64, timeCost: 2, parallelism: 1 });

test('passwords are hashed by Argon2id with 19 MiB and two passes, each with a salt of its own', async () => {
  const hasher = createPasswordHasher();
  const stored = await hasher.hash('correct horse');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.verify('correct horse', stored)).toBe(true);
  expect(await hasher.verify('correct horsf', stored)).toBe(false);
  expect(await hasher.hash('correct horse')).not.toBe(stored);
});

test.each(['2a', '2b', '2y'] as const)(
  'a bcrypt hash of an older server verifies ($%s$)',
  async (version) => {
    const stored = (await hashByBcrypt('correct horse', 4)).replace(/^\$2.\$/, `$${version}$`);
    expect(await cheap.verify('correct horse', stored)).toBe(true);
    expect(await cheap.verify('wrong horse', stored)).toBe(false);
  },
);

test.each(['', 'admin123', '$argon2id$v=19$m=64', '$2b$04$short', '$1$md5crypt$x', '{plain}admin123'])(
  'no password fits %j, and nothing breaks',
  async (stored) => {
    expect(await cheap.verify('admin123', stored)).toBe(false);
    expect(await cheap.verify(stored, stored)).toBe(false);
    expect(cheap.kindOf(stored)).toBeUndefined();
    expect(cheap.isStrongEnough(stored)).toBe(false);
  },
);

describe('strength', () => {
  const [argon2i, argon2id] = [1, 2];
  const argon = (options: object) =>
    hash('x', { memoryCost: 64, timeCost: 2, algorithm: argon2id, ...options });

  test.each<[string, Promise<string>, boolean]>([
    ['as today', argon({}), true],
    ['more memory', argon({ memoryCost: 128 }), true],
    ['less memory', argon({ memoryCost: 32 }), false],
    ['fewer passes', argon({ timeCost: 1 }), false],
    ['more memory, but fewer passes', argon({ memoryCost: 128, timeCost: 1 }), false],
    ['another Argon2', argon({ algorithm: argon2i }), false],
    ['bcrypt', hashByBcrypt('x', 4), false],
  ])('%s', async (_, stored, enough) => {
    expect(cheap.isStrongEnough(await stored)).toBe(enough);
  });
});

test('a decoy is of the kind of its model', async () => {
  const models = [
    await cheap.hash('x'),
    await hash('x', { memoryCost: 32, timeCost: 3, outputLen: 24 }),
    await hashByBcrypt('x', 4),
    await hashByBcrypt('x', 5),
  ];
  const kinds = models.map((model) => cheap.kindOf(model));
  expect(new Set(kinds).size).toBe(models.length);
  const decoys = await Promise.all(models.map((model) => cheap.decoyLike(model)));
  expect(decoys.map((decoy) => cheap.kindOf(decoy))).toEqual(kinds);
  for (const decoy of decoys) expect(await cheap.verify('x', decoy)).toBe(false);
});

test('what bcrypt leaves out of a long password is known', async () => {
  const long = 'é'.repeat(36);
  const stored = await hashByBcrypt(`${long}a`, 4);
  expect(await cheap.verify(`${long}b`, stored)).toBe(true);
  expect(cheap.tellsApart(`${long}b`, stored)).toBe(false);
  expect(cheap.tellsApart(long, stored)).toBe(true);
  const today = await cheap.hash(`${long}a`);
  expect(await cheap.verify(`${long}b`, today)).toBe(false);
  expect(cheap.tellsApart(`${long}b`, today)).toBe(true);
});
