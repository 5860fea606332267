import { parseEnv } from 'node:util';
import { parse as parseToml } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readConfig } from '../../src/config/read-config.ts';
import { profileSpec } from '../../src/contract/profiles.ts';
import { ConsoleClient } from '../support/console-client.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import { startUpstream, type Upstream } from '../support/upstream.ts';
import { modelsOfConfig } from './client-configs.ts';
import { type Block, documents } from './documents.ts';
import { createExampleRunner, type ExampleRunner } from './example-runner.ts';
import { answerExamples } from './scripted-model.ts';
import { findWithheld } from './shell-commands.ts';

let upstream: Upstream;
let server: TestApp;
let runner: ExampleRunner;

beforeAll(async () => {
  upstream = await startUpstream();
  server = await startApp({ upstream });
  upstream.script(answerExamples(server.workspace));
  runner = await createExampleRunner(server, upstream);
});
afterAll(async () => {
  await runner[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** Configurations of clients have their shape and name models that are served; profiles are taken by the server. */
async function checkData(block: Block, value: unknown): Promise<void> {
  for (const model of modelsOfConfig(block, value) ?? []) {
    const { status } = await fetch(`${server.baseUrl}/models/${encodeURIComponent(model)}`);
    expect({ model, status }).toEqual({ model, status: 200 });
  }
  if (block.document === 'docs/profiles.md') await checkProfile(block, value);
}

let admin: Promise<ConsoleClient> | undefined;

async function checkProfile({ line }: Block, value: unknown): Promise<void> {
  admin ??= ConsoleClient.signIn(server.origin);
  const console = await admin;
  const params = { name: `example-${line}` };
  const spec = profileSpec.strict().parse(value);
  await console.call('putProfile', { params, body: spec });
  // Secrets are not shown again.
  const kept = await console.call('getProfile', { params });
  expect({ ...kept, mcpServers: null }).toMatchObject({ ...spec, mcpServers: null });
}

function checkEnvironment({ code }: Block): void {
  const system = { cwd: server.directory, cores: 4, memoryBytes: 16 * 1024 ** 3 };
  expect(() => readConfig(parseEnv(code), system)).not.toThrow();
}

/** Braces that pair: as much as can be told without the program. */
function checkBraces({ code }: Block): void {
  let depth = 0;
  for (const brace of code.match(/[{}]/g) ?? []) {
    depth += brace === '{' ? 1 : -1;
    expect(depth).toBeGreaterThanOrEqual(0);
  }
  expect(depth).toBe(0);
}

function checkUnit({ code }: Block): void {
  const wrong = code.split('\n').filter((line) => !/^(?:\s*|[#;].*|\[\w+\]|[A-Za-z]\w*=.*)$/.test(line));
  expect(wrong).toEqual([]);
}

/** What is done with a block, by its language; a text says why no more was done. A block of any other language fails. */
const treatments: Readonly<Record<string, (block: Block) => unknown>> = {
  sh: (block) => runner.shell(block),
  js: (block) => runner.javaScript(block),
  python: (block) => runner.python(block),
  json: (block) => checkData(block, JSON.parse(block.code)),
  toml: (block) => checkData(block, parseToml(block.code)),
  yaml: async (block) => {
    for (const document of parseAllDocuments(block.code)) {
      expect(document.errors).toEqual([]);
      await checkData(block, document.toJS());
    }
  },
  dotenv: checkEnvironment,
  ini: checkUnit,
  nginx: checkBraces,
  // Pictures in letters, and what programs print.
  text: () => {},
};

// The console's tour shows its sources; the changelog tells of what was.
const withoutExamples = ['console/README.md', 'CHANGELOG.md'];
const withExamples = documents.filter(
  ({ path, blocks }) => blocks.length > 0 && !withoutExamples.includes(path),
);

describe.each(withExamples.map((page) => [page.path, page] as const))('%s', (_, { blocks }) => {
  test.for(blocks.map((block) => [block.line, block.language || 'text', block] as const))(
    'line %i, %s',
    async ([, language, block], { skip }) => {
      const treat = treatments[language];
      if (treat === undefined) throw new Error(`Nothing is known to do with a block of "${language}".`);
      const reason = await treat(block);
      if (typeof reason === 'string') skip(reason);
    },
  );
});

test('every script that the pages name exists', () => {
  const problems = documents.flatMap(({ path, text }) =>
    [...text.matchAll(/`(npm (?:start|test|run [\w:-]+))[^`]*`/g)].flatMap(([, command = '']) => {
      const problem = findWithheld(command)?.problem;
      return problem === undefined ? [] : `${path}: ${problem}`;
    }),
  );
  expect(problems).toEqual([]);
});

const endpoint =
  /`(?:(?:GET|POST|PUT|PATCH|DELETE)(?:, [A-Z]+)? )?(\/(?:v1|api\/webui)(?:\/[^`\s?]*)?)[^`]*`/g;

test('every endpoint that the pages name is in the API document', async () => {
  const answer = await fetch(`${server.origin}/api-docs.json`);
  const { paths }: { paths: Record<string, object> } = JSON.parse(await answer.text());
  const known = Object.keys(paths);
  const patterns = known.map((place) => new RegExp(`^${place.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`));
  const isThere = (place: string): boolean =>
    /[*…]$/.test(place)
      ? known.some((one) => one.startsWith(place.slice(0, -1)))
      : patterns.some((pattern) => pattern.test(place)) || known.some((one) => one.startsWith(`${place}/`));
  const named = documents.flatMap(({ path, text }) =>
    [...text.matchAll(endpoint)].map(([, place = '']) => ({ path, place: place.replace(/\/$/, '') })),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ place }) => !isThere(place))).toEqual([]);
});
