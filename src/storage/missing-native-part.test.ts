import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { remedyForNativePart } from './missing-native-part.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'claudecode-api-native-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** better-sqlite3 as npm leaves it where no install script runs. */
function installWithoutScripts(): string {
  const require = createRequire(import.meta.url);
  const installed = path.dirname(require.resolve('better-sqlite3/package.json'));
  const modules = path.join(directory, 'node_modules');
  const copy = path.join(modules, 'better-sqlite3');
  mkdirSync(copy, { recursive: true });
  for (const name of ['lib', 'package.json'])
    cpSync(path.join(installed, name), path.join(copy, name), { recursive: true });
  const bindings = path.dirname(createRequire(`${installed}/lib/`).resolve('bindings/package.json'));
  symlinkSync(bindings, path.join(modules, 'bindings'));
  return copy;
}

function failureOf(open: () => unknown): unknown {
  try {
    open();
  } catch (error) {
    return error;
  }
  throw new Error('It opened.');
}

test('a driver without its native part, or with that of another Node.js, is told by what to do', () => {
  const copy = installWithoutScripts();
  const Driver: new (file: string) => unknown = createRequire(`${copy}/`)(copy);
  const open = () => new Driver(':memory:');
  expect(remedyForNativePart(failureOf(open))).toContain('npm rebuild better-sqlite3');
  mkdirSync(path.join(copy, 'build'));
  writeFileSync(path.join(copy, 'build', 'better_sqlite3.node'), 'of another machine');
  expect(remedyForNativePart(failureOf(open))).toContain('--allow-scripts=better-sqlite3');
});

test('other errors are their own', () => {
  expect(remedyForNativePart(new Error('unable to open database file'))).toBeUndefined();
  expect(remedyForNativePart('text')).toBeUndefined();
});
