import { expect, vi } from 'vitest';
import { z } from 'zod';
import {
  call,
  conversation,
  lastResults,
  lastUserText,
  say,
  text,
  type UpstreamRequest,
} from '../../support/upstream.ts';
import type { ClientUnderTest } from './client.ts';
import type { ServerInUse } from './use-server.ts';
import { expectUpstreamSaw, historyWith, question, scriptWeather, weather, weatherOf } from './weather.ts';

export interface Access {
  /** `/v1` included. */
  readonly baseURL: string;
  readonly apiKey: string;
  readonly model: string;
  /** Undefined: as many as the client makes of its own accord. */
  readonly maxRetries: number | undefined;
}

/** What is asked of a library, done in its own idiom. What it cannot do is left out, and has its reason in the matrix. */
export interface Library {
  /** The text of a whole answer. */
  ask(access: Access, prompt: string, signal?: AbortSignal): Promise<string>;
  /** The texts of an answer as they come. */
  stream?(access: Access, prompt: string, signal: AbortSignal): AsyncIterable<string>;
  /** The answers to two questions of one conversation, kept as this client keeps it. */
  converse?(access: Access, questions: readonly [string, string]): Promise<string[]>;
  /** The answer after the client has run `weatherTool` by `weatherOf` as often as it was told to. */
  runTool?(access: Access, question: string): Promise<string>;
  /** The value parsed by `reportSchema`. */
  parse?(access: Access, prompt: string): Promise<unknown>;
  /** The answer to a question about a picture, given as a data URL. */
  see?(access: Access, prompt: string, picture: string): Promise<string>;
  /** Whether it asks from another process, so that its requests cannot be counted. */
  readonly asksElsewhere?: boolean;
  /** The client's own error classes: by status, and for a failure in mid-stream. */
  readonly errors: {
    readonly 401: string;
    readonly 404: string;
    readonly 503: string;
    readonly stream: string;
  };
}

/** What structured answers are made of here. */
export const reportSchema = z.object({ city: z.string(), degrees: z.number() });

const report = { city: 'Oslo', degrees: -3 };

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const patience = { timeout: 20_000 };

