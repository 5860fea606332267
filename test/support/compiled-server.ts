import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** An own folder of this run for compiled servers. */
    compiledServers: string;
  }
}

const root = fileURLToPath(new URL('../..', import.meta.url));
let compiled: Promise<string> | undefined;

/** Vitest's global set-up: the folder that `compiledServer` fills, removed at the end of the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'claudecode-api-compiled-'));
  project.provide('compiledServers', folder);
  return () => rm(folder, { recursive: true, force: true });
}

/**
 * The path of the server's `main.js`, compiled as for production when it is first asked for: a process starts from
 * it in half the time that it takes through tsx.
 */
export function compiledServer(): Promise<string> {
  compiled ??= compile();
  return compiled;
}

/** Where the package's own files lie around `dist` as in a checkout. */
async function compile(): Promise<string> {
  const folder = await mkdtemp(path.join(inject('compiledServers'), 'server-'));
  for (const name of ['package.json', 'node_modules', 'public'])
    await symlink(path.join(root, name), path.join(folder, name));
  const typescript = path.dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
  // The types are checked elsewhere.
  const options = ['-p', path.join(root, 'tsconfig.build.json'), '--noCheck'];
  const outDir = path.join(folder, 'dist');
  await promisify(execFile)(process.execPath, [
    path.join(typescript, 'bin', 'tsc'),
    ...options,
    '--outDir',
    outDir,
  ]);
  return path.join(outDir, 'main.js');
}
