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
/** What the tool says when the client runs it. */
export const weather = 'Snow, 3 below zero';

export const weatherTool = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
} as const;

interface ScriptOptions {
  /** Think before each answer. */
  readonly thinks?: boolean;
}

/** The model calls the weather of Oslo, then repeats what it was told; to later questions it says "Welcome.". */
export function scriptWeather(upstream: Upstream, { thinks = false }: ScriptOptions = {}): void {
  const answerTo = (request: UpstreamRequest): ReplyBlock => {
    const [result] = lastResults(request);
    if (result !== undefined) return text('It is: ', textOf(result.content));
    if (request.messages.some(({ role }) => role === 'assistant')) return text('Welcome.');
    return call(weatherTool.name, { city: 'Oslo' });
  };
  upstream.script((request) => ({
    blocks: thinks ? [thinking('Let me', ' see.'), answerTo(request)] : [answerTo(request)],
  }));
}

/** The history that upstream has to see once the tool has run: a real call and its real result. */
export const historyWithWeather = [
  { role: 'user', content: question },
  {
    role: 'assistant',
    content: [
      {
        type: 'tool_use',
        id: expect.stringMatching(/^toolu_/),
        name: weatherTool.name,
        input: { city: 'Oslo' },
      },
    ],
  },
  {
    role: 'user',
    content: [
      expect.objectContaining({
        type: 'tool_result',
        tool_use_id: expect.stringMatching(/^toolu_/),
        content: [{ type: 'text', text: weather }],
      }),
    ],
  },
] as const;

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
