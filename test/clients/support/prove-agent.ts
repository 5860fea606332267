import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, vi } from 'vitest';
import {
  call,
  conversation,
  lastResults,
  lastUserText,
  say,
  text,
  type UpstreamRequest,
} from '../../support/upstream.ts';
import { lastWords, setTask } from './agent-task.ts';
import type { ClientUnderTest } from './client.ts';
import type { AgentRun } from './run-agent.ts';
import { type Agent, type AgentInUse, patience, useAgent } from './use-agent.ts';
import type { ServerInUse } from './use-server.ts';

/** The tools by which the model gives an answer that keeps to a schema: the engine's own, and that of Qwen Code. */
const reportTools = ['StructuredOutput', 'structured_output'];
const report = { city: 'Oslo', degrees: -3 };
const reportSchema = {
  type: 'object',
  properties: { city: { type: 'string' }, degrees: { type: 'number' } },
  required: ['city', 'degrees'],
  additionalProperties: false,
};

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
/** Qwen Code makes another kind of it. */
const picture = {
  type: 'image',
  source: {
    type: 'base64',
    media_type: expect.stringMatching(/^image\/(png|jpeg)$/),
    data: expect.stringMatching(/^(iVBOR|\/9j\/)/),
  },
};

/**
 * Tests an agent's abilities, each as upstream, its files and the person at its terminal see it. Agents are slow to
 * start, so a run shows as many abilities as it can.
 */
export function proveAgent(use: ServerInUse, { ability }: ClientUnderTest, agent: Agent): AgentInUse {
  const inUse = useAgent(use, agent);
  const { run, start, ownOf } = inUse;
  const { see, report: askReport } = agent;
  const turn = (prompt: string) => agent.turn(prompt, inUse.place);

  ability(
    see === undefined ? ['plain', 'streamed'] : ['plain', 'streamed', 'image'],
    async () => {
      const prompt = 'What is this?';
      await writeFile(path.join(inUse.place.work, 'dot.png'), Buffer.from(pixel, 'base64'));
      const command = see === undefined ? turn(prompt) : see(prompt, 'dot.png', inUse.place);
      const done = await run(command, () => say('A re', 'd dot', '.'));
      expect(done, shown(done)).toMatchObject({ exitCode: 0, strayed: [] });
      expect(done.stdout).toContain('A red dot.');
      expect(done.asked.map(lastUserText)).toEqual([expect.stringContaining(prompt)]);
      expect(done.askedBesides).toBe(agent.asksBesides === undefined ? 0 : 1);
      const content = conversation(done.asked[0]).flatMap((message) => message.content);
      if (see !== undefined) expect(content).toContainEqual(expect.objectContaining(picture));
    },
    patience,
  );

  ability(
    ['real task', 'function tool round trip', 'parallel tools', 'multi-turn'],
    async () => {
      const prompt = 'Make the greeting one for Bob';
      const task = await setTask(agent.tools, inUse.place.work);
      const done = await run(turn(prompt), task.answer);
      await task.expectDone(prompt, done.asked.at(-1));
      expect(done, shown(done)).toMatchObject({ exitCode: 0, strayed: [] });
      expect(done.stdout).toContain(lastWords);
    },
    patience,
  );

  if (askReport !== undefined)
    ability(
      'structured output',
      async () => {
        const schemaFile = path.join(inUse.place.work, 'schema.json');
        await writeFile(schemaFile, JSON.stringify(reportSchema));
        const toolOf = (request: UpstreamRequest | undefined) =>
          request?.tools?.find(({ name }) => reportTools.includes(name));
        const done = await run(askReport('How cold is Oslo?', schemaFile, inUse.place), (request) =>
          lastResults(request).length > 0
            ? say('ok')
            : { blocks: [call(toolOf(request)?.name ?? 'none', report)] },
        );
        expect(done, shown(done)).toMatchObject({ exitCode: 0, strayed: [] });
        expect(JSON.parse(done.stdout)).toEqual(report);
        const { properties, required } = reportSchema;
        expect(toolOf(done.asked[0])?.input_schema).toMatchObject({ properties, required });
      },
      patience,
    );

  ability(
    'error shown properly',
    async () => {
      const done = await run(turn('Do what cannot be'), () => ({
        error: { status: 400, type: 'invalid_request_error', message: 'No such luck today' },
      }));
      expect(done.stdout + done.stderr).toContain('No such luck today');
      expect(done, shown(done)).toMatchObject({ exitCode: 1, strayed: [] });
    },
    patience,
  );

  ability(
    'abort',
    async () => {
      const before = use.upstream.requests.length;
      const latest = () => ownOf(use.upstream.requests.slice(before)).at(-1);
      const neverEnds = { blocks: [text('I begin')], hold: new Promise(() => {}) };
      const running = await start(turn('Take your time'), () => neverEnds);
      await vi.waitFor(() => expect(latest()).toBeDefined(), patience);
      running.interrupt();
      const done = await running.ended;
      await vi.waitFor(() => expect(latest()?.aborted(), shown(done)).toBe(true), { timeout: 20_000 });
      expect(done.strayed).toEqual([]);
      expect(done.signal).not.toBe('SIGKILL');
    },
    patience,
  );

  return inUse;
}

function shown({ stdout, stderr, exitCode }: AgentRun): string {
  return JSON.stringify({ exitCode, stdout: stdout.slice(-4_000), stderr: stderr.slice(-4_000) }, null, 2);
}
