import { readFile } from 'node:fs/promises';
import path from 'node:path';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConsoleClient } from '../support/console-client.ts';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  call,
  conversation,
  lastResults,
  lastUserText,
  say,
  startUpstream,
  type Upstream,
} from '../support/upstream.ts';

let upstream: Upstream;
let server: TestApp;
let console: ConsoleClient;

beforeAll(async () => {
  upstream = await startUpstream();
  server = await startApp({ upstream });
  console = await ConsoleClient.signIn(server.origin);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

/** Calls of the model for a conversation that began so. */
const callsFor = (text: string) =>
  upstream.requests.filter((request) => conversation(request)[0]?.content === text);

const timeout = 1_500;

/**
 * A client that gives up soon and asks again, and upstream that says nothing until it has: so the agent is always in
 * the middle of its work when its client leaves.
 */
function impatient(options: { readonly timeout?: number } = {}) {
  let repeat = (): void => {};
  const repeated = new Promise<void>((resolve) => {
    repeat = resolve;
  });
  const tries: Response[] = [];
  let sent = 0;
  const client = new OpenAI({
    baseURL: server.baseUrl,
    apiKey: 'sk-test',
    maxRetries: 5,
    ...options,
    fetch: async (input, init) => {
      sent += 1;
      if (sent > 1) repeat();
      const response = await fetch(input, init);
      tries.push(response);
      return response;
    },
  });
  return { client, repeated, tries, sent: () => sent };
}

test('an agent runs once for a client whose time-out asks again', async () => {
  const { client, repeated, tries, sent } = impatient({ timeout });
  upstream.script(async (request) => {
    if (lastResults(request).length === 0)
      return { blocks: [call('Bash', { command: 'echo ran >> runs.txt', description: 'x' })] };
    await repeated;
    return say('It ran.');
  });
  const completion = await client.chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'run once' }],
  });
  expect(completion.choices[0]?.message.content).toContain('It ran.');
  expect(sent()).toBeGreaterThan(1);
  expect(tries.at(-1)?.headers.get('x-claudecode-joined')).toMatch(/^req_/);
  expect(await readFile(path.join(server.workspace, 'runs.txt'), 'utf8')).toBe('ran\n');
  expect(callsFor('run once')).toHaveLength(2);

  const page = async () => (await console.call('listRecords', { query: { limit: 50 } })).items;
  await expect.poll(async () => (await page()).length, { timeout: 10_000 }).toBe(sent());
  const records = await page();
  const joined = records.filter(({ stopReason }) => stopReason === 'joined');
  expect(joined.length).toBe(sent() - 1);
  for (const record of joined) expect(record).toMatchObject({ upstreamCalls: 0, costUsd: null });
  expect(joined[0]).toMatchObject({ status: 200, responseId: completion.id });
  expect(records.find((record) => !joined.includes(record))).toMatchObject({
    status: 499,
    errorCode: null,
    upstreamCalls: 2,
    responseId: completion.id,
  });
});

test.each(['chat', 'response'])('so does that of a streamed %s', async (kind) => {
  const { client, repeated, sent } = impatient();
  upstream.script(async () => {
    await repeated;
    return say('Streamed', ' once.');
  });
  const text = `stream a ${kind}`;
  // A time-out that is given with the request is told, in whole seconds.
  if (kind === 'chat') {
    const body = { model: 'model', messages: [{ role: 'user' as const, content: text }] };
    const completion = await client.chat.completions.stream(body, { timeout }).finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBe('Streamed once.');
  } else {
    const stream = await client.responses.stream({ model: 'model', input: text }, { timeout });
    expect((await stream.finalResponse()).output_text).toBe('Streamed once.');
  }
  expect(sent()).toBeGreaterThan(1);
  expect(callsFor(text)).toHaveLength(1);
});

test.each([true, false])('a person who stops the client stops the agent (stream: %s)', async (stream) => {
  upstream.script(() => ({ ...say('I go on'), hold: new Promise(() => {}) }));
  const controller = new AbortController();
  const content = `stop me (${stream})`;
  const { client } = impatient();
  const answer = client.chat.completions.create(
    { model: 'model', messages: [{ role: 'user', content }], stream },
    { signal: controller.signal, timeout: 300_000 },
  );
  const read = answer.then(async (events) => {
    if (Symbol.asyncIterator in events) for await (const _ of events);
  });
  await expect.poll(() => callsFor(content).length, { timeout: 20_000 }).toBe(1);
  if (stream) await answer;
  controller.abort();
  await read.catch(() => {});
  // Long before RETRY_GRACE_SECONDS.
  await expect.poll(() => callsFor(content)[0]?.aborted(), { timeout: 10_000 }).toBe(true);
});

test('requests with one Idempotency-Key are run once', async () => {
  upstream.script((request) => say(`You said: ${lastUserText(request)}`));
  const options = { headers: { 'Idempotency-Key': 'order-7' } };
  const ask = () => server.openai.responses.create({ model: 'model', input: 'one key' }, options);
  const [first, second] = await Promise.all([ask(), ask()]);
  const third = await ask();
  expect(first.output_text).toBe('You said: one key');
  expect([second.id, third.id]).toEqual([first.id, first.id]);
  expect(callsFor('one key')).toHaveLength(1);
  await expect(
    server.openai.responses.create({ model: 'model', input: 'another' }, options),
  ).rejects.toMatchObject({ status: 422, code: 'idempotency_key_reused' });
  const next = await server.openai.responses.create({
    model: 'model',
    input: 'and now?',
    previous_response_id: third.id,
  });
  expect(next.output_text).toBe('You said: and now?');
});

test('what failed before the agent acted is tried again', async () => {
  let calls = 0;
  upstream.script(() => {
    calls += 1;
    return calls === 1
      ? { error: { status: 500, type: 'api_error', message: 'broken' } }
      : say('Second try.');
  });
  const completion = await impatient().client.chat.completions.create(
    { model: 'model', messages: [{ role: 'user', content: 'fail first' }] },
    { headers: { 'Idempotency-Key': 'failing' } },
  );
  expect(completion.choices[0]?.message.content).toBe('Second try.');
  expect(calls).toBe(2);
});

test('with RETRY_GRACE_SECONDS=0 everything runs again', async () => {
  await console.call('updateSettings', { body: { changes: { RETRY_GRACE_SECONDS: 0 } } });
  upstream.script(() => say('Again.'));
  const body = { model: 'model', messages: [{ role: 'user' as const, content: 'run again' }] };
  const headers = { 'Idempotency-Key': 'again', 'x-stainless-retry-count': '1' };
  const first = await server.openai.chat.completions.create(body, { headers });
  const second = await server.openai.chat.completions.create(body, { headers });
  expect(second.id).not.toBe(first.id);
  expect(callsFor('run again')).toHaveLength(2);
});
