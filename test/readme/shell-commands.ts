import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './documents.ts';

/** The single commands of a script: cut at line ends and `&&` outside of quotes, without comments. */
export function commandsOf(script: string): string[] {
  const commands: string[] = [];
  let command = '';
  let quote = '';
  let comment = false;
  const end = (): void => {
    if (command.trim() !== '') commands.push(command.trim());
    command = '';
  };
  for (let at = 0; at < script.length; at++) {
    const character = script[at] ?? '';
    if (comment) {
      if (character !== '\n') continue;
      comment = false;
    }
    if (character === '\\' && quote !== "'") {
      const next = script[++at] ?? '';
      command += next === '\n' ? ' ' : character + next;
    } else if (quote !== '') {
      if (character === quote) quote = '';
      command += character;
    } else if (character === '#' && /^$|\s/.test(script[at - 1] ?? '')) comment = true;
    else if (character === '\n' || script.startsWith('&&', at)) {
      if (character === '&') at++;
      end();
    } else {
      if (character === '"' || character === "'") quote = character;
      command += character;
    }
  }
  end();
  return commands;
}

interface Withheld {
  readonly begins: RegExp;
  /** Why no test runs it. */
  readonly because: string;
  /** What can be said of it all the same; returns what is wrong. */
  readonly problem?: (command: string) => string | undefined;
}

/** The commands that the docs name and no test runs. All others are run. */
const withheld: readonly Withheld[] = [
  { begins: /^npm ci$/, because: 'it would replace the packages that the tests run with' },
  {
    begins: /^npm (?:start|test|run [\w:-]+)\b/,
    because: 'it is a script of package.json that builds, serves or tests for long',
    problem: (command) => {
      const name = /^npm (?:run )?([\w:-]+)/.exec(command)?.[1] ?? '';
      return name in scripts() ? undefined : `package.json has no script ${name}`;
    },
  },
  {
    begins: /^(?:npx|npm (?:install|i) (?:-g|--global)) claudecode-api\b/,
    because: 'it needs a registry; test/e2e/package.test.ts installs and starts the packed package',
    problem: (command) => (/\bclaudecode-api(?:@[\w.]+)?( |$)/.test(command) ? undefined : 'not our package'),
  },
  { begins: /^npm pack\b/, because: 'test/e2e/package.test.ts packs the package' },
  {
    begins: /^(?:docker|podman) /,
    because: 'no container engine runs where the tests run',
    problem: (command) => {
      const needs = command.includes(' compose ')
        ? 'compose.yaml'
        : command.includes(' build ')
          ? 'Dockerfile'
          : '.';
      return existsSync(path.join(root, needs)) ? undefined : `there is no ${needs}`;
    },
  },
  {
    begins: /^(?:sudo |apt-get |sysctl |systemctl |journalctl |useradd |install |systemd-creds )/,
    because: 'it changes the system',
    problem: (command) => {
      const files = [...command.matchAll(/(?<=\s)packaging\/\S+/g)].map(([file]) => file);
      return files.find((file) => !existsSync(path.join(root, file)));
    },
  },
  {
    begins: /^(?:pg_dump|pg_restore|createdb|psql|sqlite3) /,
    because: "it needs the database's own programs",
  },
  { begins: /^tar /, because: 'it copies what is not there: the server of the tests has other directories' },
  {
    begins: /^(?:codex|opencode|cn|qwen|cline|aider|llm)(?: |$)/,
    because: 'test/clients runs the agents, or nobody here',
  },
  {
    begins: /^npx vitest run /,
    because: 'it runs tests within a test',
    problem: (command) => {
      const place = command.replace('npx vitest run ', '');
      return existsSync(path.join(root, place)) ? undefined : `there is no ${place}`;
    },
  },
  { begins: /^git clone /, because: 'it needs a network' },
  { begins: /^openssl rand /, because: 'OpenSSL is not everywhere' },
];

/** Why a command is not run, and what is wrong with it; undefined for one that is run. */
export function findWithheld(command: string): { because: string; problem: string | undefined } | undefined {
  const bare = command.replace(/^(?:[A-Z_]+=(?:"[^"]*"|'[^']*'|\S*)\s+)+(?=\S)/, '');
  const found = withheld.find(({ begins }) => begins.test(bare));
  return found && { because: found.because, problem: found.problem?.(bare) };
}

function scripts(): Readonly<Record<string, string>> {
  const manifest: { scripts: Record<string, string> } = JSON.parse(
    readFileSync(path.join(root, 'package.json'), 'utf8'),
  );
  return manifest.scripts;
}
