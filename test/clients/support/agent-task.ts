import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import {
  call,
  conversation,
  type Reply,
  text,
  thinking,
  type UpstreamBlock,
  type UpstreamRequest,
} from '../../support/upstream.ts';

/** A call of one of the agent's own tools, and what it tells the model when it has run: its text to the letter. */
export interface AgentCall {
  readonly name: string;
  readonly input: object;
  readonly result: unknown;
}

/** An agent's tools, as it offers them to the model. Paths are absolute. */
export interface AgentTools {
  read(file: string, content: string): AgentCall;
  /** Replaces the only line of the file. */
  edit(file: string, from: string, to: string): AgentCall;
  run(command: string, output: string): AgentCall;
}

const greeting = 'Dear "Ada" <ada@example.org>, grüß dich & 2 \\n ✓';
const other = 'The second file.';
const changed = greeting.replace('Ada', 'Bob');
export const lastWords = 'The greeting is for Bob now.';

interface Step {
  readonly says: string;
  readonly calls: readonly AgentCall[];
}

/** The task: read two files at once, edit one, and run a command that shows it. */
export interface AgentTask {
  /** The model's next step, by what it has been told so far. */
  answer(request: UpstreamRequest): Reply;
  /** The files are as they should be, and the model has seen all that was done, to the letter. */
  expectDone(prompt: string, last: UpstreamRequest | undefined): Promise<void>;
}

export async function setTask(tools: AgentTools, work: string): Promise<AgentTask> {
  const [file, second, copy] = ['greeting.txt', 'other.txt', 'copy.txt'].map((name) => path.join(work, name));
  if (file === undefined || second === undefined || copy === undefined) throw new Error('no files');
  await writeFile(file, `${greeting}\n`);
  await writeFile(second, `${other}\n`);
  const steps: readonly Step[] = [
    { says: 'Reading both.', calls: [tools.read(file, greeting), tools.read(second, other)] },
    { says: 'Editing.', calls: [tools.edit(file, greeting, changed)] },
    { says: 'Looking.', calls: [tools.run('cat greeting.txt > copy.txt && cat copy.txt', changed)] },
  ];
  const idOf = (step: number, index: number) => `toolu_task_${step}_${index}`;
  return {
    answer: (request) => {
      const done = request.messages.filter(({ content }) => resultsOf(content).length > 0).length;
      const step = steps[done];
      if (step === undefined) return { blocks: [text(lastWords.slice(0, 9), lastWords.slice(9))] };
      const calls = step.calls.map(({ name, input }, index) => call(name, input, idOf(done, index)));
      return { blocks: [thinking('What', ' next?'), text(step.says), ...calls] };
    },
    expectDone: async (prompt, last) => {
      const saw = conversation(last).map(({ role, content }) => ({
        role,
        content: withoutThinking(content),
      }));
      expect(saw).toEqual([
        { role: 'user', content: expect.anything() },
        ...steps.flatMap(({ says, calls }, step) => [
          {
            role: 'assistant',
            content: [
              { type: 'text', text: says },
              ...calls.map(({ name, input }, index) => ({
                type: 'tool_use',
                id: idOf(step, index),
                name,
                input,
              })),
            ],
          },
          {
            role: 'user',
            content: calls.map(({ result }, index) =>
              expect.objectContaining({
                type: 'tool_result',
                tool_use_id: idOf(step, index),
                content: [{ type: 'text', text: result }],
              }),
            ),
          },
        ]),
      ]);
      expect(JSON.stringify(saw[0])).toContain(prompt);
      expect(await readFile(file, 'utf8')).toBe(`${changed}\n`);
      expect(await readFile(copy, 'utf8')).toBe(`${changed}\n`);
    },
  };
}

function resultsOf(content: string | readonly UpstreamBlock[]): readonly UpstreamBlock[] {
  return typeof content === 'string' ? [] : content.filter(({ type }) => type === 'tool_result');
}

function withoutThinking(content: unknown): unknown {
  return Array.isArray(content)
    ? content.filter(({ type }: { type: string }) => type !== 'thinking')
    : content;
}
