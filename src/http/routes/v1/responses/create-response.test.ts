import OpenAI from 'openai';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkResponseEvents } from '../../../../../test/support/check-response-events.ts';
import { type Turn, TurnError } from '../../../../turn/index.ts';
import { done, failure, forever, says, started, text } from '../../../testing/scripted-engine.ts';
import { gate, readFrames, type StartedServer, startTestServer } from '../../../testing/start-test-server.ts';

let server: StartedServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(...args: Parameters<typeof startTestServer>): Promise<StartedServer> {
  server = await startTestServer(...args);
  return server;
}

const question = { model: 'gpt-5', input: 'Hi' };
const patience = { timeout: 10_000 };

function post({ base }: StartedServer, extra: Record<string, unknown>, init: RequestInit = {}) {
  const headers = { authorization: 'Bearer me' };
  return fetch(`${base}/responses`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ ...question, ...extra }),
    ...init,
  });
}

/** Calls a tool of the client, then answers with what it is told. */
function callsTool(turn: Turn) {
  const results = turn.messages.flatMap(({ parts }) => parts.filter(({ type }) => type === 'tool-result'));
  if (results.length > 0) return says('Sunny.');
  const call = { callId: 'call_1', name: 'weather' };
  return [
    started,
    { type: 'client-call.started', ...call } as const,
    { type: 'client-call.delta', callId: 'call_1', argumentsDelta: '{"city":"Rome"}' } as const,
    { type: 'client-call.done', ...call, arguments: { city: 'Rome' } } as const,
    { ...done, stopReason: 'client-calls' } as const,
  ];
}

const weather = {
  type: 'function',
  name: 'weather',
  parameters: { type: 'object', properties: { city: { type: 'string' } } },
  strict: false,
} as const;

describe('a whole answer', () => {
  test('has its output and usage, and its id is that of the turn', async () => {
    const { client, engine, log } = await start(() => says('Hel', 'lo'));
    const response = await client.responses.create(question);
    expect(response).toMatchObject({
      object: 'response',
      status: 'completed',
      model: 'gpt-5',
      output_text: 'Hello',
      store: true,
      background: false,
      usage: { input_tokens: 10, output_tokens: 3, total_tokens: 13 },
    });
    expect(response.id).toMatch(/^resp_/);
    expect(engine.runs[0]?.turn).toMatchObject({ id: response.id, owner: 'me', model: 'sonnet' });
    await vi.waitFor(() =>
      expect(log).toContainEqual(
        expect.objectContaining({ msg: 'request', turn: response.id, inputTokens: 10, stopReason: 'end' }),
      ),
    );
  });

  test('is told as a failure with its own status', async () => {
    const { client } = await start(() => [
      started,
      failure(new TurnError('overloaded', 'Busy.', { retryAfterSeconds: 7, agentActed: true })),
    ]);
    const error = await client.responses.create(question).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ status: 503, code: 'server_is_overloaded' });
    if (!(error instanceof OpenAI.APIError)) throw error;
    expect(error.headers?.get('retry-after')).toBe('7');
    expect(error.headers?.get('x-should-retry')).toBe('false');
  });

  test('names in a header what has no effect', async () => {
    const started = await start(() => says('Hello'));
    const response = await post(started, { service_tier: 'flex', seed: 1 });
    expect(response.headers.get('x-claudecode-ignored')).toBe('seed,service_tier');
  });

  test.each([
    [{ model: undefined }, { param: 'model', code: 'missing_required_field' }],
    [{ input: 5 }, { param: 'input', code: 'invalid_type' }],
    [{ background: true, store: false }, { param: 'background' }],
  ])('refuses %j', async (extra, error) => {
    const started = await start(() => says('Hello'));
    const response = await post(started, extra);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error });
    expect(started.engine.runs).toHaveLength(0);
  });
});

