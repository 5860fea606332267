import { afterEach, expect, test } from 'vitest';
import type { Turn } from '../../../turn/index.ts';
import { TurnError } from '../../../turn/index.ts';
import { failure, says, started, text } from '../../testing/scripted-engine.ts';
import { type StartedServer, startTestServer } from '../../testing/start-test-server.ts';

let server: StartedServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

const asked = (turn: Turn): string => JSON.stringify(turn.messages);

test('a text is continued', async () => {
  server = await startTestServer(() => says(' a', ' time'));
  const completion = await server.client.completions.create({ model: 'gpt-4o', prompt: 'Once upon' });
  expect(completion).toMatchObject({
    id: expect.stringMatching(/^cmpl-/),
    object: 'text_completion',
    model: 'gpt-4o',
    choices: [{ index: 0, text: ' a time', finish_reason: 'stop' }],
    usage: { prompt_tokens: 10, completion_tokens: 3 },
  });
  expect(server.engine.runs[0]?.turn).toMatchObject({ owner: 'me', profile: { name: 'model' } });
});

test('several prompts and choices are numbered prompt by prompt', async () => {
  server = await startTestServer((turn) => says(asked(turn).includes('one') ? '1' : '2'));
  const completion = await server.client.completions.create({
    model: 'gpt-4o',
    prompt: ['one', 'two'],
    n: 2,
  });
  expect(completion.choices.map(({ index, text }) => [index, text])).toEqual([
    [0, '1'],
    [1, '1'],
    [2, '2'],
    [3, '2'],
  ]);
  expect(completion.usage?.prompt_tokens).toBe(40);
  expect(new Set(server.engine.runs.map(({ turn }) => turn.id)).size).toBe(4);
});

test('a stream has its pieces, the reason of its end, and the usage where it is asked for', async () => {
  server = await startTestServer(() => says(' a', ' time'));
  const stream = await server.client.completions.create({
    model: 'gpt-4o',
    prompt: 'Once upon',
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.map(({ choices }) => choices[0]?.text).join('')).toBe(' a time');
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 13 } });
});

test('a failure has its status before the head, and fails the stream after it', async () => {
  let early = true;
  server = await startTestServer(() =>
    early
      ? [failure(new TurnError('rate_limited', 'Slow down.'))]
      : [started, text('x'), failure(new TurnError('overloaded', 'Busy.'))],
  );
  const { client } = server;
  const request = { model: 'gpt-4o', prompt: 'Once', stream: true } as const;
  await expect(client.completions.create(request)).rejects.toMatchObject({ status: 429 });
  await expect(client.completions.create({ ...request, stream: false })).rejects.toMatchObject({
    status: 429,
  });
  early = false;
  const stream = await client.completions.create(request);
  const read = async (): Promise<void> => {
    for await (const chunk of stream) expect(chunk.object).toBe('text_completion');
  };
  await expect(read()).rejects.toMatchObject({ code: 'server_is_overloaded' });
});
