import type OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  call,
  conversation,
  lastResults,
  lastUserText,
  say,
  startUpstream,
  text,
  thinking,
  type Upstream,
} from '../support/upstream.ts';

type Params = OpenAI.Chat.ChatCompletionCreateParamsNonStreaming;
type Delta = OpenAI.Chat.ChatCompletionChunk.Choice.Delta & { reasoning_content?: string };

let upstream: Upstream;
let server: TestApp;

beforeAll(async () => {
  upstream = await startUpstream();
  server = await startApp({ upstream });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const hello: Params = { model: 'model', messages: [{ role: 'user', content: 'hello' }] };

async function deltasOf(params: Params): Promise<Delta[]> {
  const stream = await server.openai.chat.completions.create({ ...params, stream: true });
  const deltas: Delta[] = [];
  for await (const chunk of stream) if (chunk.choices[0]) deltas.push(chunk.choices[0].delta);
  return deltas;
}

describe('a stream', () => {
  test('brings upstream’s own deltas, then the reason and the usage', async () => {
    upstream.script(() => ({
      blocks: [text('Hel', 'lo ', 'there')],
      usage: {
        input_tokens: 7,
        cache_read_input_tokens: 100,
        cache_creation_input_tokens: 20,
        output_tokens: 9,
      },
    }));
    const stream = await server.openai.chat.completions.create({
      ...hello,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks[0]?.choices[0]?.delta.role).toBe('assistant');
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content).filter(Boolean)).toEqual([
      'Hel',
      'lo ',
      'there',
    ]);
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: {
        prompt_tokens: 127,
        completion_tokens: 9,
        total_tokens: 136,
        prompt_tokens_details: { cached_tokens: 100 },
      },
    });
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
  });

  test('and the whole answer agree, through the SDK’s helper', async () => {
    upstream.script(() => say('one ', 'two ', 'three'));
    const final = await server.openai.chat.completions
      .stream({ ...hello, stream: true })
      .finalChatCompletion();
    const whole = await server.openai.chat.completions.create(hello);
    expect(final.choices[0]?.message.content).toBe('one two three');
    expect(whole.choices[0]?.message.content).toBe('one two three');
    expect(whole.choices[0]?.finish_reason).toBe('stop');
  });

  test('brings thinking as reasoning_content, apart from the text', async () => {
    upstream.script(() => ({ blocks: [thinking('Let me ', 'think.'), text('Done.')] }));
    const deltas = await deltasOf(hello);
    expect(deltas.map((delta) => delta.reasoning_content ?? '').join('')).toBe('Let me think.');
    expect(deltas.map((delta) => delta.content ?? '').join('')).toBe('Done.');
  });

  test('tells each built-in tool call in one line of reasoning_content', async () => {
    upstream.script((request) =>
      lastResults(request).length > 0
        ? say('Finished.')
        : { blocks: [text('I will.'), call('Bash', { command: 'echo hi', description: 'Say hi' })] },
    );
    const deltas = await deltasOf({ ...hello, model: 'gpt-4o' });
    expect(deltas.map((delta) => delta.reasoning_content ?? '').join('')).toMatch(
      /^\s*\[Bash\] .*echo hi.*\n$/,
    );
    expect(deltas.map((delta) => delta.content ?? '').join('')).toBe('I will.\n\nFinished.');
  });
});

describe('limits', () => {
  test('a stop sequence cuts exactly, across deltas, and ends the run', async () => {
    upstream.script(() => say('one ST', 'O', 'P two'));
    const completion = await server.openai.chat.completions.create({ ...hello, stop: ['STOP'] });
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'one ' } });
    const deltas = await deltasOf({ ...hello, stop: 'STOP' });
    expect(deltas.map((delta) => delta.content ?? '').join('')).toBe('one ');
  });

  test.each(['max_tokens', 'max_completion_tokens'] as const)('%s ends with length', async (name) => {
    upstream.script((request) => ({
      ...say('cut o'),
      stopReason: 'max_tokens',
      usage: { output_tokens: request.max_tokens },
    }));
    const completion = await server.openai.chat.completions.create({ ...hello, [name]: 17 });
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: 'cut o' } });
    expect(completion.usage?.completion_tokens).toBe(17);
    expect(upstream.requests.at(-1)?.max_tokens).toBe(17);
  });

  test('n gives that many answers, with the usage of all', async () => {
    let count = 0;
    upstream.script(() => say(`answer ${count++}`));
    const completion = await server.openai.chat.completions.create({ ...hello, n: 3 });
    expect(completion.choices.map((choice) => choice.message.content).sort()).toEqual([
      'answer 0',
      'answer 1',
      'answer 2',
    ]);
    expect(completion.choices.map((choice) => choice.index)).toEqual([0, 1, 2]);
    expect(completion.usage?.prompt_tokens).toBe(30);
  });
});

