import { describe, expect, test } from 'vitest';
import { conversation, lastUserText, say } from '../support/upstream.ts';
import { loadClient } from './support/load-client.ts';
import { useServer } from './support/use-server.ts';
import {
  expectUpstreamSaw,
  historyWithWeather,
  question,
  scriptWeather,
  weather,
  weatherTool,
} from './support/weather.ts';

interface RunResult {
  readonly finalOutput: unknown;
  readonly lastResponseId: string | undefined;
}

interface StreamedRunResult extends RunResult {
  readonly completed: Promise<void>;
  toTextStream(): AsyncIterable<string>;
}

interface RunOptions {
  readonly previousResponseId?: string;
  readonly conversationId?: string;
  readonly session?: object;
}

interface Runner {
  run(agent: object, input: string, options: RunOptions & { stream: true }): Promise<StreamedRunResult>;
  run(agent: object, input: string, options?: RunOptions): Promise<RunResult>;
}

interface Agents {
  readonly Agent: new (options: object) => object;
  readonly Runner: new (options: object) => Runner;
  readonly OpenAIProvider: new (options: object) => object;
  readonly OpenAIConversationsSession: new (options: object) => object;
  tool(options: object): object;
}

const use = useServer();

async function connect() {
  const { Agent, Runner, OpenAIProvider, OpenAIConversationsSession, tool } =
    await loadClient<Agents>('@openai/agents');
  const access = { baseURL: use.server.baseUrl, apiKey: 'sk-test' };
  const agent = new Agent({
    name: 'Weatherman',
    model: 'gpt-5',
    instructions: 'Be brief.',
    tools: [tool({ ...weatherTool, strict: true, execute: () => weather })],
  });
  return {
    agent,
    // Traces would go to OpenAI.
    runner: new Runner({
      modelProvider: new OpenAIProvider({ ...access, useResponses: true }),
      tracingDisabled: true,
    }),
    newSession: () => new OpenAIConversationsSession(access),
  };
}

/** Two turns of which the second sees the first. */
const twoTurns = [
  { role: 'user', content: 'I am Ada.' },
  { role: 'assistant', content: 'Heard: I am Ada.' },
  { role: 'user', content: 'Who am I?' },
];

test('reads a whole answer', async () => {
  const { runner, agent } = await connect();
  use.upstream.script(() => say('Hel', 'lo'));
  expect((await runner.run(agent, 'Hi')).finalOutput).toBe('Hello');
  expect(JSON.stringify(use.upstream.requests.at(-1)?.system)).toContain('Be brief.');
});

test('reads a stream', async () => {
  const { runner, agent } = await connect();
  use.upstream.script(() => say('Hel', 'lo'));
  const result = await runner.run(agent, 'Hi', { stream: true });
  const deltas: string[] = [];
  for await (const delta of result.toTextStream()) deltas.push(delta);
  await result.completed;
  expect(deltas).toEqual(['Hel', 'lo']);
  expect(result.finalOutput).toBe('Hello');
});

describe('runs a function', () => {
  test('and sends everything itself', async () => {
    const { runner, agent } = await connect();
    scriptWeather(use.upstream, { thinks: true });
    expect((await runner.run(agent, question)).finalOutput).toBe(`It is: ${weather}`);
    expectUpstreamSaw(use.upstream, historyWithWeather);
  });

  test('in a stream', async () => {
    const { runner, agent } = await connect();
    scriptWeather(use.upstream, { thinks: true });
    const result = await runner.run(agent, question, { stream: true });
    await result.completed;
    expect(result.finalOutput).toBe(`It is: ${weather}`);
    expectUpstreamSaw(use.upstream, historyWithWeather);
  });

  test('in a conversation of the server', async () => {
    const { runner, agent } = await connect();
    scriptWeather(use.upstream);
    const { id } = await use.server.openai.conversations.create();
    const result = await runner.run(agent, question, { conversationId: id });
    expect(result.finalOutput).toBe(`It is: ${weather}`);
    expectUpstreamSaw(use.upstream, historyWithWeather);
    const { data } = await use.server.openai.conversations.items.list(id, { order: 'asc' });
    expect(data.map(({ type }) => type)).toEqual([
      'message',
      'function_call',
      'function_call_output',
      'message',
    ]);
  });
});

describe('remembers a turn', () => {
  test('by the previous response', async () => {
    const { runner, agent } = await connect();
    use.upstream.script((request) => say(`Heard: ${lastUserText(request)}`));
    const { lastResponseId } = await runner.run(agent, 'I am Ada.');
    if (lastResponseId === undefined) throw new Error('a response without an id');
    await runner.run(agent, 'Who am I?', { previousResponseId: lastResponseId });
    expect(conversation(use.upstream.requests.at(-1))).toEqual(twoTurns);
  });

  test('by a conversation of the server', async () => {
    const { runner, agent } = await connect();
    use.upstream.script((request) => say(`Heard: ${lastUserText(request)}`));
    const { id } = await use.server.openai.conversations.create();
    await runner.run(agent, 'I am Ada.', { conversationId: id });
    await runner.run(agent, 'Who am I?', { conversationId: id });
    expect(conversation(use.upstream.requests.at(-1))).toEqual(twoTurns);
  });

  test('by its own session, kept as a conversation of the server', async () => {
    const { runner, agent, newSession } = await connect();
    use.upstream.script((request) => say(`Heard: ${lastUserText(request)}`));
    const session = newSession();
    await runner.run(agent, 'I am Ada.', { session });
    await runner.run(agent, 'Who am I?', { session });
    expect(conversation(use.upstream.requests.at(-1))).toEqual(twoTurns);
  });
});