/** Tests a library's abilities, each as upstream and the client's user see it. */
export function proveAbilities(use: ServerInUse, { ability }: ClientUnderTest, library: Library): void {
  const { stream, converse, runTool, parse, see, errors } = library;
  const access = (more: Partial<Access> = {}): Access => ({
    baseURL: use.server.baseUrl,
    apiKey: 'sk-test',
    model: 'gpt-5',
    maxRetries: 0,
    ...more,
  });
  const latest = (): UpstreamRequest | undefined => use.upstream.requests.at(-1);

  if (converse !== undefined)
    ability(['plain', 'multi-turn'], async () => {
      use.upstream.script((request) => say('Heard: ', lastUserText(request)));
      expect(await converse(access(), ['I am Ada.', 'Who am I?'])).toEqual([
        'Heard: I am Ada.',
        'Heard: Who am I?',
      ]);
      expect(conversation(latest())).toEqual([
        { role: 'user', content: 'I am Ada.' },
        { role: 'assistant', content: 'Heard: I am Ada.' },
        { role: 'user', content: 'Who am I?' },
      ]);
    });

  if (stream !== undefined)
    ability('streamed', async () => {
      use.upstream.script(() => say('Hel', 'lo'));
      const deltas: string[] = [];
      for await (const delta of stream(access(), 'Hi', new AbortController().signal)) deltas.push(delta);
      expect(deltas).toEqual(['Hel', 'lo']);
    });

  if (runTool !== undefined) {
    ability('function tool round trip', async () => {
      scriptWeather(use.upstream);
      expect(await runTool(access(), question)).toBe(`It is: ${weather}`);
      expectUpstreamSaw(use.upstream, historyWith(['Oslo']));
    });

    ability('parallel tools', async () => {
      const cities = ['Oslo', 'Bergen'];
      scriptWeather(use.upstream, { cities });
      expect(await runTool(access(), question)).toBe(`It is: ${cities.map(weatherOf).join(' and ')}`);
      expectUpstreamSaw(use.upstream, historyWith(cities));
    });
  }

  if (parse !== undefined)
    ability('structured output', async () => {
      use.upstream.script((request) =>
        lastResults(request).length > 0 ? say('ok') : { blocks: [call('StructuredOutput', report)] },
      );
      const before = use.upstream.requests.length;
      expect(await parse(access(), question)).toEqual(report);
      const tool = use.upstream.requests[before]?.tools?.find(({ name }) => name === 'StructuredOutput');
      expect(tool?.input_schema).toMatchObject({
        properties: { city: { type: 'string' }, degrees: { type: 'number' } },
        required: ['city', 'degrees'],
      });
    });

  if (see !== undefined)
    ability('image', async () => {
      use.upstream.script(() => say('A red dot.'));
      expect(await see(access(), 'What is this?', `data:image/png;base64,${pixel}`)).toBe('A red dot.');
      // Claude Code itself says further where it keeps the picture.
      expect(conversation(latest())).toEqual([
        {
          role: 'user',
          content: expect.arrayContaining([
            { type: 'text', text: 'What is this?' },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
          ]),
        },
      ]);
    });

  const upstreamIsLeft = () => vi.waitFor(() => expect(latest()?.aborted()).toBe(true), patience);
  const neverEnds = () => use.upstream.script(() => ({ blocks: [text('Hel')], hold: new Promise(() => {}) }));

  if (stream !== undefined)
    ability(
      'abort',
      async () => {
        neverEnds();
        const controller = new AbortController();
        const read = async () => {
          for await (const _ of stream(access(), 'Hi', controller.signal)) controller.abort();
        };
        // Some throw their own error then, others just end.
        await read().catch(() => undefined);
        expect(controller.signal.aborted).toBe(true);
        await upstreamIsLeft();
      },
      { detail: 'of a stream' },
    );

  ability(
    'abort',
    async () => {
      neverEnds();
      const controller = new AbortController();
      const before = use.upstream.requests.length;
      const answer = library.ask(access(), 'Hi', controller.signal).then(
        () => 'answered',
        () => 'aborted',
      );
      await use.upstream.received(before + 1);
      controller.abort();
      expect(await answer).toBe('aborted');
      await upstreamIsLeft();
    },
    { detail: 'of a whole answer' },
  );

  const failing = (run: Promise<unknown>): Promise<unknown> =>
    run.then(
      () => {
        throw new Error('no error came');
      },
      (error: unknown) => told(error),
    );

  ability(
    'error shown properly',
    async () => {
      const before = { asked: use.asked.length, upstream: use.upstream.requests.length };
      const unknown = access({ model: 'llama', maxRetries: undefined });
      expect(await failing(library.ask(unknown, 'Hi'))).toEqual({
        kind: errors[404],
        status: 404,
        message: expect.stringContaining("The model 'llama' does not exist"),
      });
      const stranger = access({ apiKey: `sk-${'x'.repeat(43)}`, maxRetries: undefined });
      expect(await failing(library.ask(stranger, 'Hi'))).toEqual({
        kind: errors[401],
        status: 401,
        message: expect.stringContaining('Incorrect API key'),
      });
      use.upstream.script(() => ({
        error: { status: 529, type: 'overloaded_error', message: 'Too many people ask' },
      }));
      expect(await failing(library.ask(access(), 'Hi'))).toEqual({
        kind: errors[503],
        status: 503,
        message: expect.stringContaining('Too many people ask'),
      });
      // Each was asked once: nothing is tried again that cannot succeed.
      if (library.asksElsewhere !== true) expect(use.asked.length - before.asked).toBe(3);
      expect(use.upstream.requests.length - before.upstream).toBe(1);
    },
    { detail: 'before the answer' },
  );

  if (stream !== undefined)
    ability(
      'error shown properly',
      async () => {
        use.upstream.script((request) =>
          lastResults(request).length > 0
            ? { error: { status: 500, type: 'api_error', message: 'It broke in the middle' } }
            : { blocks: [text('I begin.'), call('Bash', { command: 'true', description: 'Nothing' })] },
        );
        const deltas: string[] = [];
        const read = async () => {
          for await (const delta of stream(access(), 'Hi', new AbortController().signal)) deltas.push(delta);
        };
        expect(await failing(read())).toMatchObject({
          kind: errors.stream,
          message: expect.stringContaining('It broke in the middle'),
        });
        expect(deltas).toEqual(['I begin.']);
      },
      { detail: 'in mid-stream' },
    );
}

/** An error as its user reads it, whatever the client calls its status. Some clients throw what is no `Error`. */
function told(error: unknown): { kind: string; status: unknown; message: unknown } {
  const { status, statusCode, message } = Object(error);
  return { kind: kindOf(error), status: status ?? statusCode, message };
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return error.name === 'Error' ? error.constructor.name : error.name;
}
