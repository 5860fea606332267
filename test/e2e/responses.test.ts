import type OpenAI from 'openai';
import { zodTextFormat } from 'openai/helpers/zod';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { checkResponseEvents } from '../support/check-response-events.ts';
import { readEvents } from '../support/read-events.ts';
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

const patience = { timeout: 20_000, interval: 50 };
const model = 'claude-sonnet-5';

let upstream: Upstream;
let server: TestApp;
let openai: OpenAI;

beforeAll(async () => {
  upstream = await startUpstream();
  server = await startApp({ upstream });
  openai = server.openai;
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather',
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' } },
    required: ['city'],
    additionalProperties: false,
  },
  strict: true,
} as const;

/** Calls the weather of two cities at once, then says what it was told. */
function scriptTwoCities(): void {
  upstream.script((request) => {
    const results = lastResults(request);
    return results.length > 0
      ? say(`Told: ${results.map((result) => JSON.stringify(result.content)).join(' ')}`)
      : {
          blocks: [
            text('Looking.'),
            call('get_weather', { city: 'Oslo' }, `toolu_oslo${upstream.requests.length}`),
            call('get_weather', { city: 'Bergen' }, `toolu_bergen${upstream.requests.length}`),
          ],
        };
  });
}

function resultsFor(response: OpenAI.Responses.Response): OpenAI.Responses.ResponseInputItem[] {
  return response.output.flatMap((item) =>
    item.type === 'function_call'
      ? [{ type: 'function_call_output' as const, call_id: item.call_id, output: `sun ${item.arguments}` }]
      : [],
  );
}

describe('an answer', () => {
  test('comes whole, with true usage', async () => {
    upstream.script(() => say('Hel', 'lo'));
    const response = await openai.responses.create({ model, input: 'Hi', instructions: 'Be brief.' });
    expect(response).toMatchObject({
      status: 'completed',
      output_text: 'Hello',
      instructions: 'Be brief.',
      usage: { input_tokens: 10, output_tokens: 5 },
    });
    expect(await openai.responses.retrieve(response.id)).toEqual(response);
  });

  test('streams legal events, thinking included', async () => {
    upstream.script(() => ({ blocks: [thinking('Hm', 'm.'), text('Hel', 'lo')] }));
    const response = await fetch(`${server.baseUrl}/responses`, {
      method: 'POST',
      body: JSON.stringify({
        model,
        input: 'Hi',
        stream: true,
        reasoning: { effort: 'high', summary: 'auto' },
      }),
    });
    const { events, whole } = await readEvents(response);
    expect(whole).toBe(true);
    expect(checkResponseEvents(events)).toMatchObject({
      status: 'completed',
      output: [
        { type: 'reasoning', summary: [{ text: 'Hmm.' }] },
        { type: 'message', content: [{ text: 'Hello' }] },
      ],
    });
  });

  test("is put together by OpenAI's stream helper", async () => {
    upstream.script(() => say('Hel', 'lo'));
    const deltas: string[] = [];
    const stream = openai.responses
      .stream({ model, input: 'Hi' })
      .on('response.output_text.delta', ({ delta }) => deltas.push(delta));
    expect((await stream.finalResponse()).output_text).toBe('Hello');
    expect(deltas).toEqual(['Hel', 'lo']);
  });

  test('fits a schema', async () => {
    upstream.script((request) =>
      request.tools?.some(({ name }) => name === 'StructuredOutput')
        ? lastResults(request).length > 0
          ? say('done')
          : { blocks: [call('StructuredOutput', { city: 'Oslo', degrees: 7 })] }
        : say('{"city":"Oslo","degrees":7}'),
    );
    const format = zodTextFormat(z.object({ city: z.string(), degrees: z.number() }), 'weather');
    const response = await openai.responses.parse({ model, input: 'Weather?', text: { format } });
    expect(response.output_parsed).toEqual({ city: 'Oslo', degrees: 7 });
  });
});