describe('a stream', () => {
  test('has the legal events in whole frames with their names', async () => {
    const started = await start(() => says('Hel', 'lo'));
    const response = await post(started, { stream: true });
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const body = await response.text();
    const frames = readFrames(body);
    expect(frames.at(-1)).toBe('[DONE]');
    const events = frames.slice(0, -1) as { type: string }[];
    const final = checkResponseEvents(events);
    expect(final).toMatchObject({ status: 'completed' });
    const names = [...body.matchAll(/^event: (.*)$/gm)].map(([, name]) => name);
    expect(names).toEqual(events.map(({ type }) => type));
  });

  test("is put together by OpenAI's helper, and stored before its end is told", async () => {
    const { client } = await start(() => says('Hel', 'lo'));
    let stored: unknown;
    const stream = client.responses.stream(question);
    for await (const event of stream) {
      if (event.type !== 'response.completed') continue;
      stored = await client.responses.retrieve(event.response.id);
    }
    const final = await stream.finalResponse();
    expect(final.output_text).toBe('Hello');
    expect(stored).toMatchObject({ id: final.id, status: 'completed', output_text: 'Hello' });
  });

  test.each([
    ['rate_limited', 429, 'rate_limit_exceeded'],
    ['context_length_exceeded', 400, 'context_length_exceeded'],
  ] as const)('keeps the status of an early failure: %s', async (code, status, wireCode) => {
    const started = await start(() => [failure(new TurnError(code, 'No.'))]);
    const response = await post(started, { stream: true });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ error: { code: wireCode } });
  });

  test('tells a failure in its middle by two events', async () => {
    const started_ = await start(() => [
      started,
      { type: 'text.started' },
      text('Hel'),
      failure(new TurnError('overloaded', 'Busy.')),
    ]);
    const response = await post(started_, { stream: true });
    expect(response.status).toBe(200);
    const frames = readFrames(await response.text());
    checkResponseEvents(frames.slice(0, -1) as object[]);
    expect(frames.slice(-3)).toMatchObject([
      { type: 'error', code: 'server_is_overloaded', error: { message: 'Busy.' } },
      { type: 'response.failed', response: { status: 'failed', error: { code: 'server_is_overloaded' } } },
      '[DONE]',
    ]);
    const [
      {
        response: { id },
      },
    ] = frames as [{ response: { id: string } }];
    expect(await started_.client.responses.retrieve(id)).toMatchObject({ status: 'failed' });
  });

  test('goes out after the limit, and keeps its silence alive with data frames', async () => {
    const { step, open } = gate();
    const server = await start(() => [step, ...says('Hello')], {
      timing: { statusLimitMs: 10, keepAliveMs: 20 },
    });
    const response = await post(server, { stream: true });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let body = '';
    for (;;) {
      const part = await reader?.read();
      if (part === undefined || part.done) break;
      body += part.value;
      if (body.includes('keepalive')) open();
    }
    const frames = readFrames(body);
    expect(frames).toContainEqual({ type: 'keepalive', sequence_number: 1 });
    checkResponseEvents(frames.slice(0, -1) as object[]);
    expect(body).not.toContain(': keep-alive');
  });

  test('that its client leaves stops the run, and is stored as cancelled', async () => {
    const server = await start(() => [started, { type: 'text.started' }, text('Hel'), forever]);
    const stop = new AbortController();
    const response = await post(server, { stream: true }, { signal: stop.signal });
    const first = await response.body?.getReader().read();
    const id = /resp_\w+/.exec(new TextDecoder().decode(first?.value))?.[0] ?? '';
    stop.abort();
    await vi.waitFor(async () => {
      expect(await server.client.responses.retrieve(id)).toMatchObject({
        status: 'cancelled',
        usage: { input_tokens: 5 },
        output: [{ type: 'message', status: 'incomplete' }],
      });
    }, patience);
    expect(server.engine.runs[0]?.ended).toBe(true);
  });
});

describe('a response that continues another', () => {
  test('has what was said, and goes on from just that turn', async () => {
    const { client, engine } = await start((turn) => says(`answer ${turn.messages.length}`));
    const first = await client.responses.create({ ...question, instructions: 'Be brief.' });
    const second = await client.responses.create({
      ...question,
      input: 'And now?',
      previous_response_id: first.id,
    });
    const fork = await client.responses.create({ ...question, input: 'Or?', previous_response_id: first.id });
    expect([second.output_text, fork.output_text]).toEqual(['answer 3', 'answer 3']);
    expect(second.previous_response_id).toBe(first.id);
    expect(engine.runs.map(({ turn }) => turn.after)).toEqual([undefined, first.id, first.id]);
    expect(engine.runs[1]?.turn).toMatchObject({
      // Instructions are of one response alone.
      system: '',
      messages: [
        { role: 'user', parts: [{ type: 'text', text: 'Hi' }] },
        { role: 'assistant', parts: [{ type: 'text', text: 'answer 1' }] },
        { role: 'user', parts: [{ type: 'text', text: 'And now?' }] },
      ],
    });
  });

  test('brings the result of a tool alone', async () => {
    const { client, engine } = await start(callsTool);
    const first = await client.responses.create({ ...question, tools: [weather] });
    const call = first.output.find((item) => item.type === 'function_call');
    expect(call).toMatchObject({ name: 'weather', call_id: 'call_1', arguments: '{"city":"Rome"}' });
    const second = await client.responses.create({
      ...question,
      tools: [weather],
      input: [{ type: 'function_call_output', call_id: 'call_1', output: 'sun' }],
      previous_response_id: first.id,
    });
    expect(second.output_text).toBe('Sunny.');
    expect(engine.runs[1]?.turn.messages).toHaveLength(3);
  });

  test('names no turn where the client says what the assistant said since', async () => {
    const { client, engine } = await start(() => says('Hello'));
    const first = await client.responses.create(question);
    await client.responses.create({
      ...question,
      previous_response_id: first.id,
      input: [
        { role: 'assistant', content: 'More.' },
        { role: 'user', content: 'Go on.' },
      ],
    });
    expect(engine.runs[1]?.turn.after).toBeUndefined();
  });

  test.each(['unknown', "someone else's", 'deleted', 'failed'])(
    'does not continue one that is %s',
    async (kind) => {
      let fails = kind === 'failed';
      const { client, clientOf } = await start(() => {
        const script = fails
          ? [
              started,
              { type: 'text.started' } as const,
              text('x'),
              failure(new TurnError('overloaded', 'Busy.')),
            ]
          : says('Hello');
        fails = false;
        return script;
      });
      let id = 'resp_unknown';
      if (kind === 'failed') {
        const stream = await client.responses.create({ ...question, stream: true });
        await expect(
          (async () => {
            for await (const event of stream) if (event.type === 'response.created') id = event.response.id;
          })(),
        ).rejects.toThrow('Busy.');
      } else if (kind !== 'unknown') {
        const maker = kind === 'deleted' ? client : clientOf('other');
        id = (await maker.responses.create(question)).id;
      }
      if (kind === 'deleted') await client.responses.delete(id);
      await expect(client.responses.create({ ...question, previous_response_id: id })).rejects.toMatchObject({
        status: 400,
        param: 'previous_response_id',
        code: kind === 'failed' ? 'previous_response_not_completed' : 'previous_response_not_found',
      });
    },
  );

  test('resolves references to items of the same owner', async () => {
    const { client, clientOf, engine } = await start(() => says('Hello'));
    const first = await client.responses.create(question);
    const reference = { type: 'item_reference', id: first.output[0]?.id ?? '' } as const;
    const input = [
      { role: 'user', content: 'Hi' } as const,
      reference,
      { role: 'user', content: 'On.' } as const,
    ];
    await client.responses.create({ ...question, input });
    expect(engine.runs[1]?.turn.messages).toMatchObject([
      { role: 'user' },
      { role: 'assistant', parts: [{ type: 'text', text: 'Hello' }] },
      { role: 'user' },
    ]);
    const foreign = clientOf('other').responses.create({ ...question, input });
    await expect(foreign).rejects.toMatchObject({ status: 404 });
  });
});

