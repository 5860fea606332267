import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryDirectory } from '../support/start-app.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('the demo streams an answer in which the real agent writes a file, without an account', async () => {
  const directory = await temporaryDirectory();
  const { PATH = '' } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', import.meta.resolve('tsx'), path.join(root, 'demo/main.ts'), '--once', '--port', '0'],
    { cwd: directory, env: { PATH } },
  );
  expect(stdout).toContain('I will write a file');
  expect(stdout).toContain('[Write]');
  expect(stdout).toContain('| Write me a greeting.');
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});
