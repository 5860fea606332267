import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createSeal } from './seal.ts';
import { readServerSecret } from './server-secret.ts';

describe('a seal', () => {
  test('gives back what it sealed, and shows nothing of it', () => {
    const seal = createSeal('a secret');
    const sealed = seal.seal('the summary: ß');
    expect(seal.open(sealed)).toBe('the summary: ß');
    expect(Buffer.from(sealed, 'base64url').toString('latin1')).not.toContain('summary');
    expect(seal.seal('the summary: ß')).not.toBe(sealed);
  });

  test('knows the seals of the same secret only', () => {
    const sealed = createSeal('a secret').seal('text');
    expect(createSeal('a secret').open(sealed)).toBe('text');
    expect(createSeal('another').open(sealed)).toBeUndefined();
  });

  test.each(['', 'x', 'gAAAAABforeign', 'A'.repeat(200)])('does not open %j', (foreign) => {
    expect(createSeal('a secret').open(foreign)).toBeUndefined();
  });

  test('does not open what was changed in any byte', () => {
    const seal = createSeal('a secret');
    const bytes = Buffer.from(seal.seal('text'), 'base64url');
    for (let index = 0; index < bytes.length; index++) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(seal.open(changed.toString('base64url'))).toBeUndefined();
    }
  });
});

describe("the server's secret", () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'claudecode-api-secret-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  test('is made once, for this user alone', async () => {
    const data = path.join(directory, 'data');
    const secret = await readServerSecret(data);
    expect(secret.length).toBeGreaterThanOrEqual(43);
    expect(await readServerSecret(data)).toBe(secret);
    expect((await stat(path.join(data, 'secret'))).mode & 0o777).toBe(0o600);
    expect(await readdir(data)).toEqual(['secret']);
  });

  test('is the same for servers that start at once', async () => {
    const secrets = await Promise.all(Array.from({ length: 8 }, () => readServerSecret(directory)));
    expect(new Set(secrets).size).toBe(1);
  });
});
