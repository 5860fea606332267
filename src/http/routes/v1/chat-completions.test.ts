import { once } from 'node:events';
import { connect } from 'node:net';
import OpenAI from 'openai';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { TurnError, type TurnErrorCode } from '../../../turn/index.ts';
import {
  done,
  failure,
  forever,
  type ScriptedEngine,
  type Step,
  says,
  scriptedEngine,
  started,
  text,
} from '../../testing/scripted-engine.ts';
import { createTestServer, type TestServer, type TestServerOptions } from '../../testing/test-server.ts';

let server: TestServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

interface Started extends TestServer {
  readonly engine: ScriptedEngine;
  readonly url: string;
  readonly client: OpenAI;
}

async function start(
  script: Parameters<typeof scriptedEngine>[0],
  options: Omit<TestServerOptions, 'engine'> = {},
): Promise<Started> {
  const engine = scriptedEngine(script);
  server = await createTestServer({ engine, ...options });
  const base = `${await server.listen()}/v1`;
  const client = new OpenAI({ baseURL: base, apiKey: 'sk-anything', maxRetries: 0 });
  return { ...server, engine, client, url: `${base}/chat/completions` };
}

const question = {
  model: 'gpt-4o',
  messages: [{ role: 'user', content: 'Hi' }],
} satisfies OpenAI.Chat.ChatCompletionCreateParams;

function post(url: string, extra: Record<string, unknown> = {}, init: RequestInit = {}): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify({ ...question, ...extra }), ...init });
}

/** The parsed `data:` frames of a whole stream. */
async function frames(response: Response): Promise<unknown[]> {
  return (await response.text()).split('\n\n').flatMap((frame) => {
    if (!frame.startsWith('data: ')) return [];
    const data = frame.slice('data: '.length);
    return [data === '[DONE]' ? data : JSON.parse(data)];
  });
}

/** A step that waits until the test lets it go on. */
function gate(): { readonly step: Step; open(): void } {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { step: () => opened, open };
}

describe("OpenAI's client", () => {
  test('gets a whole answer with its usage', async () => {
    const { client, engine } = await start(() => says('Hel', 'lo'));
    const completion = await client.chat.completions.create(question);
    expect(completion).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      model: 'gpt-4o',
      choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: 'Hello' } }],
      usage: { prompt_tokens: 10, completion_tokens: 3, total_tokens: 13 },
    });
    expect(completion._request_id).toMatch(/^req_/);
    expect(engine.runs[0]?.turn).toMatchObject({
      owner: 'local',
      model: 'sonnet',
      profile: { name: 'agent' },
    });
  });

  test('gets a stream, with the usage where it asks for it', async () => {
    const { client } = await start(() => says('Hel', 'lo'));
    const stream = client.chat.completions.stream({ ...question, stream_options: { include_usage: true } });
    const deltas: string[] = [];
    stream.on('content', (delta) => deltas.push(delta));
    const completion = await stream.finalChatCompletion();
    expect(deltas).toEqual(['Hel', 'lo']);
    expect(completion.choices[0]?.message.content).toBe('Hello');
    expect(completion.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 3 });
  });

  test.each([false, true])('throws the failure by its class (stream: %s)', async (stream) => {
    const { client } = await start(() => [failure(new TurnError('rate_limited', 'Slow down.'))]);
    const call = client.chat.completions.create({ ...question, stream });
    await expect(call).rejects.toThrow(OpenAI.RateLimitError);
    await expect(call).rejects.toMatchObject({ status: 429, code: 'rate_limit_exceeded' });
  });

  test('throws at a failure in mid-stream', async () => {
    const { client } = await start(() => [
      started,
      text('Hel'),
      failure(new TurnError('overloaded', 'Busy.')),
    ]);
    const stream = await client.chat.completions.create({ ...question, stream: true });
    let received = '';
    const read = async (): Promise<void> => {
      for await (const chunk of stream) received += chunk.choices[0]?.delta.content ?? '';
    };
    await expect(read()).rejects.toMatchObject({ code: 'server_is_overloaded' });
    expect(received).toBe('Hel');
  });

  test('does not try again once the agent has acted', async () => {
    const { client, engine } = await start(() => [
      started,
      failure(new TurnError('upstream_failed', 'Broken.', { agentActed: true })),
    ]);
    await expect(client.chat.completions.create(question, { maxRetries: 2 })).rejects.toMatchObject({
      status: 502,
    });
    expect(engine.runs).toHaveLength(1);
  });

  test('tries again where the failure may pass', async () => {
    let calls = 0;
    const { client } = await start(() => {
      calls += 1;
      return calls === 1
        ? [failure(new TurnError('overloaded', 'Busy.', { retryAfterSeconds: 0.01 }))]
        : says('Hello');
    });
    const completion = await client.chat.completions.create(question, { maxRetries: 1 });
    expect(completion.choices[0]?.message.content).toBe('Hello');
  });
});

