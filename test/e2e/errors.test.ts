import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startApp, type TestApp } from '../support/start-app.ts';
import {
  call,
  lastResults,
  lastUserText,
  say,
  startUpstream,
  text,
  type Upstream,
} from '../support/upstream.ts';

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

const hello: OpenAI.Chat.ChatCompletionCreateParamsNonStreaming = {
  model: 'model',
  messages: [{ role: 'user', content: 'hello' }],
};

async function failure(
  params: OpenAI.Chat.ChatCompletionCreateParams,
): Promise<InstanceType<typeof OpenAI.APIError>> {
  try {
    const answer = await server.openai.chat.completions.create(params);
    if (Symbol.asyncIterator in answer) for await (const _ of answer);
  } catch (error) {
    if (error instanceof OpenAI.APIError) return error;
    throw error;
  }
  throw new Error('the request succeeded');
}

describe('what upstream refuses keeps its meaning', () => {
  const cases: [number, string, number, string | null][] = [
    [400, 'invalid_request_error', 400, null],
    [401, 'authentication_error', 401, 'upstream_authentication_failed'],
    [403, 'permission_error', 403, null],
    [404, 'not_found_error', 404, 'model_not_found'],
    [413, 'request_too_large', 413, null],
    [429, 'rate_limit_error', 429, 'rate_limit_exceeded'],
    [500, 'api_error', 502, null],
    [529, 'overloaded_error', 503, 'server_is_overloaded'],
  ];
  for (const stream of [false, true])
    test.each(cases)(`%i %s, ${stream ? 'streamed' : 'whole'}`, async (status, type, expected, code) => {
      upstream.script(() => ({ error: { status, type, message: `upstream says ${type}` } }));
      const error = await failure({ ...hello, stream });
      expect(error.status).toBe(expected);
      if (code !== null) expect(error.code).toBe(code);
      expect(error.message.length).toBeGreaterThan(10);
      expect(error.error).toMatchObject({ message: expect.any(String), type: expect.any(String) });
      if (status === 429) expect(Number(error.headers?.get('retry-after'))).toBeGreaterThan(0);
    });
});

describe('what a gateway refuses', () => {
  async function refuse(app: TestApp): Promise<{ message: string; bodies: object[] }> {
    const before = upstream.requests.length;
    upstream.script(() => ({
      error: { status: 400, type: 'invalid_request_error', message: 'no such thing' },
    }));
    // Asked by no other test: a process of one may ask once more while it is being ended.
    const content = 'what a gateway refuses';
    const messages = [{ role: 'user' as const, content }];
    const error = await app.openai.chat.completions
      .create({ ...hello, messages })
      .catch((reason: unknown) => reason);
    if (!(error instanceof OpenAI.APIError)) throw error;
    expect(error.status).toBe(400);
    const bodies = upstream.requests.slice(before).filter((body) => lastUserText(body) === content);
    return { message: error.message, bodies };
  }

  test('is asked again without what gateways may not know, and never with anything else changed', async () => {
    const { message, bodies } = await refuse(server);
    expect(message).toContain('no such thing');
    const asked = bodies.map((body) => JSON.stringify({ ...body, thinking: undefined }));
    expect(asked.length).toBeLessThanOrEqual(3);
    expect(new Set(asked).size).toBe(1);
  });

  test('is asked once where the operator does without that', async () => {
    await using plain = await startApp({ upstream, env: { CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS: '1' } });
    const { message, bodies } = await refuse(plain);
    expect(message).toContain('no such thing');
    expect(bodies).toHaveLength(1);
  });
});

test('a failure after the head of a stream is an error frame', async () => {
  upstream.script((request) =>
    lastResults(request).length > 0
      ? { error: { status: 500, type: 'api_error', message: 'broke in the middle' } }
      : { blocks: [text('I begin.'), call('Bash', { command: 'true', description: 'x' })] },
  );
  const stream = await server.openai.chat.completions.create({ ...hello, model: 'gpt-4o', stream: true });
  let seen = '';
  await expect(async () => {
    for await (const chunk of stream) seen += chunk.choices[0]?.delta.content ?? '';
  }).rejects.toThrow(OpenAI.APIError);
  expect(seen).toBe('I begin.');
});

test('a run that failed after the agent acted is not to be tried again', async () => {
  upstream.script((request) =>
    lastResults(request).length > 0
      ? { error: { status: 500, type: 'api_error', message: 'later' } }
      : { blocks: [call('Bash', { command: 'true', description: 'x' })] },
  );
  const error = await failure({ ...hello, model: 'gpt-4o' });
  expect(error.headers?.get('x-should-retry')).toBe('false');
});