describe('function tools', () => {
  test('called in parallel get their results by previous_response_id', async () => {
    scriptTwoCities();
    const first = await openai.responses.create({ model, input: 'Oslo and Bergen?', tools: [weather] });
    const outputs = resultsFor(first);
    expect(outputs).toHaveLength(2);
    const second = await openai.responses.create({
      model,
      input: outputs,
      tools: [weather],
      previous_response_id: first.id,
    });
    expect(second.output_text).toContain('sun {\\"city\\":\\"Oslo\\"}');
    expect(second.output_text).toContain('Bergen');
    expect(conversation(upstream.requests.at(-1)).map(({ role }) => role)).toEqual([
      'user',
      'assistant',
      'user',
    ]);
  });

  test('get them by the items of the whole conversation too', async () => {
    scriptTwoCities();
    const question = { role: 'user', content: 'Oslo and Bergen?' } as const;
    const first = await openai.responses.create({ model, input: [question], tools: [weather], store: false });
    const input = [question, ...first.output, ...resultsFor(first)] as OpenAI.Responses.ResponseInput;
    const second = await openai.responses.create({ model, input, tools: [weather], store: false });
    expect(second.output_text).toContain('Bergen');
  });
});

describe('what was said before', () => {
  test('forks where two responses continue one', async () => {
    upstream.script((request) => say(`To ${lastUserText(request)}`));
    const first = await openai.responses.create({ model, input: 'one' });
    const children = await Promise.all(
      ['two', 'three'].map((input) =>
        openai.responses.create({ model, input, previous_response_id: first.id }),
      ),
    );
    expect(children.map(({ output_text }) => output_text)).toEqual(['To two', 'To three']);
    const grandchild = await openai.responses.create({
      model,
      input: 'four',
      previous_response_id: children[0]?.id ?? '',
    });
    expect(grandchild.output_text).toBe('To four');
    expect(conversation(upstream.requests.at(-1)).map(({ content }) => content)).toEqual([
      'one',
      'To one',
      'two',
      'To two',
      'four',
    ]);
  });

  test('is in a conversation', async () => {
    upstream.script((request) => say(`To ${lastUserText(request)}`));
    const { id } = await openai.conversations.create();
    await openai.responses.create({ model, input: 'one', conversation: id });
    await openai.responses.create({ model, input: 'two', conversation: id });
    const { data } = await openai.conversations.items.list(id, { order: 'asc' });
    expect(data.map(({ type }) => type)).toEqual(['message', 'message', 'message', 'message']);
    expect(conversation(upstream.requests.at(-1)).map(({ content }) => content)).toEqual([
      'one',
      'To one',
      'two',
    ]);
  });

  test('may be named by references', async () => {
    upstream.script((request) => say(`To ${lastUserText(request)}`));
    const first = await openai.responses.create({ model, input: 'one' });
    const reference = { type: 'item_reference', id: first.output.at(-1)?.id ?? '' } as const;
    const input = [
      { role: 'user', content: 'one' } as const,
      reference,
      { role: 'user', content: 'two' } as const,
    ];
    await openai.responses.create({ model, input });
    expect(conversation(upstream.requests.at(-1)).map(({ content }) => content)).toEqual([
      'one',
      'To one',
      'two',
    ]);
  });
});