describe('a failure before the answer has its own status', () => {
  test.each<[TurnErrorCode, number, string | null]>([
    ['not_logged_in', 503, 'false'],
    ['rate_limited', 429, null],
    ['quota_exceeded', 429, 'false'],
    ['context_length_exceeded', 400, null],
    ['overloaded', 503, null],
    ['engine_failed', 500, null],
  ])('%s', async (code, status, shouldRetry) => {
    const { url } = await start(() => [
      { type: 'notice', code: 'upstream_retry', message: 'Trying again.' },
      failure(new TurnError(code, 'It failed.', { retryAfterSeconds: 1.5 })),
    ]);
    for (const stream of [false, true]) {
      const response = await post(url, { stream });
      expect(response.status).toBe(status);
      expect(response.headers.get('content-type')).toContain('application/json');
      expect(response.headers.get('retry-after')).toBe('2');
      expect(response.headers.get('x-should-retry')).toBe(shouldRetry);
      expect(await response.json()).toEqual({
        error: {
          message: 'It failed.',
          type: expect.any(String),
          param: expect.toBeOneOf([null, expect.any(String)]),
          code: expect.any(String),
        },
      });
    }
  });

  test.each([
    ['a body without a model', { model: undefined }, 400, { param: 'model', code: 'missing_required_field' }],
    ['an unknown model', { model: 'davinci' }, 404, { param: 'model', code: 'model_not_found' }],
    ['messages of a wrong type', { messages: 'Hi' }, 400, { param: 'messages', code: 'invalid_type' }],
  ])('%s', async (_name, extra, status, error) => {
    const { url, engine } = await start(() => says('Hello'));
    const response = await post(url, extra);
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', ...error } });
    expect(engine.runs).toHaveLength(0);
  });

  test('an engine that breaks tells nothing of its insides, and the log has them', async () => {
    const { url, log } = await start(() => [
      () => {
        throw new Error('secret detail');
      },
    ]);
    for (const stream of [false, true]) {
      const response = await post(url, { stream });
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain('secret detail');
    }
    expect(log.filter((line) => JSON.stringify(line).includes('secret detail'))).toHaveLength(2);
  });
});

