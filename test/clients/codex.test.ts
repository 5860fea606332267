import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/start-app.ts';
import { call, conversation, lastResults, lastUserText, say, text, thinking } from '../support/upstream.ts';
import { type CodexRun, runCodex } from './support/run-codex.ts';
import { useServer } from './support/use-server.ts';

const use = useServer();
const patience = { timeout: 100_000 };

let directory: string;
beforeEach(async () => {
  directory = await temporaryDirectory();
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

async function codex(model: string, prompt: string): Promise<CodexRun> {
  const { baseUrl } = use.server;
  const run = await runCodex({ baseUrl, directory, model, prompt, timeoutMs: 80_000 });
  expect(run.exitCode, JSON.stringify(run, null, 2)).toBe(0);
  expect(run.strayed).toEqual([]);
  return run;
}

function spoken(run: CodexRun): unknown[] {
  return run.events.flatMap(({ type, item }) =>
    type === 'item.completed' && item?.['type'] === 'agent_message' ? [item['text']] : [],
  );
}

interface Call {
  readonly name: string;
  readonly input: object;
  /** What Codex says of it. */
  readonly result: string;
}

/** The model makes these calls, then says that it is done. */
function scriptCalls(calls: readonly Call[]): void {
  use.upstream.script((request) =>
    lastResults(request).length > 0
      ? say('The file ', 'is there.')
      : {
          blocks: [
            thinking('A file', ', then.'),
            text('Making it.'),
            ...calls.map(({ name, input }, index) => call(name, input, `toolu_${index}`)),
          ],
        },
  );
}

test('takes an answer', patience, async () => {
  use.upstream.script(() => say('Hel', 'lo'));
  const run = await codex('gpt-5', 'Say hello');
  expect(spoken(run)).toEqual(['Hello']);
  expect(use.upstream.requests.map(lastUserText).at(-1)).toContain('Say hello');
});

const command = 'printf "made by codex" > made.txt && echo done-it';
const patch = '*** Begin Patch\n*** Add File: made.txt\n+made by codex\n*** End Patch\n';

test.each<[string, string, Call[]]>([
  ['a function', 'gpt-5', [{ name: 'exec_command', input: { cmd: command }, result: 'done-it' }]],
  [
    'a custom tool',
    'gpt-5.5',
    [{ name: 'apply_patch', input: { input: patch }, result: 'Updated the following files' }],
  ],
  [
    'tools in namespaces that come in the input',
    'gpt-6-sol',
    [
      { name: 'clock__sleep', input: { duration_ms: 1 }, result: 'Sleep completed' },
      {
        name: 'functions__exec',
        input: { input: `text(await tools.exec_command(${JSON.stringify({ cmd: command })}))` },
        result: 'done-it',
      },
    ],
  ],
])('makes a file in its directory by %s', patience, async (_, model, calls) => {
  scriptCalls(calls);
  const run = await codex(model, 'Make made.txt');
  const made = await readFile(path.join(directory, 'work/made.txt'), 'utf8').catch(String);
  expect(made.trim(), JSON.stringify(use.upstream.requests.at(-1)?.messages.at(-1))).toBe('made by codex');
  expect(spoken(run)).toEqual(['Making it.', 'The file is there.']);

  const [asked, told] = conversation(use.upstream.requests.at(-1)).slice(-2);
  expect(asked).toEqual({
    role: 'assistant',
    content: [
      expect.objectContaining({ type: 'thinking', thinking: 'A file, then.' }),
      { type: 'text', text: 'Making it.' },
      ...calls.map(({ name, input }, index) => ({ type: 'tool_use', id: `toolu_${index}`, name, input })),
    ],
  });
  expect(told?.content).toEqual(
    calls.map((_call, index) =>
      expect.objectContaining({ type: 'tool_result', tool_use_id: `toolu_${index}` }),
    ),
  );
  for (const { result } of calls) expect(JSON.stringify(told?.content)).toContain(result);
});
