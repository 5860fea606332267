import { describe, expect, test } from 'vitest';
import { conversation, lastUserText, say } from '../support/upstream.ts';
import { client } from './support/client.ts';
import { connect, openaiAgents } from './support/openai-agents-library.ts';
import { proveAbilities } from './support/prove-abilities.ts';
import { useServer } from './support/use-server.ts';
import {
  expectUpstreamSaw,
  historyWithWeather,
  question,
  scriptWeather,
  weather,
} from './support/weather.ts';

const use = useServer();

proveAbilities(use, client('openai-agents', 'chat'), openaiAgents(false));
proveAbilities(use, client('openai-agents', 'responses'), openaiAgents(true));

async function connected() {
  const access = { baseURL: use.server.baseUrl, apiKey: 'sk-test', model: 'gpt-5', maxRetries: 0 };
  const { runner, newAgent, newTool, newSession } = await connect(access, true);
  return { runner, newSession, agent: newAgent({ instructions: 'Be brief.', tools: [newTool()] }) };
}

/** Two turns of which the second sees the first. */
const twoTurns = [
  { role: 'user', content: 'I am Ada.' },
  { role: 'assistant', content: 'Heard: I am Ada.' },
  { role: 'user', content: 'Who am I?' },
];

describe('runs a function', () => {
  test('and sends everything itself', async () => {
    const { runner, agent } = await connected();
    scriptWeather(use.upstream, { thinks: true });
    expect((await runner.run(agent, question)).finalOutput).toBe(`It is: ${weather}`);
    expectUpstreamSaw(use.upstream, historyWithWeather);
    expect(JSON.stringify(use.upstream.requests.at(-1)?.system)).toContain('Be brief.');
  });

  test('in a stream', async () => {
    const { runner, agent } = await connected();
    scriptWeather(use.upstream, { thinks: true });
    const result = await runner.run(agent, question, { stream: true });
    await result.completed;
    expect(result.finalOutput).toBe(`It is: ${weather}`);
    expectUpstreamSaw(use.upstream, historyWithWeather);
  });

  test('in a conversation of the server', async () => {
    const { runner, agent } = await connected();
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
    const { runner, agent } = await connected();
    use.upstream.script((request) => say(`Heard: ${lastUserText(request)}`));
    const { lastResponseId } = await runner.run(agent, 'I am Ada.');
    if (lastResponseId === undefined) throw new Error('a response without an id');
    await runner.run(agent, 'Who am I?', { previousResponseId: lastResponseId });
    expect(conversation(use.upstream.requests.at(-1))).toEqual(twoTurns);
  });

  test('by a conversation of the server', async () => {
    const { runner, agent } = await connected();
    use.upstream.script((request) => say(`Heard: ${lastUserText(request)}`));
    const { id } = await use.server.openai.conversations.create();
    await runner.run(agent, 'I am Ada.', { conversationId: id });
    await runner.run(agent, 'Who am I?', { conversationId: id });
    expect(conversation(use.upstream.requests.at(-1))).toEqual(twoTurns);
  });

  test('by its own session, kept as a conversation of the server', async () => {
    const { runner, agent, newSession } = await connected();
    use.upstream.script((request) => say(`Heard: ${lastUserText(request)}`));
    const session = newSession();
    await runner.run(agent, 'I am Ada.', { session });
    await runner.run(agent, 'Who am I?', { session });
    expect(conversation(use.upstream.requests.at(-1))).toEqual(twoTurns);
  });
});
