import { expect } from 'vitest';
import type { TestApp } from '../../support/start-app.ts';
import { loadClient } from './load-client.ts';
import { type Access, type Library, reportSchema } from './prove-abilities.ts';
import { weatherOf, weatherTool } from './weather.ts';

type OpenAI = TestApp['openai'];
type Output = Extract<Awaited<ReturnType<OpenAI['responses']['retrieve']>>, { output: object }>['output'];
type ZodHelpers = Pick<typeof import('openai/helpers/zod'), 'zodResponseFormat' | 'zodTextFormat'>;

/** Version 7, held to the types of version 6: what is used of them here is the same. */
interface OpenAIClient {
  readonly default: new (options: Pick<Access, 'baseURL' | 'apiKey'> & { maxRetries?: number }) => OpenAI;
}

/** A version of the client: where it is loaded from. */
export interface Version {
  readonly name: string;
  readonly main: string;
  readonly zod: string;
}

const root = new URL('../../../node_modules/openai/', import.meta.url);
export const six: Version = {
  name: 'openai 6',
  main: new URL('index.mjs', root).href,
  zod: new URL('helpers/zod.mjs', root).href,
};
export const seven: Version = { name: 'openai 7', main: 'openai', zod: 'openai/helpers/zod' };

export async function connect(
  { main }: Version,
  { baseURL, apiKey, maxRetries }: Omit<Access, 'model'>,
): Promise<OpenAI> {
  const { default: OpenAI } = await loadClient<OpenAIClient>(main);
  return new OpenAI({ baseURL, apiKey, ...(maxRetries !== undefined && { maxRetries }) });
}

const errors = {
  401: 'AuthenticationError',
  404: 'NotFoundError',
  503: 'InternalServerError',
  stream: 'APIError',
};

export function overChat(version: Version): Library {
  const user = (content: string) => ({ role: 'user', content }) as const;
  return {
    errors,
    ask: async (access, prompt, signal) => {
      const openai = await connect(version, access);
      const request = { model: access.model, messages: [user(prompt)] };
      const { choices } = await openai.chat.completions.create(request, { signal });
      return choices[0]?.message.content ?? '';
    },
    async *stream(access, prompt, signal) {
      const openai = await connect(version, access);
      const request = { model: access.model, messages: [user(prompt)] };
      const stream = openai.chat.completions.stream(request, { signal });
      let text = '';
      for await (const { choices } of stream) {
        const delta = choices[0]?.delta.content ?? '';
        text += delta;
        if (delta !== '') yield delta;
      }
      expect(await stream.finalContent()).toBe(text);
    },
    converse: async (access, [first, second]) => {
      const { chat } = await connect(version, access);
      const { model } = access;
      const one = (await chat.completions.create({ model, messages: [user(first)] })).choices[0]?.message;
      if (one === undefined) throw new Error('no choice');
      const messages = [user(first), one, user(second)];
      const two = (await chat.completions.create({ model, messages })).choices[0]?.message;
      return [one.content ?? '', two?.content ?? ''];
    },
    runTool: async (access, prompt) => {
      const openai = await connect(version, access);
      const { name, description, parameters } = weatherTool;
      const runner = openai.chat.completions.runTools({
        model: access.model,
        messages: [user(prompt)],
        tools: [
          {
            type: 'function',
            function: {
              name,
              description,
              parameters,
              parse: (input: string): { city: string } => JSON.parse(input),
              function: ({ city }: { city: string }) => weatherOf(city),
            },
          },
        ],
      });
      return (await runner.finalContent()) ?? '';
    },
    parse: async (access, prompt) => {
      const openai = await connect(version, access);
      const { zodResponseFormat } = await loadClient<ZodHelpers>(version.zod);
      const { choices } = await openai.chat.completions.parse({
        model: access.model,
        messages: [user(prompt)],
        response_format: zodResponseFormat(reportSchema, 'report'),
      });
      return choices[0]?.message.parsed;
    },
    see: async (access, prompt, picture) => {
      const openai = await connect(version, access);
      const content = [
        { type: 'text' as const, text: prompt },
        { type: 'image_url' as const, image_url: { url: picture } },
      ];
      const messages = [{ role: 'user' as const, content }];
      const { choices } = await openai.chat.completions.create({ model: access.model, messages });
      return choices[0]?.message.content ?? '';
    },
  };
}

export function overResponses(version: Version): Library {
  return {
    errors,
    ask: async (access, input, signal) => {
      const openai = await connect(version, access);
      return (await openai.responses.create({ model: access.model, input }, { signal })).output_text;
    },
    async *stream(access, input, signal) {
      const openai = await connect(version, access);
      const stream = openai.responses.stream({ model: access.model, input }, { signal });
      let text = '';
      for await (const event of stream) {
        if (event.type !== 'response.output_text.delta') continue;
        text += event.delta;
        yield event.delta;
      }
      expect((await stream.finalResponse()).output_text).toBe(text);
    },
    converse: async (access, [first, second]) => {
      const { responses } = await connect(version, access);
      const { model } = access;
      const one = await responses.create({ model, input: first });
      expect(one.status).toBe('completed');
      expect(await responses.retrieve(one.id)).toEqual(one);
      const two = await responses.create({ model, input: second, previous_response_id: one.id });
      return [one.output_text, two.output_text];
    },
    runTool: async (access, input) => {
      const { responses } = await connect(version, access);
      const { model } = access;
      const first = await responses.create({ model, input, tools });
      const outputs = results(first.output);
      const second = await responses.create({ model, input: outputs, tools, previous_response_id: first.id });
      return second.output_text;
    },
    parse: async (access, input) => {
      const { responses } = await connect(version, access);
      const { zodTextFormat } = await loadClient<ZodHelpers>(version.zod);
      const text = { format: zodTextFormat(reportSchema, 'report') };
      return (await responses.parse({ model: access.model, input, text })).output_parsed;
    },
    see: async (access, prompt, picture) => {
      const openai = await connect(version, access);
      const content = [
        { type: 'input_text' as const, text: prompt },
        { type: 'input_image' as const, image_url: picture, detail: 'auto' as const },
      ];
      const input = [{ role: 'user' as const, content }];
      return (await openai.responses.create({ model: access.model, input })).output_text;
    },
  };
}

export const tools = [{ type: 'function', strict: true, ...weatherTool } as const];

/** What the tool says to each call. */
export function results(output: Output) {
  return output.flatMap((item) =>
    item.type === 'function_call'
      ? [
          {
            type: 'function_call_output' as const,
            call_id: item.call_id,
            output: weatherOf(JSON.parse(item.arguments).city),
          },
        ]
      : [],
  );
}