describe('store: false', () => {
  test('leaves nothing behind', async () => {
    const { client } = await start(() => says('Hello'));
    const response = await client.responses.create({ ...question, store: false });
    expect(response).toMatchObject({ store: false, output_text: 'Hello' });
    await expect(client.responses.retrieve(response.id)).rejects.toMatchObject({ status: 404 });
    await expect(
      client.responses.create({ ...question, previous_response_id: response.id }),
    ).rejects.toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });
});

describe('special requests', () => {
  test('a warm-up asks the model nothing', async () => {
    const server = await start(() => says('Hello'));
    const response = await post(server, { generate: false, stream: true });
    const frames = readFrames(await response.text());
    checkResponseEvents(frames.slice(0, -1) as object[]);
    expect(frames.slice(0, -1).map((event) => (event as { type: string }).type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.completed',
    ]);
    expect(server.engine.runs).toHaveLength(0);
  });

  test("Codex's compaction gives exactly one item, which stands for what was said", async () => {
    const server = await start((turn) => says(turn.tools.choice.type === 'none' ? 'They greeted.' : 'Hello'));
    const { client, engine } = server;
    const first = await client.responses.create(question);
    const input = [{ role: 'user', content: 'Hi' }, ...first.output, { type: 'compaction_trigger' }];
    const response = await post(server, { input, stream: true, store: false });
    const frames = readFrames(await response.text());
    const final = checkResponseEvents(frames.slice(0, -1) as object[]);
    expect(final).toMatchObject({ status: 'completed', output: [{ type: 'compaction' }] });
    const [item] = final['output'] as [object];
    expect(JSON.stringify(item)).not.toContain('greeted');
    await post(server, { input: [item, { role: 'user', content: 'Go on.' }] });
    expect(JSON.stringify(engine.runs.at(-1)?.turn.messages)).toContain('They greeted.');
  });

  test('a compaction that this server did not seal is refused', async () => {
    const server = await start(() => says('Hello'));
    const input = [
      { type: 'compaction', encrypted_content: 'gAAAA' },
      { role: 'user', content: 'Go on.' },
    ];
    const response = await post(server, { input });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_encrypted_content' } });
  });

  test("the agent's work is told on request, and always or never by the setting", async () => {
    const script = () => [
      started,
      { type: 'tool.started', callId: 't1', name: 'Bash', input: { command: 'ls' } } as const,
      { type: 'tool.done', callId: 't1', name: 'Bash', isError: false, output: 'a' } as const,
      ...says('Done.').slice(1),
    ];
    const kinds = async (settings: Parameters<typeof startTestServer>[1], extra = {}) => {
      const server = await start(script, settings);
      const response = await server.client.responses.create({ ...question, ...extra });
      await server[Symbol.asyncDispose]();
      return response.output.map(({ type }) => type);
    };
    const asked = { tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] };
    expect(await kinds({})).toEqual(['message']);
    expect(await kinds({}, asked)).toEqual(['code_interpreter_call', 'message']);
    expect(await kinds({ agentItems: 'off' }, asked)).toEqual(['message']);
    expect(await kinds({ agentItems: 'on' })).toEqual(['mcp_call', 'message']);
    server = undefined;
  });
});