describe('bad requests', () => {
  const cases: [string, string, number, object][] = [
    ['malformed JSON', '{"model": ', 400, { type: 'invalid_request_error' }],
    [
      'a missing model',
      '{"messages":[{"role":"user","content":"x"}]}',
      400,
      { type: 'invalid_request_error', param: 'model', code: 'missing_required_field' },
    ],
    ['missing messages', '{"model":"gpt-4o"}', 400, { param: 'messages', code: 'missing_required_field' }],
    [
      'an unknown model',
      '{"model":"llama","messages":[{"role":"user","content":"x"}]}',
      404,
      { param: 'model', code: 'model_not_found' },
    ],
    [
      'logprobs',
      '{"model":"gpt-4o","logprobs":true,"messages":[{"role":"user","content":"x"}]}',
      400,
      { param: 'logprobs' },
    ],
    [
      'audio',
      '{"model":"gpt-4o","messages":[{"role":"user","content":[{"type":"input_audio","input_audio":{"data":"","format":"wav"}}]}]}',
      400,
      { type: 'invalid_request_error' },
    ],
  ];
  test.each(cases)('%s', async (_, body, status, error) => {
    const response = await fetch(`${server.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: {
        message: expect.any(String),
        type: expect.any(String),
        param: null,
        code: null,
        ...withAny(error),
      },
    });
  });

  test('an unknown route', async () => {
    const response = await fetch(`${server.baseUrl}/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error' } });
  });

  test('a body that is too large', async () => {
    const response = await fetch(`${server.baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...hello, metadata: { filler: 'x'.repeat(40 * 1024 * 1024) } }),
    });
    expect(response.status).toBe(413);
  });
});

test('a web page of a foreign origin may not drive the agent', async () => {
  const response = await fetch(`${server.baseUrl}/models`, { headers: { origin: 'https://evil.example' } });
  expect(response.status).toBe(403);
  const { error } = (await response.json()) as { error: { message: string } };
  expect(error.message).toContain('OPENAI_API_KEY_REQUIRED');
});

test('without Claude credentials the server starts and says what is missing', async () => {
  upstream.script(() => say('never asked'));
  const messages = [{ role: 'user' as const, content: 'without credentials' }];
  const before = upstream.requests.length;
  await using poor = await startApp({ upstream, env: { ANTHROPIC_API_KEY: '' } });
  await expect.poll(() => poor.app.engineStatus().state, { timeout: 20_000 }).toBe('ready');
  const ready = await fetch(`${poor.origin}/health/ready`);
  expect(ready.status).toBe(503);
  expect(JSON.stringify(await ready.json())).toContain('ANTHROPIC_API_KEY');
  expect((await fetch(`${poor.origin}/health/live`)).status).toBe(200);
  await expect(poor.openai.chat.completions.create({ ...hello, messages })).rejects.toMatchObject({
    status: 503,
    message: expect.stringContaining('ANTHROPIC_API_KEY'),
  });
  // But for what a process of an earlier test may still ask.
  const asked = upstream.requests.slice(before).map(lastUserText);
  expect(asked.filter((text) => text !== 'hello')).toEqual([]);
});

test('a probe runs no model', async () => {
  await expect.poll(() => server.app.engineStatus().state, { timeout: 20_000 }).toBe('ready');
  const before = upstream.requests.length;
  for (const path of ['/health', '/health/ready', '/health/live'])
    expect((await fetch(`${server.origin}${path}`)).status).toBe(200);
  expect(upstream.requests.length).toBe(before);
});

/** Fields that a case does not name may be anything. */
function withAny(error: object): object {
  return { param: expect.toSatisfy(isText), code: expect.toSatisfy(isText), ...error };
}

function isText(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

describe('a stream of upstream’s that breaks', () => {
  test.each(['0', '2'])(
    'in the middle of the text is an error, never a doubled answer (%s retries)',
    async (retries) => {
      await using retrying = await startApp({ upstream, env: { CLAUDE_CODE_MAX_RETRIES: retries } });
      let tries = 0;
      let arrived = (): void => {};
      const hold = new Promise<void>((resolve) => {
        arrived = resolve;
      });
      upstream.script(() =>
        tries++ === 0 ? { ...say('Hello fr'), hold, breakOff: true } : say('Hello from upstream'),
      );
      const stream = await retrying.openai.chat.completions.create({ ...hello, stream: true });
      let seen = '';
      await expect(async () => {
        for await (const chunk of stream) {
          seen += chunk.choices[0]?.delta.content ?? '';
          if (seen === 'Hello fr') arrived();
        }
      }).rejects.toThrow(/broke|dropped/);
      expect(seen).toBe('Hello fr');
    },
  );

  test('in the middle of a client’s call is an error, never a call with half its arguments', async () => {
    upstream.script(() => ({
      blocks: [{ type: 'tool_use', id: 'toolu_1', name: 'get_weather', deltas: ['{"city":"Os'] }],
      breakOff: true,
    }));
    const error = await failure({
      ...hello,
      tools: [{ type: 'function', function: { name: 'get_weather' } }],
    });
    expect(error.status).toBe(502);
  });
});

test('a refusal ends the turn with upstream’s words, once', async () => {
  upstream.script(() => ({ ...say('I cannot help with that.'), stopReason: 'refusal' }));
  const question = 'Something that is refused';
  const messages = [{ role: 'user' as const, content: question }];
  const completion = await server.openai.chat.completions.create({ ...hello, messages });
  expect(completion.choices[0]?.finish_reason).toBe('content_filter');
  expect(completion.choices[0]?.message.content ?? completion.choices[0]?.message.refusal).toBe(
    'I cannot help with that.',
  );
  // A process of an earlier test may ask once more while it is being ended.
  expect(upstream.requests.filter((request) => lastUserText(request) === question)).toHaveLength(1);
});

test('a tool named like a built-in one is refused where the built-in ones are on', async () => {
  const error = await failure({
    ...hello,
    model: 'agent',
    tools: [{ type: 'function', function: { name: 'Bash' } }],
  });
  expect(error).toMatchObject({ status: 400, message: expect.stringContaining("'Bash'") });
});
