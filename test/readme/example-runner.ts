import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { compiledServer } from '../support/compiled-server.ts';
import { type TestApp, testEnvironment } from '../support/start-app.ts';
import type { Upstream } from '../support/upstream.ts';
import { type Block, root } from './documents.ts';
import { haiku } from './scripted-model.ts';
import { commandsOf, findWithheld } from './shell-commands.ts';

const shownOrigin = 'http://127.0.0.1:3000';
const execute = promisify(execFile);

/** Runs examples as they stand, aimed at the server of a test. Each throws where its example fails or says nothing. */
export interface ExampleRunner extends AsyncDisposable {
  shell(block: Block): Promise<void>;
  javaScript(block: Block): Promise<void>;
  /** Resolves to why it was not run; undefined where it was. */
  python(block: Block): Promise<string | undefined>;
}

export async function createExampleRunner(server: TestApp, upstream: Upstream): Promise<ExampleRunner> {
  // Inside the project, so that the examples find their packages.
  const scratch = await mkdtemp(path.join(root, 'node_modules', '.readme-'));
  const clientScratch = await mkdtemp(path.join(root, 'test/clients/node_modules', '.readme-'));
  const bin = path.join(scratch, 'bin');
  await writeShims(bin);
  await writeFile(path.join(scratch, 'notes.txt'), 'Oslo lies on a fjord.\n');

  /** The code, aimed at the server of this test; it goes nowhere else. */
  const aimed = (code: string): string => {
    const urls = [...code.matchAll(/https?:\/\/[^\s"'`)]+/g)].map(([url]) => url);
    expect(urls.filter((url) => !url.startsWith(shownOrigin))).toEqual([]);
    return code.replaceAll(shownOrigin, server.origin);
  };
  const run = async (program: string, args: readonly string[], code: string): Promise<string> => {
    const env = testEnvironment(server.directory, upstream);
    const { stdout, stderr } = await execute(program, args, {
      cwd: scratch,
      timeout: 50_000,
      env: { ...env, PATH: `${bin}:${env['PATH']}` },
    });
    expect(`${stdout}${stderr}`.trim()).not.toBe('');
    expect(stdout).not.toMatch(/"error":\s*\{|event: error/);
    if (!code.includes(haiku.file)) return stdout;
    const made = path.join(server.workspace, haiku.file);
    expect(await readFile(made, 'utf8')).toBe(haiku.text);
    await rm(made);
    return stdout;
  };

  return {
    shell: async ({ code }) => {
      await execute('bash', ['-n', '-c', code]);
      const commands = commandsOf(code);
      const held = commands.flatMap((command) => findWithheld(command) ?? []);
      expect(held.flatMap(({ problem }) => problem ?? [])).toEqual([]);
      if (held.length === 0) await run('bash', ['-euo', 'pipefail', '-c', aimed(code)], code);
      else expect(held, 'a block is run as a whole or not at all').toHaveLength(commands.length);
    },
    javaScript: async ({ code, line }) => {
      const packages = [...code.matchAll(/from '([^'.][^']*)'/g)].flatMap(([, name]) => name ?? []);
      const file = path.join(packages.every(isOurs) ? scratch : clientScratch, `example-${line}.mjs`);
      await writeFile(file, aimed(code));
      // What an example compares is as it says.
      expect(await run(process.execPath, [file], code)).not.toMatch(/\bfalse\b|\bNaN\b/);
    },
    python: async ({ code, line }) => {
      const file = path.join(scratch, `example-${line}.py`);
      await writeFile(file, aimed(code));
      const packages = [...code.matchAll(/^(?:from|import) (\w+)/gm)].flatMap(([, name]) => name ?? []);
      const missing = packages.find((name) => !pythonHas(name));
      if (missing === undefined) {
        await run('python3', [file], code);
        return undefined;
      }
      // Its grammar is all that can be told.
      await execute('python3', ['-c', 'import ast, sys; ast.parse(open(sys.argv[1]).read())', file]);
      return `Python has no package ${missing} here; only its grammar was looked at`;
    },
    [Symbol.asyncDispose]: async () => {
      for (const folder of [scratch, clientScratch])
        await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** `claudecode-api` is the server's own command; `curl` fails where it is answered with an error. */
async function writeShims(folder: string): Promise<void> {
  await mkdir(folder);
  const curl = execFileSync('bash', ['-c', 'command -v curl'], { encoding: 'utf8' }).trim();
  const shims = {
    'claudecode-api': `exec "${process.execPath}" "${await compiledServer()}" "$@"`,
    curl: `exec "${curl}" --fail-with-body --silent --show-error --max-time 40 "$@"`,
  };
  for (const [name, line] of Object.entries(shims)) {
    await writeFile(path.join(folder, name), `#!/bin/sh\n${line}\n`);
    await chmod(path.join(folder, name), 0o755);
  }
}

const fromRoot = createRequire(path.join(root, 'package.json'));

/** Whether a package is installed for the project itself, rather than for the tests of clients. */
function isOurs(name: string): boolean {
  if (name.startsWith('node:') || existsSync(path.join(root, 'node_modules', name, 'package.json')))
    return true;
  try {
    return fromRoot.resolve(name) !== '';
  } catch {
    return false;
  }
}

const pythonPackages = new Map<string, boolean>();

function pythonHas(name: string): boolean {
  const known = pythonPackages.get(name);
  if (known !== undefined) return known;
  let found = true;
  try {
    execFileSync('python3', ['-c', `import ${name}`], { stdio: 'ignore' });
  } catch {
    found = false;
  }
  pythonPackages.set(name, found);
  return found;
}