describe('structured output', () => {
  const schema = {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'number' } },
    required: ['name', 'age'],
    additionalProperties: false,
  };
  const format = { type: 'json_schema', json_schema: { name: 'person', strict: true, schema } } as const;
  const structured = (input: unknown) => ({
    blocks: [text('Here you are:'), call('StructuredOutput', input)],
  });

  test('by schema is the JSON alone', async () => {
    upstream.script((request) =>
      lastResults(request).length > 0 ? say('ok') : structured({ name: 'Ada', age: 36 }),
    );
    const params = { ...hello, response_format: format };
    const completion = await server.openai.chat.completions.parse(params);
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({ name: 'Ada', age: 36 });
    expect(completion.choices[0]?.finish_reason).toBe('stop');
    const deltas = await deltasOf(params);
    expect(JSON.parse(deltas.map((delta) => delta.content ?? '').join(''))).toEqual({ name: 'Ada', age: 36 });
  });

  test('by a schema that Claude Code cannot hold answers to is refused, and not to be tried again', async () => {
    const odd = { ...schema, prefixItems: [] };
    const refused = server.openai.chat.completions.create({
      ...hello,
      response_format: { type: 'json_schema', json_schema: { name: 'odd', schema: odd } },
    });
    await expect(refused).rejects.toMatchObject({
      status: 400,
      message: expect.stringMatching(/schema of the answer: .*prefixItems/),
    });
  });

  test('that does not fit is asked for anew, and only the last is given', async () => {
    upstream.script((request) => {
      const [result] = lastResults(request);
      if (result === undefined) return structured({ name: 'Ada' });
      return JSON.stringify(result).includes('"is_error":true')
        ? structured({ name: 'Ada', age: 36 })
        : say('ok');
    });
    const completion = await server.openai.chat.completions.create({ ...hello, response_format: format });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({ name: 'Ada', age: 36 });
  });

  test('as json_object is any object', async () => {
    upstream.script((request) =>
      lastResults(request).length > 0 ? say('ok') : structured({ free: ['form'] }),
    );
    const completion = await server.openai.chat.completions.create({
      ...hello,
      response_format: { type: 'json_object' },
    });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({ free: ['form'] });
  });
});

