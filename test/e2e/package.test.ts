import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { compiledServer } from '../support/compiled-server.ts';
import { type LoopbackRegistry, startLoopbackRegistry } from '../support/loopback-registry.ts';
import { temporaryDirectory, testEnvironment } from '../support/start-app.ts';
import { say, startUpstream, type Upstream } from '../support/upstream.ts';

/**
 * What a stranger gets: the packed package, installed by npm itself into an empty folder. The registry is one on
 * loopback that holds the production dependencies alone, so whatever else the server needs would be missing.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const execute = promisify(execFile);
const megabyte = 1024 * 1024;

interface Packed {
  readonly filename: string;
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let upstream: Upstream;
let registry: LoopbackRegistry;
let directory: string;
let packed: Packed;
let folder: string;
let environment: Record<string, string>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  upstream = await startUpstream();
  registry = await startLoopbackRegistry();
  folder = path.join(directory, 'empty');
  await mkdir(folder);
  const { DATA_DIR: _, WORKSPACE_ROOT: __, ...rest } = testEnvironment(directory, upstream);
  environment = {
    ...rest,
    NODE_ENV: 'development',
    LOG_LEVEL: 'info',
    // An npm that reads nobody's settings and asks nobody but the registry of this test.
    npm_config_userconfig: path.join(directory, 'user.npmrc'),
    npm_config_globalconfig: path.join(directory, 'global.npmrc'),
    npm_config_registry: registry.url,
    npm_config_update_notifier: 'false',
    npm_config_audit: 'false',
    npm_config_fund: 'false',
  };
  packed = await pack();
  await npm('install', '--ignore-scripts', path.join(directory, packed.filename));
  await registry.linkClaudeCode(folder);
}, 240_000);
afterAll(async () => {
  await registry[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

/** Packs what `prepack` leaves behind. */
async function pack(): Promise<Packed> {
  const staging = path.join(directory, 'staging');
  const built = path.join(root, 'dist/console');
  if (!existsSync(path.join(built, 'index.html')))
    throw new Error('Build the console: npm run build:console');
  await cp(path.dirname(await compiledServer()), path.join(staging, 'dist'), { recursive: true });
  await cp(built, path.join(staging, 'dist/console'), { recursive: true });
  for (const name of [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    '.env.example',
    'src',
    'docs',
    'packaging',
  ])
    await cp(path.join(root, name), path.join(staging, name), { recursive: true, filter: isOwn });
  const { stdout } = await npm(
    'pack',
    staging,
    '--ignore-scripts',
    '--json',
    '--pack-destination',
    directory,
  );
  const [result]: Packed[] = JSON.parse(stdout);
  if (result === undefined) throw new Error('npm packed nothing');
  return result;
}

function isOwn(file: string): boolean {
  return !file.includes('node_modules');
}

function npm(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return execute('npm', args, { cwd: folder, env: environment, maxBuffer: 16 * megabyte });
}

/** As a person types it: npx finds the program that is installed, and asks no registry. */
function run(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return execute('npx', ['--no-install', manifest.name, ...args], { cwd: folder, env: environment });
}

test('holds the program, its console, its papers, and nothing else', () => {
  const files = packed.files.map((file) => file.path);
  const papers = [
    ...['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'],
    ...['.env.example', 'docs/architecture.svg'],
  ];
  const needed = ['dist/main.js', 'dist/console/index.html', 'packaging/systemd/claudecode-api.service'];
  expect(files).toEqual(expect.arrayContaining([...papers, ...needed]));
  const expected = /^dist\/console\/|^dist\/.+\.js$|^docs\/(?:decisions\/)?[^/]+\.md$|^packaging\//;
  expect(files.filter((file) => !papers.includes(file) && !expected.test(file))).toEqual([]);
  expect(files.filter((file) => /\.test\.|\/testing\/|\.map$/.test(file))).toEqual([]);
  expect(packed.size).toBeLessThan(4 * megabyte);
  expect(packed.unpackedSize).toBeLessThan(10 * megabyte);
});

test('tells its version, its options and what it finds', async () => {
  const [version, help, doctor] = await Promise.all([run('--version'), run('--help'), run('doctor')]);
  expect(version.stdout).toBe(`${manifest.version}\n`);
  expect(help.stdout).toContain('Usage: claudecode-api');
  const example = /listed in\n(.+)$/m.exec(help.stdout)?.[1] ?? '';
  expect([path.basename(example), existsSync(example)]).toEqual(['.env.example', true]);
  expect(doctor.stdout).toMatch(/^ok {4}Claude Code: /m);
  expect(doctor.stdout).not.toMatch(/^FAIL/m);
});

test('says what to do where npm ran no install script of the database driver', async () => {
  const build = path.join(folder, 'node_modules/better-sqlite3/build');
  await rename(build, `${build}-gone`);
  try {
    await expect(run('keys', 'list')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('npm rebuild better-sqlite3'),
    });
  } finally {
    await rename(`${build}-gone`, build);
  }
});

test('serves from an empty folder, and ends by Ctrl+C', async () => {
  upstream.script(() => say('Hello from ', 'the package.'));
  const server = spawn('npx', ['--no-install', manifest.name, '--port', '0'], {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
    // A group of its own, which gets the signal as from a terminal.
    detached: true,
  });
  let origin = '';
  try {
    origin = await originOf(server);
    const openai = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'anything', maxRetries: 0 });
    const answer = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'Hello?' }],
    });
    expect(answer.choices[0]?.message.content).toBe('Hello from the package.');

    const console = await fetch(`${origin}/webui/`);
    expect(console.status).toBe(200);
    const page = await console.text();
    const script = /src="(\/webui\/[^"]+\.js)"/.exec(page)?.[1] ?? 'no script';
    expect((await fetch(new URL(script, origin))).status).toBe(200);
    expect((await fetch(`${origin}/api-docs`)).status).toBe(200);

    expect(
      (await readdir(folder)).filter((name) => !/^package|^node_modules$/.test(name)).toSorted(),
    ).toEqual(['data', 'public']);
  } finally {
    if (server.exitCode === null) {
      const ended = once(server, 'exit');
      interrupt(server);
      await ended;
    }
  }
  // npx ends by the signal, and may do so before the server has ended.
  const isGone = () =>
    fetch(origin).then(
      () => false,
      () => true,
    );
  await expect.poll(isGone, { timeout: 30_000 }).toBe(true);
});

/** Where it listens, as it says itself. */
function originOf(server: ChildProcess): Promise<string> {
  let output = '';
  return new Promise((resolve, reject) => {
    server.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      output += piece;
      const origin = /"url":"(http:[^"]+)\/v1"/.exec(output)?.[1];
      if (origin !== undefined) resolve(origin);
    });
    server.once('exit', () => reject(new Error(`The server ended at once:\n${output}`)));
  });
}

function interrupt({ pid }: ChildProcess): void {
  if (pid !== undefined) process.kill(-pid, 'SIGINT');
}
