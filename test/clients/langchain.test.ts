import { beforeEach, expect, test, vi } from 'vitest';
import { client } from './support/client.ts';
import {
  type AssistantMessage,
  boundTools,
  type Chat,
  connect,
  langChain,
  type Message,
  messages,
  runCalls,
} from './support/langchain-library.ts';
import { proveAbilities } from './support/prove-abilities.ts';
import { useServer } from './support/use-server.ts';
import {
  expectUpstreamSaw,
  historyWithWeather,
  question,
  scriptWeather,
  weather,
  weatherTool,
} from './support/weather.ts';

const use = useServer();

// A developer's own traces would go to LangSmith.
beforeEach(() => {
  for (const name of ['LANGSMITH_TRACING', 'LANGCHAIN_TRACING']) {
    vi.stubEnv(name, 'false');
    vi.stubEnv(`${name}_V2`, 'false');
  }
  return () => vi.unstubAllEnvs();
});

async function collect(chunks: AsyncIterable<AssistantMessage>): Promise<AssistantMessage> {
  let whole: AssistantMessage | undefined;
  for await (const chunk of chunks) whole = whole?.concat(chunk) ?? chunk;
  if (whole === undefined) throw new Error('an empty stream');
  return whole;
}

proveAbilities(use, client('langchain', 'chat'), langChain(false));
proveAbilities(use, client('langchain', 'responses'), langChain(true));

test.each([
  ['whole', (chat: Chat, history: readonly Message[]) => chat.invoke(history)],
  ['streamed', async (chat: Chat, history: readonly Message[]) => collect(await chat.stream(history))],
])('runs a function, answers %s', async (_, ask) => {
  const { HumanMessage } = await messages();
  const access = { baseURL: use.server.baseUrl, apiKey: 'sk-test', model: 'gpt-5', maxRetries: 0 };
  const chat = (await connect(access, true)).bindTools(boundTools);
  scriptWeather(use.upstream);
  const human = new HumanMessage(question);
  const first = await ask(chat, [human]);
  expect(first.tool_calls).toMatchObject([{ name: weatherTool.name, args: { city: 'Oslo' } }]);
  const told = await runCalls(first);
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
