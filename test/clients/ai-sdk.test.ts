import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { say } from '../support/upstream.ts';
import { loadClient } from './support/load-client.ts';
import { useServer } from './support/use-server.ts';
import {
  expectUpstreamSaw,
  expectUpstreamSawThinking,
  historyWithWeather,
  question,
  scriptWeather,
  weather,
  weatherTool,
} from './support/weather.ts';

interface Message {
  readonly role: string;
  readonly content: unknown;
}

interface Settings {
  readonly model: object;
  readonly prompt?: string;
  readonly messages?: readonly Message[];
  readonly tools?: Readonly<Record<string, object>>;
  readonly stopWhen?: unknown;
  readonly maxRetries?: number;
  readonly providerOptions?: object;
}

interface GenerateResult {
  readonly text: string;
  /** The messages of all steps in version 6, of the last step in version 7. */
  readonly response: { readonly messages: readonly Message[] };
  /** Of all steps, as of version 7. */
  readonly responseMessages?: readonly Message[];
}

type StreamResult = {
  readonly [K in keyof GenerateResult]: PromiseLike<GenerateResult[K]>;
} & { readonly textStream: AsyncIterable<string> };

interface Ai {
  generateText(settings: Settings): Promise<GenerateResult>;
  streamText(settings: Settings & { onError?: (event: { error: unknown }) => void }): StreamResult;
  jsonSchema(schema: object): object;
  tool(tool: object): object;
  readonly stepCountIs?: (count: number) => unknown;
  /** Its name as of version 7. */
  readonly isStepCount?: (count: number) => unknown;
}

interface AiOpenAI {
  createOpenAI(options: { baseURL: string; apiKey: string; fetch: typeof fetch }): (model: string) => object;
}

interface Answer {
  readonly text: string;
  readonly messages: readonly Message[];
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

async function connect(ai: string, provider: string) {
  const { generateText, streamText, jsonSchema, tool, ...rest } = await loadClient<Ai>(ai);
  const { createOpenAI } = await loadClient<AiOpenAI>(provider);
  /** The items of each request, as they went over the wire. */
  const inputs: Item[][] = [];
  const openai = createOpenAI({
    baseURL: use.server.baseUrl,
    apiKey: 'sk-test',
    fetch: (url, init) => {
      inputs.push(JSON.parse(String(init?.body)).input);
      return fetch(url, init);
    },
  });
  const settings = {
    model: openai('gpt-5'),
    maxRetries: 0,
    stopWhen: (rest.isStepCount ?? rest.stepCountIs)?.(5),
    providerOptions: { openai: { reasoningEffort: 'low', reasoningSummary: 'auto' } },
  };
  const tools = {
    [weatherTool.name]: tool({
      description: weatherTool.description,
      inputSchema: jsonSchema(weatherTool.parameters),
      execute: () => weather,
    }),
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
  return { settings, streamText, tools, inputs, ask: { whole, streamed } };
}

function references(items: readonly Item[] | undefined): unknown[] {
  return (items ?? []).filter(({ type }) => type === 'item_reference').map(({ id }) => id);
}

describe.each([
  ['ai 6', 'ai', '@ai-sdk/openai'],
  ['ai 7', 'ai-7', 'ai-sdk-openai-4'],
])('%s', (_, ai, provider) => {
  test('reads a whole answer', async () => {
    const { ask } = await connect(ai, provider);
    use.upstream.script(() => say('Hel', 'lo'));
    expect((await ask.whole({ prompt: 'Hi' })).text).toBe('Hello');
  });

  test('reads a stream', async () => {
    const { streamText, settings } = await connect(ai, provider);
    use.upstream.script(() => say('Hel', 'lo'));
    const deltas: string[] = [];
    for await (const delta of streamText({ ...settings, prompt: 'Hi' }).textStream) deltas.push(delta);
    expect(deltas).toEqual(['Hel', 'lo']);
  });

  test.each(['whole', 'streamed'] as const)(
    'runs a function, refers to stored items, and goes on; answers %s',
    async (way) => {
      const { ask, tools, inputs } = await connect(ai, provider);
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
    const { ask, tools, inputs } = await connect(ai, provider);
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