describe('in the background', () => {
  test('a run is streamed, left, and followed from where the client was', async () => {
    let finish = (): void => {};
    const hold = new Promise<void>((resolve) => {
      finish = resolve;
    });
    upstream.script(() => ({ blocks: [text('Hel', 'lo')], hold }));
    const stream = await openai.responses.create({ model, input: 'Hi', background: true, stream: true });
    const seen: OpenAI.Responses.ResponseStreamEvent[] = [];
    let id = '';
    for await (const event of stream) {
      seen.push(event);
      if (event.type === 'response.created') id = event.response.id;
      if (event.type === 'response.output_text.delta') break;
    }
    expect((await openai.responses.retrieve(id)).status).toBe('in_progress');
    const after = seen.at(-1)?.sequence_number ?? -1;
    const rest = await openai.responses.retrieve(id, { stream: true, starting_after: after });
    finish();
    for await (const event of rest) seen.push(event);
    expect(checkResponseEvents(seen)).toMatchObject({ id, status: 'completed' });
    const whole = await readEvents(await fetch(`${server.baseUrl}/responses/${id}?stream=true`));
    expect(whole.events).toEqual(seen);
    expect((await openai.responses.retrieve(id)).output_text).toBe('Hello');
  });

  test('a run is polled and continued', async () => {
    upstream.script((request) => say(`To ${lastUserText(request)}`));
    const queued = await openai.responses.create({ model, input: 'one', background: true });
    expect(queued.status).toBe('queued');
    await vi.waitFor(async () => {
      expect((await openai.responses.retrieve(queued.id)).status).toBe('completed');
    }, patience);
    const next = await openai.responses.create({ model, input: 'two', previous_response_id: queued.id });
    expect(next.output_text).toBe('To two');
  });

  test('a run is cancelled, and upstream is left', async () => {
    upstream.script(() => ({ blocks: [text('Hel')], hold: new Promise(() => {}) }));
    const before = upstream.requests.length;
    const { id } = await openai.responses.create({ model, input: 'Hi', background: true });
    await upstream.received(before + 1);
    expect(await openai.responses.cancel(id)).toMatchObject({ id, status: 'cancelled' });
    await vi.waitFor(() => expect(upstream.requests.at(-1)?.aborted()).toBe(true), patience);
    expect((await openai.responses.retrieve(id)).status).toBe('cancelled');
  });
});

test('a client that leaves stops the run, and the response says so', async () => {
  upstream.script(() => ({ blocks: [text('Hel')], hold: new Promise(() => {}) }));
  const stream = await openai.responses.create({ model, input: 'Hi', stream: true });
  let id = '';
  for await (const event of stream) {
    if (event.type === 'response.created') id = event.response.id;
    if (event.type === 'response.output_text.delta') break;
  }
  await vi.waitFor(() => expect(upstream.requests.at(-1)?.aborted()).toBe(true), patience);
  await vi.waitFor(async () => {
    expect((await openai.responses.retrieve(id)).status).toBe('cancelled');
  }, patience);
});

test('upstream failures keep their status', async () => {
  upstream.script(() => ({ error: { status: 529, type: 'overloaded_error', message: 'Overloaded' } }));
  for (const stream of [false, true]) {
    await expect(openai.responses.create({ model, input: 'Hi', stream })).rejects.toMatchObject({
      status: 503,
      code: 'server_is_overloaded',
    });
  }
});

test('a text is continued', async () => {
  upstream.script(() => say(' a time'));
  const completion = await openai.completions.create({ model, prompt: 'Once upon' });
  expect(completion.choices[0]).toMatchObject({ text: ' a time', finish_reason: 'stop' });
});

test('a compacted conversation goes on from its summary', async () => {
  upstream.script((request) =>
    say(lastUserText(request).includes('about to be replaced by a summary') ? 'They counted.' : 'Yes.'),
  );
  const first = await openai.responses.create({ model, input: 'one' });
  const compacted = await openai.responses.compact({ model, previous_response_id: first.id });
  expect(compacted.output.map(({ type }) => type)).toEqual(['message', 'compaction']);
  const input = [...compacted.output, { role: 'user', content: 'two' }] as OpenAI.Responses.ResponseInput;
  await openai.responses.create({ model, input });
  expect(JSON.stringify(conversation(upstream.requests.at(-1)))).toContain('They counted.');
});

test('input tokens are counted by what upstream read', async () => {
  upstream.script(() => ({
    ...say('x'),
    stopReason: 'max_tokens',
    usage: { input_tokens: 321, output_tokens: 1 },
  }));
  const counted = await server.openai.responses.inputTokens.count({
    model: 'model',
    input: 'How long is this?',
  });
  expect(counted.input_tokens).toBe(321);
  expect(upstream.requests.at(-1)?.max_tokens).toBe(1);
});
