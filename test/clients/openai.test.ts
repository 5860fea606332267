import { describe, expect, test } from 'vitest';
import type { TestApp } from '../support/start-app.ts';
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

type OpenAI = TestApp['openai'];
type Input = NonNullable<Parameters<OpenAI['responses']['create']>[0]['input']>;

/** Version 7, held to the types of version 6: what is used of them here is the same. */
interface OpenAI7 {
  readonly default: new (options: { baseURL: string; apiKey: string; maxRetries: number }) => OpenAI;
}

const model = 'gpt-5';
const tools = [{ type: 'function', strict: true, ...weatherTool } as const];
const use = useServer();

const clients: [string, () => Promise<OpenAI>][] = [
  ['openai 6', async () => use.server.openai],
  [
    'openai 7',
    async () => {
      const { default: OpenAI } = await loadClient<OpenAI7>('openai');
      return new OpenAI({ baseURL: use.server.baseUrl, apiKey: 'sk-test', maxRetries: 0 });
    },
  ],
];

function results(output: readonly { readonly type: string }[]) {
  return output.flatMap((item) =>
    item.type === 'function_call' && 'call_id' in item
      ? [{ type: 'function_call_output' as const, call_id: String(item.call_id), output: weather }]
      : [],
  );
}

describe.each(clients)('%s', (_, connect) => {
  test('reads a whole answer, and finds it again', async () => {
    const openai = await connect();
    use.upstream.script(() => say('Hel', 'lo'));
    const response = await openai.responses.create({ model, input: 'Hi' });
    expect(response).toMatchObject({ status: 'completed', output_text: 'Hello' });
    expect(await openai.responses.retrieve(response.id)).toEqual(response);
  });

  test('puts a stream together', async () => {
    const openai = await connect();
    use.upstream.script(() => say('Hel', 'lo'));
    const stream = openai.responses.stream({ model, input: 'Hi' });
    const deltas: string[] = [];
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') deltas.push(event.delta);
    }
    expect(deltas).toEqual(['Hel', 'lo']);
    expect((await stream.finalResponse()).output_text).toBe('Hello');
  });

  test('runs a function and goes on from the previous response', async () => {
    const openai = await connect();
    scriptWeather(use.upstream);
    const first = await openai.responses.create({ model, input: question, tools });
    const second = await openai.responses.create({
      model,
      input: results(first.output),
      tools,
      previous_response_id: first.id,
    });
    expect(second.output_text).toBe(`It is: ${weather}`);
    expectUpstreamSaw(use.upstream, historyWithWeather);
  });

  test('runs a streamed function and sends everything itself, stored nowhere', async () => {
    const openai = await connect();
    scriptWeather(use.upstream, { thinks: true });
    const stateless = {
      model,
      tools,
      store: false,
      include: ['reasoning.encrypted_content' as const],
      reasoning: { effort: 'low' as const, summary: 'auto' as const },
    };
    const first = await openai.responses.stream({ ...stateless, input: question }).finalResponse();
    expect(first.output.map(({ type }) => type)).toEqual(['reasoning', 'function_call']);
    const history = [{ role: 'user', content: question }, ...first.output, ...results(first.output)];
    // The client's own types of an output item and an input item differ in what may be undefined.
    const second = await openai.responses.stream({ ...stateless, input: history as Input }).finalResponse();
    expect(second.output_text).toBe(`It is: ${weather}`);
    expectUpstreamSaw(use.upstream, historyWithWeather);
  });
});