describe('content', () => {
  const pixel =
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

  test('images and files reach upstream as blocks', async () => {
    upstream.script(() => say('seen'));
    const pdf = Buffer.from('%PDF-1.4\n%%EOF').toString('base64');
    await server.openai.chat.completions.create({
      model: 'model',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'look' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${pixel}` } },
            { type: 'file', file: { filename: 'a.pdf', file_data: `data:application/pdf;base64,${pdf}` } },
            {
              type: 'file',
              file: { filename: 'a.txt', file_data: `data:text/plain;base64,${btoa('plain words')}` },
            },
          ],
        },
      ],
    });
    const [message] = conversation(upstream.requests.at(-1));
    expect(message?.content).toEqual([
      { type: 'text', text: 'look' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: pixel } },
      expect.objectContaining({
        type: 'document',
        source: { type: 'base64', media_type: 'application/pdf', data: pdf },
      }),
      expect.objectContaining({
        type: 'document',
        source: { type: 'text', media_type: 'text/plain', data: 'plain words' },
      }),
    ]);
  });

  test('an image by https is passed on, never fetched here', async () => {
    upstream.script(() => say('seen'));
    const url = 'https://example.invalid/cat.png';
    await server.openai.chat.completions.create({
      model: 'model',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url } },
            { type: 'text', text: 'what?' },
          ],
        },
      ],
    });
    expect(JSON.stringify(conversation(upstream.requests.at(-1)))).toContain(
      JSON.stringify({ type: 'image', source: { type: 'url', url } }),
    );
  });
});

test('reasoning_effort reaches upstream, and none turns thinking off', async () => {
  upstream.script(() => say('ok'));
  await server.openai.chat.completions.create({ ...hello, reasoning_effort: 'low' });
  expect(upstream.requests.at(-1)?.output_config).toMatchObject({ effort: 'low' });
  await server.openai.chat.completions.create({ ...hello, reasoning_effort: 'none' });
  const thinkingSent = upstream.requests.at(-1)?.thinking;
  expect(thinkingSent === undefined || JSON.stringify(thinkingSent) === '{"type":"disabled"}').toBe(true);
});

test.each(['haiku', 'sonnet', 'opus'])(
  '%s, which always thinks, thinks as little as it can',
  async (model) => {
    upstream.script(() => say('ok'));
    for (const effort of ['none', 'minimal'] as const) {
      await server.openai.chat.completions.create({ ...hello, model, reasoning_effort: effort });
      expect(upstream.requests.at(-1)?.output_config).toMatchObject({ effort: 'low' });
      await server.openai.responses.create({ model, input: 'hello', reasoning: { effort } });
      expect(upstream.requests.at(-1)?.output_config).toMatchObject({ effort: 'low' });
    }
  },
);

test('what is not honoured is named in a header', async () => {
  upstream.script(() => say('ok'));
  const { response } = await server.openai.chat.completions
    .create({ ...hello, temperature: 0.2, seed: 7, frequency_penalty: 1 })
    .withResponse();
  const ignored = response.headers.get('x-claudecode-ignored')?.split(/,\s*/) ?? [];
  expect(ignored.sort()).toEqual(['frequency_penalty', 'seed', 'temperature']);
  expect(response.headers.get('x-request-id')).toMatch(/^req_/);
  expect(Number(response.headers.get('openai-processing-ms'))).toBeGreaterThanOrEqual(0);
});

test('models are those of the engine, the profiles and the usual names', async () => {
  const ids: string[] = [];
  for await (const model of server.openai.models.list()) ids.push(model.id);
  expect(ids).toEqual(
    expect.arrayContaining(['agent', 'model', 'sonnet', 'opus', 'haiku', 'gpt-4o', 'o3', 'o4-mini', 'gpt-5']),
  );
  expect((await server.openai.models.retrieve('gpt-4o')).id).toBe('gpt-4o');
  await expect(server.openai.models.retrieve('no-such-model')).rejects.toMatchObject({
    status: 404,
    code: 'model_not_found',
  });
  upstream.script((request) => say(request.model));
  const answers = ['gpt-4o', 'gpt-4o-mini', 'agent/opus', 'claude-sonnet-5'].map(async (model) => {
    const completion = await server.openai.chat.completions.create({ ...hello, model });
    return completion.choices[0]?.message.content;
  });
  expect(await Promise.all(answers)).toEqual([
    'claude-sonnet-5',
    expect.stringContaining('haiku'),
    expect.stringContaining('opus'),
    'claude-sonnet-5',
  ]);
});

test('thirty requests at once are all answered, and none mixed up', async () => {
  upstream.script((request) => say('re: ', lastUserText(request)));
  const answers = await Promise.all(
    Array.from({ length: 30 }, async (_, index) => {
      const content = `request number ${index}`;
      const completion = await server.openai.chat.completions.create({
        model: 'model',
        messages: [{ role: 'user', content }],
      });
      return completion.choices[0]?.message.content;
    }),
  );
  expect(answers).toEqual(Array.from({ length: 30 }, (_, index) => `re: request number ${index}`));
  await expect.poll(() => server.app.engineStatus().pool.running).toBe(0);
  const { pool } = server.app.engineStatus();
  expect(pool.idle + pool.spares).toBeLessThanOrEqual(pool.maxProcesses);
}, 60_000);