describe('a stream', () => {
  test('is whole frames, ended by [DONE]', async () => {
    const { url } = await start(() => says('Hello'));
    const response = await post(url, { stream: true });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    expect(response.headers.get('openai-processing-ms')).toMatch(/^\d+$/);
    const all = await frames(response);
    expect(all.at(0)).toMatchObject({ choices: [{ index: 0, delta: { role: 'assistant' } }] });
    expect(all.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    expect(all.at(-1)).toBe('[DONE]');
  });

  test('that fails later ends with the error, without [DONE]', async () => {
    const { url } = await start(() => [started, text('Hel'), failure(new TurnError('overloaded', 'Busy.'))]);
    const response = await post(url, { stream: true });
    expect(response.status).toBe(200);
    const all = await frames(response);
    expect(all.at(-1)).toEqual({
      error: { message: 'Busy.', type: 'server_error', param: null, code: 'server_is_overloaded' },
    });
    expect(all).not.toContain('[DONE]');
  });

  test('that cannot take back what it said ends with an error, and the turn is stopped', async () => {
    const { url, engine } = await start(() => [started, text('{"a"'), { type: 'text.reset' }, forever]);
    const all = await frames(await post(url, { stream: true }));
    expect(all.at(-1)).toMatchObject({ error: { code: 'schema_mismatch' } });
    await vi.waitFor(() => expect(engine.runs[0]?.ended).toBe(true));
  });

  test('begins while the engine is still silent, after the limit', async () => {
    const hold = gate();
    const { url } = await start(() => [hold.step, failure(new TurnError('overloaded', 'Busy.'))], {
      timing: { statusLimitMs: 20, keepAliveMs: 10 },
    });
    const response = await post(url, { stream: true });
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toMatch(/^(: keep-alive\n\n)+$/);
    hold.open();
    let rest = '';
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      rest += Buffer.from(part.value).toString();
    }
    expect(rest).toContain('data: {"error":');
  });

  test('stops asking the engine for more while its reader does not read', async () => {
    const total = 600;
    const piece = 'x'.repeat(64 * 1024);
    const { url, engine } = await start(() => [
      started,
      ...Array.from({ length: total }, () => text(piece)),
      done,
    ]);
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.pause();
    const body = JSON.stringify({ ...question, stream: true });
    socket.write(
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
    const taken = (): number => engine.runs[0]?.taken ?? 0;
    let before = -1;
    await vi.waitFor(
      () => {
        const now = taken();
        const stuck = now > 1 && now === before;
        before = now;
        expect(stuck).toBe(true);
      },
      { interval: 200, timeout: 20_000 },
    );
    expect(taken()).toBeLessThan(total / 2);
    socket.resume();
    await once(socket, 'end');
    expect(engine.runs[0]?.ended).toBe(true);
    expect(taken()).toBeGreaterThan(total);
  });
});

describe('n answers', () => {
  const script: Parameters<typeof scriptedEngine>[0] = (turn) =>
    says(turn.id.endsWith('-0') ? 'zero' : 'one');

  test('come as one whole answer with their usage summed', async () => {
    const { client, engine } = await start(script);
    const { choices, usage } = await client.chat.completions.create({ ...question, n: 2 });
    expect(choices.map(({ index, message }) => [index, message.content])).toEqual([
      [0, 'zero'],
      [1, 'one'],
    ]);
    expect(usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 6 });
    const [first, second] = engine.runs.map(({ turn }) => turn.id);
    expect([first, second].map((id) => id?.slice(-2))).toEqual(['-0', '-1']);
    expect(first?.slice(0, -2)).toBe(second?.slice(0, -2));
  });

  test('come in one stream by their index', async () => {
    const { client } = await start(script);
    const stream = client.chat.completions.stream({
      ...question,
      n: 2,
      stream_options: { include_usage: true },
    });
    const { choices, usage } = await stream.finalChatCompletion();
    expect(choices.map(({ index, message }) => [index, message.content]).sort()).toEqual([
      [0, 'zero'],
      [1, 'one'],
    ]);
    expect(usage).toMatchObject({ prompt_tokens: 20, completion_tokens: 6 });
  });

  test.each([false, true])(
    'fail together when one fails, and the others are stopped (stream: %s)',
    async (stream) => {
      const { url, engine } = await start((turn) =>
        turn.id.endsWith('-1')
          ? [failure(new TurnError('overloaded', 'Busy.'))]
          : [() => new Promise((resolve) => setTimeout(resolve, 50)), forever],
      );
      const response = await post(url, { n: 2, stream });
      expect(response.status).toBe(503);
      await vi.waitFor(() => expect(engine.runs.map(({ ended }) => ended)).toEqual([true, true]));
      expect(engine.runs[0]?.signal.aborted).toBe(true);
    },
  );
});

describe('a client that goes away', () => {
  test.each([
    ['before a stream begins', { stream: true }, [forever]],
    ['in the middle of a stream', { stream: true }, [started, text('Hel'), forever]],
    ['before a whole answer', { stream: false }, [started, text('Hel'), forever]],
    ['while several answers come', { stream: true, n: 2 }, [started, text('Hel'), forever]],
  ])('%s stops the turns, and is logged with what they took', async (_name, extra, script) => {
    const { url, engine, log, running } = await start(() => script);
    const controller = new AbortController();
    const response = post(url, extra, { signal: controller.signal }).then((answer) => answer.text());
    const turns = 'n' in extra ? 2 : 1;
    await vi.waitFor(() => expect(engine.runs).toHaveLength(turns));
    controller.abort();
    await expect(response).rejects.toThrow();
    await vi.waitFor(() => expect(engine.runs.every((run) => run.signal.aborted && run.ended)).toBe(true));
    await vi.waitFor(() => expect(running.count).toBe(0));
    const line = log.find((entry) => entry['path'] === '/v1/chat/completions');
    expect(line).toMatchObject({ status: 499, error: 'cancelled', inputTokens: 5 * turns });
  });

  test('after the answer stops nothing', async () => {
    const { client, engine } = await start(() => says('Hello'));
    await client.chat.completions.create(question);
    expect(engine.runs[0]?.signal.aborted).toBe(false);
  });
});

