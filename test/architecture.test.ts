import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/** Text of each file by its path in the repository, such as `src/turn/turn.ts`. */
type Files = ReadonlyMap<string, string>;

const below = ['turn', 'contract', 'openai', 'engine', 'storage', 'access', 'config', 'observability'];

/** What each room may import of the others. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  turn: [],
  contract: ['turn'],
  config: ['contract'],
  openai: ['turn'],
  engine: ['turn'],
  storage: ['turn', 'contract'],
  access: ['turn', 'contract'],
  observability: ['turn', 'contract', 'config'],
  http: below,
  app: [...below, 'http'],
  cli: [...below, 'http', 'app'],
};

/** The process' entry belongs to no room. */
const entryFile = /^src\/main(\.test)?\.ts$/;

const enginePackages = ['@anthropic-ai/claude-agent-sdk', '@anthropic-ai/sdk', '@modelcontextprotocol/sdk'];

/** The code without its comments, so that what they mention does not count. */
function withoutComments(code: string): string {
  return code.replace(
    /("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`)|\/\/[^\n]*|\/\*[\s\S]*?\*\//g,
    (_, literal: string | undefined) => literal ?? '',
  );
}

/** The specifiers of static, dynamic and type imports, and of re-exports. */
function importsOf(code: string): string[] {
  const patterns = [
    /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]/g,
    /\bimport\s*['"]([^'"]+)['"]/g,
    /\bimport\s*\(\s*['"`]([^'"`]+)['"`]/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].flatMap(([, found]) => found ?? []));
}

/** The path of the imported file, for those within the repository. */
function resolve(file: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? path.posix.join(path.posix.dirname(file), specifier) : undefined;
}

/** Helpers for tests, within a room. */
function isTestHelp(file: string): boolean {
  return /^src\/[^/]+\/testing\//.test(file);
}

/** The room of a file; undefined for files that lie in none. */
function roomOf(file: string): string | undefined {
  return /^src\/([^/]+)\//.exec(file)?.[1];
}

function isTest(file: string): boolean {
  return /\.test\.ts$/.test(file);
}

function findViolations(files: Files): string[] {
  const codes = new Map([...files].map(([file, text]) => [file, withoutComments(text)] as const));
  return [
    ...[...codes].flatMap(([file, code]) => [
      ...importsOf(code).flatMap((specifier) => {
        const problem = problemOf(file, specifier);
        return problem === undefined ? [] : [`${file} imports '${specifier}': ${problem}`];
      }),
      ...environmentProblems(file, code),
    ]),
    ...findCycles(codes).map((cycle) => `import cycle: ${cycle.join(' -> ')}`),
  ];
}

function problemOf(file: string, specifier: string): string | undefined {
  const target = resolve(file, specifier);
  const room = roomOf(file);
  if (target === undefined) {
    const name = enginePackages.find((one) => specifier === one || specifier.startsWith(`${one}/`));
    return name === undefined || room === 'engine' ? undefined : `only src/engine may import ${name}`;
  }
  if (!target.startsWith('src/')) {
    return isTest(file) || target === 'package.json' ? undefined : 'it lies outside src';
  }
  const targetRoom = roomOf(target);
  if (targetRoom === undefined) {
    return entryFile.test(file) ? undefined : `no room may import ${target}`;
  }
  if (isTestHelp(target) && !isTest(file) && !isTestHelp(file)) return 'only tests may import it';
  if (targetRoom === room) return undefined;
  if (room === undefined) {
    if (!entryFile.test(file)) return 'the only file in src itself is main.ts';
  } else {
    const allowed = mayImport[room];
    if (allowed === undefined) return `the room '${room}' is not in the table of this test`;
    if (!allowed.includes(targetRoom)) return `${room} may not import ${targetRoom}`;
  }
  const index = `src/${targetRoom}/index.ts`;
  return target === index || isTestHelp(target)
    ? undefined
    : `another room is imported through ${index} only`;
}

/** Tests may set the environment; of the rest, only what reads the configuration may look at it. */
function environmentProblems(file: string, code: string): string[] {
  if (isTest(file) || file === 'src/main.ts' || roomOf(file) === 'config') return [];
  const ways = [
    /\bprocess\s*\??\.\s*env\b/,
    /\bprocess\s*\[\s*['"`]env['"`]/,
    /\{[^{}]*\benv\b[^{}]*\}\s*=\s*process\b/,
    /\{[^{}]*\benv\b[^{}]*\}\s*from\s*['"](?:node:)?process['"]/,
  ];
  return ways.some((way) => way.test(code))
    ? [`${file} reads process.env: only src/main.ts and src/config may`]
    : [];
}

/** One cycle for each group of files that import each other. */
function findCycles(codes: Files): string[][] {
  const finished = new Set<string>();
  const trail: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): void => {
    const begin = trail.indexOf(file);
    if (begin >= 0) cycles.push([...trail.slice(begin), file]);
    if (begin >= 0 || finished.has(file)) return;
    trail.push(file);
    for (const specifier of importsOf(codes.get(file) ?? '')) {
      const target = resolve(file, specifier);
      if (target !== undefined && codes.has(target)) visit(target);
    }
    trail.pop();
    finished.add(file);
  };
  for (const file of codes.keys()) visit(file);
  return cycles;
}

function readSources(): Files {
  const root = path.join(import.meta.dirname, '..');
  const names = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' });
  return new Map(
    names
      .filter((name) => /\.[cm]?tsx?$/.test(name) && !name.endsWith('.d.ts'))
      .map((name) => {
        const file = path.posix.join('src', name.split(path.sep).join('/'));
        return [file, readFileSync(path.join(root, file), 'utf8')] as const;
      }),
  );
}

test('every file keeps to the table of rooms', () => {
  expect(findViolations(readSources())).toEqual([]);
});

test('the sources that are checked are really there', () => {
  const sources = readSources();
  expect([...sources.keys()]).toContain('src/turn/index.ts');
  const rooms = new Set([...sources.keys()].map(roomOf).filter((room) => room !== undefined));
  expect(Object.keys(mayImport)).toEqual(expect.arrayContaining([...rooms]));
  const imports = [...sources.values()].flatMap((code) => importsOf(withoutComments(code)));
  expect(imports).toContain('../turn/index.ts');
  expect(imports).toContain('@anthropic-ai/claude-agent-sdk');
});

test('no test puts another module in the place of one: the files of a process share their modules', () => {
  const mocks = [...readSources()].filter(([, code]) =>
    /\bvi\.(?:mock|doMock)\(/.test(withoutComments(code)),
  );
  expect(mocks.map(([file]) => file)).toEqual([]);
});

describe('the checker itself', () => {
  const check = (files: Readonly<Record<string, string>>): string[] =>
    findViolations(new Map(Object.entries(files)));

  test.each<[string, string, string]>([
    ['src/turn/a.ts', "import { x } from '../config/index.ts';", 'turn may not import config'],
    ['src/openai/a.ts', "import type { x } from '../engine/index.ts';", 'openai may not import engine'],
    ['src/openai/chat/a.ts', "export * from '../../engine/index.ts';", 'openai may not import engine'],
    ['src/engine/a.ts', "import { x } from '../storage/index.ts';", 'engine may not import storage'],
    ['src/storage/a.ts', "const x = await import('../engine/index.ts');", 'storage may not import engine'],
    ['src/config/a.ts', "import '../turn/index.ts';", 'config may not import turn'],
    ['src/observability/a.ts', "import { x } from '../http/index.ts';", 'observability may not import http'],
    ['src/access/a.ts', "import {\n  x,\n} from '../storage/index.ts';", 'access may not import storage'],
    ['src/cellar/a.ts', "import { x } from '../turn/index.ts';", 'not in the table'],
    ['src/http/a.ts', "import { x } from '../engine/engine.ts';", 'through src/engine/index.ts only'],
    ['src/main.ts', "import { x } from './engine/engine.ts';", 'through src/engine/index.ts only'],
    ['src/http/a.ts', "import { x } from '../app/index.ts';", 'http may not import app'],
    ['src/app/a.ts', "import { x } from '../cli/index.ts';", 'app may not import cli'],
    ['src/http/a.ts', "import { x } from '../main.ts';", 'no room may import src/main.ts'],
    ['src/http/a.ts', "import { x } from './testing/x.ts';", 'only tests may import it'],
    ['src/app/a.ts', "import { x } from '../http/testing/x.ts';", 'only tests may import it'],
    ['src/helper.ts', "import { x } from './turn/index.ts';", 'main.ts'],
    ['src/http/a.ts', "import { x } from '../../test/support/x.ts';", 'outside src'],
    ['src/http/a.ts', "import { x } from '@anthropic-ai/sdk';", 'only src/engine may import'],
    ['src/app/a.ts', "import { x } from '@anthropic-ai/claude-agent-sdk';", 'only src/engine may import'],
    ['src/http/a.ts', "import x from '@modelcontextprotocol/sdk/types.js';", 'only src/engine may import'],
    ['src/engine/a.ts', 'const home = process.env["HOME"];', 'reads process.env'],
    ['src/app/a.ts', 'run(process.env);', 'reads process.env'],
    ['src/http/a.ts', "const all = process['env'];", 'reads process.env'],
    ['src/http/a.ts', 'const { env } = process;', 'reads process.env'],
    ['src/http/a.ts', "import { env } from 'node:process';", 'reads process.env'],
  ])('in %s catches %j', (file, code, problem) => {
    const violations = check({ [file]: code });
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(file);
    expect(violations[0]).toContain(problem);
  });

  test('names the file and the import', () => {
    expect(check({ 'src/turn/a.ts': "import { x } from '../config/index.ts';" })).toEqual([
      "src/turn/a.ts imports '../config/index.ts': turn may not import config",
    ]);
  });

  test.each<[string, string]>([
    ['src/http/a.ts', "import { x } from '../engine/index.ts';"],
    ['src/http/routes/v1/a.ts', "import { x } from '../../a.ts';"],
    ['src/app/a.ts', "import { x } from '../storage/index.ts';"],
    ['src/main.ts', "import { x } from './app/index.ts';\nstart(process.env);"],
    ['src/main.test.ts', "import { x } from './main.ts';\nimport { y } from './http/testing/y.ts';"],
    ['src/http/testing/a.ts', "import { x } from './b.ts';\nimport { y } from '../../turn/index.ts';"],
    ['src/config/a.ts', 'const x = process.env;'],
    ['src/config/a.test.ts', "process.env['X'] = 'y';"],
    ['src/http/a.test.ts', "process.env['X'] = 'y';"],
    ['src/http/a.test.ts', "import { x } from '../../test/support/x.ts';"],
    ['src/engine/claude/a.ts', "import { x } from '@anthropic-ai/claude-agent-sdk';"],
    ['src/openai/a.ts', "// import { x } from '../engine/index.ts'; process.env"],
    ['src/openai/a.ts', "/** Not\n * from '../engine/index.ts': process.env. */\nconst at = 'http://x';"],
  ])('in %s lets %j pass', (file, code) => {
    expect(check({ [file]: code })).toEqual([]);
  });

  test('catches a cycle of files, and only the files of the cycle', () => {
    const cycle = check({
      'src/turn/index.ts': "export * from './a.ts';",
      'src/turn/a.ts': "import { b } from './b.ts';",
      'src/turn/b.ts': "import type { c } from './c.ts';",
      'src/turn/c.ts': "import { a } from './a.ts';",
    });
    expect(cycle).toEqual(['import cycle: src/turn/a.ts -> src/turn/b.ts -> src/turn/c.ts -> src/turn/a.ts']);
  });

  test('takes no harm from files that two others import', () => {
    expect(
      check({
        'src/turn/a.ts': "import './b.ts';\nimport './c.ts';",
        'src/turn/b.ts': "import './d.ts';",
        'src/turn/c.ts': "import './d.ts';",
        'src/turn/d.ts': '',
      }),
    ).toEqual([]);
  });
});
