import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Ai,
  type AiSdk,
  type Answer,
  aiSdk,
  type Settings,
  settingsFor,
  weatherTools,
} from './support/ai-sdk-library.ts';
import { client } from './support/client.ts';
import { loadClient } from './support/load-client.ts';
import { type Access, proveAbilities } from './support/prove-abilities.ts';
import { useServer } from './support/use-server.ts';
import {
  expectUpstreamSaw,
  expectUpstreamSawThinking,
  historyWithWeather,
  question,
  scriptWeather,
  weather,
} from './support/weather.ts';

interface AiOpenAI {
  createOpenAI(options: { baseURL: string; apiKey: string; fetch: typeof fetch }): ((
    model: string,
  ) => object) & {
    chat(model: string): object;
  };
}

type Item = Readonly<Record<string, unknown>>;

const use = useServer();

/** What the client has to complain about. */
let warnings: unknown[];
beforeEach(() => {
  warnings = [];
  const collect = (event: { warnings: unknown[] }) => warnings.push(...event.warnings);
  vi.stubGlobal('AI_SDK_LOG_WARNINGS', collect);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

interface Version {
  readonly name: string;
  readonly ai: string;
  readonly brokenOff: string;
  readonly provider: string;
}

const six: Version = { name: 'ai 6', ai: 'ai', brokenOff: 'object', provider: '@ai-sdk/openai' };
const seven: Version = {
  name: 'ai 7',
  ai: 'ai-7',
  brokenOff: 'AI_StreamProviderError',
  provider: 'ai-sdk-openai-4',
};

async function providerOf({ provider }: Version, { baseURL, apiKey }: Access, ask: typeof fetch = fetch) {
  const { createOpenAI } = await loadClient<AiOpenAI>(provider);
  return createOpenAI({ baseURL, apiKey, fetch: ask });
}

function overChat(version: Version): AiSdk {
  return {
    ...version,
    modelOf: async (access) => (await providerOf(version, access)).chat(access.model),
  };
}

function overResponses(version: Version, ask?: typeof fetch): AiSdk {
  return {
    ...version,
    modelOf: async (access) => (await providerOf(version, access, ask))(access.model),
  };
}

proveAbilities(use, client('ai-sdk-6', 'chat'), aiSdk(overChat(six)));
proveAbilities(use, client('ai-sdk-6', 'responses'), aiSdk(overResponses(six)));
proveAbilities(use, client('ai-sdk-7', 'chat'), aiSdk(overChat(seven)));
proveAbilities(use, client('ai-sdk-7', 'responses'), aiSdk(overResponses(seven)));

async function connect(version: Version) {
  const { generateText, streamText } = await loadClient<Ai>(version.ai);
  /** The items of each request, as they went over the wire. */
  const inputs: Item[][] = [];
  const sdk = overResponses(version, (url, init) => {
    inputs.push(JSON.parse(String(init?.body)).input);
    return fetch(url, init);
  });
  const access = { baseURL: use.server.baseUrl, apiKey: 'sk-test', model: 'gpt-5', maxRetries: 0 };
  const settings = {
    ...(await settingsFor(sdk, access)),
    providerOptions: { openai: { reasoningEffort: 'low', reasoningSummary: 'auto' } },
  };
  const whole = async (more: Partial<Settings>): Promise<Answer> => {
    const { text, response, responseMessages } = await generateText({ ...settings, ...more });
    return { text, messages: responseMessages ?? response.messages };
  };
  const streamed = async (more: Partial<Settings>): Promise<Answer> => {
    const errors: unknown[] = [];
    const result = streamText({ ...settings, ...more, onError: ({ error }) => errors.push(error) });
    const text = await result.text;
    expect(errors).toEqual([]);
    return { text, messages: (await result.responseMessages) ?? (await result.response).messages };
  };
  return { tools: await weatherTools(sdk), inputs, ask: { whole, streamed } };
}

function references(items: readonly Item[] | undefined): unknown[] {
  return (items ?? []).filter(({ type }) => type === 'item_reference').map(({ id }) => id);
}

describe.each([six, seven])('$name', (version) => {
  test.each(['whole', 'streamed'] as const)(
    'runs a function, refers to stored items, and goes on; answers %s',
    async (way) => {
      const { ask, tools, inputs } = await connect(version);
      scriptWeather(use.upstream, { thinks: true });
      const asked = [{ role: 'user', content: question }];
      const first = await ask[way]({ messages: asked, tools });
      expect(first.text).toBe(`It is: ${weather}`);
      expectUpstreamSaw(use.upstream, historyWithWeather);
      expect(references(inputs[1])).toContainEqual(expect.stringMatching(/^rs_/));

      const thanks = [...asked, ...first.messages, { role: 'user', content: 'Thanks' }];
      expect((await ask[way]({ messages: thanks, tools })).text).toBe('Welcome.');
      expect(references(inputs[2])).toContainEqual(expect.stringMatching(/^msg_/));
      expectUpstreamSaw(use.upstream, [
        ...historyWithWeather,
        { role: 'assistant', content: `It is: ${weather}` },
        { role: 'user', content: 'Thanks' },
      ]);
      expectUpstreamSawThinking(use.upstream);
      expect(warnings).toEqual([]);
    },
  );

  // Without encrypted content this client drops thinking, and says so. The server finds it all the same.
  test('runs a function with nothing stored, and no thinking is lost', async () => {
    const { ask, tools, inputs } = await connect(version);
    scriptWeather(use.upstream, { thinks: true });
    const providerOptions = { openai: { store: false, reasoningEffort: 'low', reasoningSummary: 'auto' } };
    const { text } = await ask.streamed({ prompt: question, tools, providerOptions });
    expect(text).toBe(`It is: ${weather}`);
    expect(inputs[1]?.map(({ type, role }) => type ?? role)).toEqual([
      'user',
      'function_call',
      'function_call_output',
    ]);
    expect(warnings).toEqual([expect.objectContaining({ message: expect.stringMatching('encrypted') })]);
    expectUpstreamSaw(use.upstream, historyWithWeather);
    expectUpstreamSawThinking(use.upstream);
  });
});
