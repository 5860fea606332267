import { beforeEach, expect, test, vi } from 'vitest';
import { say } from '../support/upstream.ts';
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

interface Message {
  readonly text: string;
}

interface AssistantMessage extends Message {
  readonly tool_calls?: readonly { readonly id: string; readonly name: string; readonly args: unknown }[];
  concat(next: AssistantMessage): AssistantMessage;
}

interface Chat {
  invoke(messages: string | readonly Message[]): Promise<AssistantMessage>;
  stream(messages: string | readonly Message[]): Promise<AsyncIterable<AssistantMessage>>;
}

interface ChatOpenAI extends Chat {
  bindTools(tools: readonly object[]): Chat;
}

interface LangChainOpenAI {
  readonly ChatOpenAI: new (fields: object) => ChatOpenAI;
}

interface LangChainMessages {
  readonly HumanMessage: new (text: string) => Message;
  readonly ToolMessage: new (fields: { content: string; tool_call_id: string }) => Message;
}

const use = useServer();

// A developer's own traces would go to LangSmith.
beforeEach(() => {
  for (const name of ['LANGSMITH_TRACING', 'LANGCHAIN_TRACING']) {
    vi.stubEnv(name, 'false');
    vi.stubEnv(`${name}_V2`, 'false');
  }
  return () => vi.unstubAllEnvs();
});

async function connect(): Promise<ChatOpenAI> {
  const { ChatOpenAI } = await loadClient<LangChainOpenAI>('@langchain/openai');
  return new ChatOpenAI({
    model: 'gpt-5',
    apiKey: 'sk-test',
    useResponsesApi: true,
    maxRetries: 0,
    configuration: { baseURL: use.server.baseUrl },
  });
}

async function collect(chunks: AsyncIterable<AssistantMessage>): Promise<AssistantMessage> {
  let whole: AssistantMessage | undefined;
  for await (const chunk of chunks) whole = whole?.concat(chunk) ?? chunk;
  if (whole === undefined) throw new Error('an empty stream');
  return whole;
}

test('reads a whole answer', async () => {
  const chat = await connect();
  use.upstream.script(() => say('Hel', 'lo'));
  expect((await chat.invoke('Hi')).text).toBe('Hello');
});

test('reads a stream', async () => {
  const chat = await connect();
  use.upstream.script(() => say('Hel', 'lo'));
  const deltas: string[] = [];
  for await (const { text } of await chat.stream('Hi')) if (text !== '') deltas.push(text);
  expect(deltas).toEqual(['Hel', 'lo']);
});

test.each([
  ['whole', (chat: Chat, messages: readonly Message[]) => chat.invoke(messages)],
  ['streamed', async (chat: Chat, messages: readonly Message[]) => collect(await chat.stream(messages))],
])('runs a function, answers %s', async (_, ask) => {
  const { HumanMessage, ToolMessage } = await loadClient<LangChainMessages>('@langchain/core/messages');
  const chat = (await connect()).bindTools([{ type: 'function', function: weatherTool }]);
  scriptWeather(use.upstream);
  const human = new HumanMessage(question);
  const first = await ask(chat, [human]);
  expect(first.tool_calls).toMatchObject([{ name: weatherTool.name, args: { city: 'Oslo' } }]);
  const told = (first.tool_calls ?? []).map(
    ({ id }) => new ToolMessage({ content: weather, tool_call_id: id }),
  );
  const second = await ask(chat, [human, first, ...told]);
  expect(second.text).toBe(`It is: ${weather}`);
  expectUpstreamSaw(use.upstream, historyWithWeather);

  await ask(chat, [human, first, ...told, second, new HumanMessage('Thanks')]);
  expectUpstreamSaw(use.upstream, [
    ...historyWithWeather,
    { role: 'assistant', content: `It is: ${weather}` },
    { role: 'user', content: 'Thanks' },
  ]);
});
