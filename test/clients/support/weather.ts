import { expect } from 'vitest';
import {
  call,
  conversation,
  lastResults,
  type ReplyBlock,
  text,
  thinking,
  type Upstream,
  type UpstreamRequest,
} from '../../support/upstream.ts';

export const question = 'Weather in Oslo?';
/** What the tool says when the client runs it for Oslo. */
export const weather = 'Snow, 3 below zero';

const weathers: Readonly<Record<string, string>> = { Oslo: weather, Bergen: 'Rain, 7 above zero' };

/** What the tool says of a city. */
export function weatherOf(city: string): string {
  return weathers[city] ?? 'Nobody knows';
}

export const weatherTool = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object' as const,
    properties: { city: { type: 'string' as const } },
    required: ['city'],
    additionalProperties: false,
  },
};

interface ScriptOptions {
  /** Think before each answer. */
  readonly thinks?: boolean;
  /** Those that are called for, all in one answer. */
  readonly cities?: readonly string[];
}

/** The model calls the weather of Oslo, then repeats what it was told; to later questions it says "Welcome.". */
export function scriptWeather(upstream: Upstream, options: ScriptOptions = {}): void {
  const { thinks = false, cities = ['Oslo'] } = options;
  const answerTo = (request: UpstreamRequest): ReplyBlock[] => {
    const results = lastResults(request).map(({ content }) => textOf(content));
    if (results.length > 0) return [text('It is: ', results.join(' and '))];
    if (request.messages.some(({ role }) => role === 'assistant')) return [text('Welcome.')];
    return cities.map((city) => call(weatherTool.name, { city }));
  };
  upstream.script((request) => ({
    blocks: thinks ? [thinking('Let me', ' see.'), ...answerTo(request)] : answerTo(request),
  }));
}

/** The history that upstream has to see once the tool has run for these cities: real calls and their real results. */
export function historyWith(cities: readonly string[]) {
  return [
    { role: 'user', content: question },
    {
      role: 'assistant',
      content: cities.map((city) => ({
        type: 'tool_use',
        id: expect.stringMatching(/^toolu_/),
        name: weatherTool.name,
        input: { city },
      })),
    },
    {
      role: 'user',
      content: cities.map((city) =>
        expect.objectContaining({
          type: 'tool_result',
          tool_use_id: expect.stringMatching(/^toolu_/),
          content: [{ type: 'text', text: weatherOf(city) }],
        }),
      ),
    },
  ];
}

export const historyWithWeather = historyWith(['Oslo']);

/** Upstream saw last this history, its result naming its call; thinking is left out of the comparison. */
export function expectUpstreamSaw(upstream: Upstream, history: readonly unknown[]): void {
  const saw = conversation(upstream.requests.at(-1)).map(({ role, content }) => ({
    role,
    content: Array.isArray(content) ? withoutThinking(content) : content,
  }));
  expect(saw).toEqual(history);
  const blocks = saw.flatMap(({ content }): { id?: string; tool_use_id?: string }[] =>
    Array.isArray(content) ? content : [],
  );
  const called = blocks.flatMap(({ id }) => id ?? []);
  expect(blocks.flatMap(({ tool_use_id }) => tool_use_id ?? [])).toEqual(called);
}

/** Upstream saw last what the model had thought, whether or not the client could send it back. */
export function expectUpstreamSawThinking(upstream: Upstream): void {
  const thought = conversation(upstream.requests.at(-1))
    .flatMap(({ content }): { type?: string; thinking?: string }[] => (Array.isArray(content) ? content : []))
    .filter(({ type }) => type === 'thinking');
  expect(thought[0]).toMatchObject({ thinking: 'Let me see.', signature: expect.any(String) });
}

function withoutThinking(blocks: readonly { type: string; text?: string }[]): unknown {
  const rest = blocks.filter(({ type }) => type !== 'thinking');
  const [first] = rest;
  return rest.length === 1 && first?.type === 'text' ? first.text : rest;
}

function textOf(content: unknown): string {
  const parts: { text?: string }[] = Array.isArray(content) ? content : [{ text: String(content) }];
  return parts.map(({ text }) => text ?? '').join('');
}
