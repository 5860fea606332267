import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  call,
  conversation,
  lastResults,
  say,
  text,
  thinking,
  type UpstreamRequest,
} from '../support/upstream.ts';
import { client } from './support/client.ts';
import { proveAgent } from './support/prove-agent.ts';
import { codex, codexEvents, codexTurn } from './support/run-codex.ts';
import { patience } from './support/use-agent.ts';
import { useServer } from './support/use-server.ts';

const use = useServer();
const agent = proveAgent(use, client('codex', 'responses'), codex);

function spoken(stdout: string): unknown[] {
  return codexEvents(stdout).flatMap(({ type, item }) =>
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
function callsThenSays(calls: readonly Call[]) {
  return (request: UpstreamRequest) =>
    lastResults(request).length > 0
      ? say('The file ', 'is there.')
      : {
          blocks: [
            thinking('A file', ', then.'),
            text('Making it.'),
            ...calls.map(({ name, input }, index) => call(name, input, `toolu_${index}`)),
          ],
        };
}

const commandFor = (file: string) => `printf "made by codex" > ${file} && echo done-it`;
const patchFor = (file: string) => `*** Begin Patch\n*** Add File: ${file}\n+made by codex\n*** End Patch\n`;

test.each<[string, string, string, Call[]]>([
  [
    'a function',
    'gpt-5',
    'by-function.txt',
    [{ name: 'exec_command', input: { cmd: commandFor('by-function.txt') }, result: 'done-it' }],
  ],
  [
    'a custom tool',
    'gpt-5.5',
    'by-custom-tool.txt',
    [
      {
        name: 'apply_patch',
        input: { input: patchFor('by-custom-tool.txt') },
        result: 'Updated the following files',
      },
    ],
  ],
  [
    'tools in namespaces that come in the input',
    'gpt-6-sol',
    'by-namespace.txt',
    [
      { name: 'clock__sleep', input: { duration_ms: 1 }, result: 'Sleep completed' },
      {
        name: 'functions__exec',
        input: {
          input: `text(await tools.exec_command(${JSON.stringify({ cmd: commandFor('by-namespace.txt') })}))`,
        },
        result: 'done-it',
      },
    ],
  ],
])('makes a file in its directory by %s', patience, async (_, model, file, calls) => {
  const command = codexTurn(`Make ${file}`, agent.place, { model, args: ['--json'] });
  const run = await agent.run(command, callsThenSays(calls));
  expect(run, JSON.stringify(run, null, 2)).toMatchObject({ exitCode: 0, strayed: [] });
  const made = await readFile(path.join(agent.place.work, file), 'utf8').catch(String);
  expect(made.trim(), JSON.stringify(run.asked.at(-1)?.messages.at(-1))).toBe('made by codex');
  expect(spoken(run.stdout)).toEqual(['Making it.', 'The file is there.']);

  const [asked, told] = conversation(run.asked.at(-1)).slice(-2);
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
