import { describe, expect, test } from 'vitest';
import type { TestApp } from '../support/start-app.ts';
import { client } from './support/client.ts';
import { connect, overChat, overResponses, results, seven, six, tools } from './support/openai-library.ts';
import { proveAbilities } from './support/prove-abilities.ts';
import { useServer } from './support/use-server.ts';
import {
  expectUpstreamSaw,
  historyWithWeather,
  question,
  scriptWeather,
  weather,
} from './support/weather.ts';

type OpenAI = TestApp['openai'];
type Input = NonNullable<Parameters<OpenAI['responses']['create']>[0]['input']>;

const model = 'gpt-5';
const use = useServer();

proveAbilities(use, client('openai-6', 'chat'), overChat(six));
proveAbilities(use, client('openai-6', 'responses'), overResponses(six));
proveAbilities(use, client('openai-7', 'chat'), overChat(seven));
proveAbilities(use, client('openai-7', 'responses'), overResponses(seven));

describe.each([six, seven])('$name', (version) => {
  test('runs a streamed function and sends everything itself, stored nowhere', async () => {
    const openai = await connect(version, { baseURL: use.server.baseUrl, apiKey: 'sk-test', maxRetries: 0 });
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
