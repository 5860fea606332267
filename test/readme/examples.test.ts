import { execFile, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/start-app.ts';
import { call, lastResults, say, startUpstream, type Upstream } from '../support/upstream.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

let upstream: Upstream;
let server: TestApp;
let readme: string;
let scratch: string;

beforeAll(async () => {
  readme = await readFile(path.join(root, 'README.md'), 'utf8');
  // Inside the project, so that the example finds the client's package.
  scratch = await mkdtemp(path.join(root, 'node_modules', '.readme-'));
  upstream = await startUpstream();
  server = await startApp({ upstream });
  upstream.script((request) =>
    lastResults(request).length > 0
      ? say('It is ', 'written.')
      : {
          blocks: [
            call('Write', { file_path: path.join(server.workspace, 'haiku.txt'), content: 'Oslo in snow' }),
          ],
        },
  );
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true, force: true });
});

/** The README's example in this language, aimed at the server of this test. */
function example(language: string): string {
  const code = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1];
  if (code === undefined) throw new Error(`The README has no ${language} example`);
  expect(code).toContain('http://127.0.0.1:3000/v1');
  return code.replaceAll('http://127.0.0.1:3000/v1', server.baseUrl);
}

function examplesIn(language: string): string[] {
  return [...readme.matchAll(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

async function expectWritten(output: string): Promise<void> {
  expect(output).toContain('It is written.');
  expect(await readFile(path.join(server.workspace, 'haiku.txt'), 'utf8')).toBe('Oslo in snow');
  await rm(path.join(server.workspace, 'haiku.txt'));
}

test('the JavaScript example runs as it stands', async () => {
  const file = path.join(scratch, 'example.mjs');
  await writeFile(file, example('js'));
  const { stdout } = await run(process.execPath, [file]);
  await expectWritten(stdout);
});

test('the curl example runs as it stands', async () => {
  const curl = examplesIn('sh').find((code) => code.startsWith('curl')) ?? '';
  const { stdout } = await run('bash', ['-c', curl.replaceAll('http://127.0.0.1:3000/v1', server.baseUrl)]);
  expect(stdout).toContain('data: [DONE]');
  expect(existsSync(path.join(server.workspace, 'haiku.txt'))).toBe(true);
  await rm(path.join(server.workspace, 'haiku.txt'));
});

test.skipIf(!pythonHasOpenai())(
  'the Python example runs as it stands (skipped where Python has no openai)',
  async () => {
    const file = path.join(scratch, 'example.py');
    await writeFile(file, example('python'));
    const { stdout } = await run('python3', [file]);
    await expectWritten(stdout);
  },
);

test('every command that the README names exists', async () => {
  const { scripts } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm (?:run )?(start|test|demo|dev|check|format|bench)\b/g)].map(
    (match) => match[1],
  );
  expect(named.length).toBeGreaterThan(5);
  for (const name of named) expect(scripts).toHaveProperty(name ?? '');
});

function pythonHasOpenai(): boolean {
  try {
    execFileSync('python3', ['-c', 'import openai'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