describe('a whole answer that is long in coming', () => {
  test('is kept alive by white space before its body', async () => {
    const hold = gate();
    const { url } = await start(() => [started, hold.step, text('Hello'), done], {
      timing: { heartbeatMs: 10 },
    });
    const response = await post(url);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('x-request-id')).toMatch(/^req_/);
    const reader = response.body?.getReader();
    const { value } = (await reader?.read()) ?? {};
    expect(Buffer.from(value ?? []).toString()).toMatch(/^ +$/);
    hold.open();
    let rest = '';
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      rest += Buffer.from(part.value).toString();
    }
    expect(JSON.parse(rest)).toMatchObject({ choices: [{ message: { content: 'Hello' } }] });
  });

  test("is read by OpenAI's client all the same", async () => {
    const hold = gate();
    const { client } = await start(() => [started, hold.step, text('Hello'), done], {
      timing: { heartbeatMs: 5 },
    });
    const completion = client.chat.completions.create(question);
    setTimeout(hold.open, 50);
    expect((await completion).choices[0]?.message.content).toBe('Hello');
  });

  test('fails with an error body once its status is settled', async () => {
    const hold = gate();
    const { url } = await start(() => [started, hold.step, failure(new TurnError('overloaded', 'Busy.'))], {
      timing: { heartbeatMs: 10 },
    });
    const response = await post(url);
    hold.open();
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ error: { code: 'server_is_overloaded' } });
  });
});

describe('what is told of a request', () => {
  test('names what has no effect, to the client and in the log', async () => {
    const { url, log } = await start(() => says('Hello'));
    const response = await post(url, { seed: 7, presence_penalty: 1 });
    expect(response.headers.get('x-claudecode-ignored')?.split(',').sort()).toEqual([
      'presence_penalty',
      'seed',
    ]);
    const line = log.find((entry) => 'ignored' in entry);
    expect(line?.['ignored']).toContainEqual({ param: 'seed', reason: expect.any(String) });
    expect((await post(url)).headers.get('x-claudecode-ignored')).toBeNull();
  });

  test('is one line, without bodies and keys', async () => {
    const { url, log } = await start(() => says('Hello'));
    const headers = { authorization: 'Bearer sk-very-secret' };
    const messages = [{ role: 'user', content: 'private words' }];
    await (await post(`${url}?key=sk-very-secret`, { stream: true, messages }, { headers })).text();
    await vi.waitFor(() => expect(log.some((entry) => entry['path'] !== undefined)).toBe(true));
    expect(log.filter((entry) => entry['path'] !== undefined)).toEqual([
      expect.objectContaining({
        level: 30,
        requestId: expect.stringMatching(/^req_/),
        method: 'POST',
        path: '/v1/chat/completions',
        status: 200,
        durationMs: expect.any(Number),
        firstTokenMs: expect.any(Number),
        owner: 'local',
        turn: expect.stringMatching(/^turn_/),
        model: 'claude-sonnet-5',
        profile: 'agent',
        source: 'new',
        stopReason: 'end',
        inputTokens: 10,
        outputTokens: 3,
        costUsd: 0.001,
      }),
    ]);
    const events = log.flatMap((entry) =>
      entry['level'] === 20 && 'event' in entry ? [entry['event']] : [],
    );
    expect(events).toEqual(['started', 'text.started', 'text.delta', 'done']);
    expect(JSON.stringify(log)).not.toMatch(/sk-very-secret|private words|Hello/);
  });

  test('a profile is chosen by header', async () => {
    const { url, engine } = await start(() => says('Hello'));
    await (await post(url, {}, { headers: { 'x-claudecode-profile': 'model' } })).text();
    expect(engine.runs[0]?.turn.profile.name).toBe('model');
    const response = await post(url, {}, { headers: { 'x-claudecode-profile': 'nobody' } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { param: 'x-claudecode-profile' } });
  });

  test('a stop by the server is told as such', async () => {
    const { url, engine, running } = await start(() => [started, text('Hel'), forever]);
    const stream = post(url, { stream: true }).then(frames);
    const whole = post(url);
    await vi.waitFor(() => expect(engine.runs.map(({ taken }) => taken)).toEqual([2, 2]));
    running.abortAll(new TurnError('shutting_down', 'The server is shutting down.'));
    expect((await stream).at(-1)).toMatchObject({ error: { code: 'server_shutting_down' } });
    expect((await whole).status).toBe(503);
    await running.idle();
    expect(running.count).toBe(0);
  });
});
