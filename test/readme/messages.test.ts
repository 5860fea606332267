import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { documents, root } from './documents.ts';

const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .map((name) => readFileSync(path.join(root, 'src', name), 'utf8'))
  .join('\n')
  .replaceAll(/\\'/g, "'");

test('the messages that docs/operations.md explains are those that the server has', () => {
  const page = documents.find((document) => document.path === 'docs/operations.md')?.text ?? '';
  const table = page.split('## Troubleshooting')[1] ?? '';
  const messages = [...table.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = '']) => message);
  expect(messages.length).toBeGreaterThan(20);
  const unknown = messages.filter(
    (message) => !message.split('…').every((part) => sources.includes(part.trim())),
  );
  expect(unknown).toEqual([]);
});

/** Names in capitals with an underscore that the pages give as code. */
function variablesIn(text: string): string[] {
  return [...text.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)].map(([, name = '']) => name);
}

test('the variables that the pages name are read by the server, Claude Code or OpenTelemetry', () => {
  const example = readFileSync(path.join(root, '.env.example'), 'utf8');
  const ours = new Set([...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name));
  const others =
    /^(?:ANTHROPIC_|CLAUDE_|OTEL_|HTTPS?_PROXY$|NODE_EXTRA_CA_CERTS$|IS_SANDBOX$|CHROMIUM_PATH$|BENCH_)/;
  // Of the clients' own configuration.
  const clients = /^(?:OPENAI_|AIOHTTP_CLIENT_TIMEOUT$|CLAUDECODE_API_KEY$|ENABLE_)/;
  const unknown = documents.flatMap(({ path: name, text }) =>
    variablesIn(text)
      .filter((variable) => !ours.has(variable) && !others.test(variable) && !clients.test(variable))
      .map((variable) => `${name}: ${variable}`),
  );
  expect(unknown).toEqual([]);
});

test('the headers and metrics that the pages name are those of the server', () => {
  const named = documents.flatMap(
    ({ text }) => text.match(/\b(?:x-claudecode-[a-z-]+|claudecode_[a-z_]+_total)\b/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(10);
  expect([...new Set(named)].filter((name) => !sources.includes(name))).toEqual([]);
});
