import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { loadEnvFile } from './load-env-file.ts';

describe('loadEnvFile', () => {
  const directory = mkdtempSync(join(tmpdir(), 'env-file-'));
  const path = join(directory, '.env');

  const added = 'LOAD_ENV_FILE_ADDED';
  const present = 'LOAD_ENV_FILE_PRESENT';

  afterEach(() => {
    delete process.env[added];
    vi.unstubAllEnvs();
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('adds the variables of the file, behind those of the real environment', () => {
    writeFileSync(path, `${added}="from file"\n${present}=from file\n`);
    vi.stubEnv(present, 'from environment');
    expect(loadEnvFile(path)).toEqual(new Set([added]));
    expect(process.env[added]).toBe('from file');
    expect(process.env[present]).toBe('from environment');
  });

  it('is content without a file', () => {
    expect(loadEnvFile(join(directory, 'missing'))).toBeUndefined();
  });

  it('throws where the file cannot be read', () => {
    expect(() => loadEnvFile(tmpdir())).toThrow();
  });
});
