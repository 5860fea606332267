import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { checkResponseEvents } from '../../../test/support/check-response-events.ts';
import { type TestDatabase, testDatabases } from '../../../test/support/test-databases.ts';
import { TurnError } from '../../turn/index.ts';
import { done, failure, forever, type Step, says, started, text } from '../testing/scripted-engine.ts';
import { gate, readFrames, type StartedServer, startTestServer } from '../testing/start-test-server.ts';

const patience = { timeout: 20_000, interval: 20 };
const question = { model: 'gpt-5', input: 'Hi', background: true };
const headers = { authorization: 'Bearer me' };

type Event = { readonly type: string; readonly sequence_number: number };

async function events(response: Response): Promise<Event[]> {
  const frames = readFrames(await response.text());
  expect(frames.at(-1)).toBe('[DONE]');
  return frames.slice(0, -1) as Event[];
}

function replay({ base }: StartedServer, id: string, after?: number): Promise<Response> {
  const from = after === undefined ? '' : `&starting_after=${after}`;
  return fetch(`${base}/responses/${id}?stream=true${from}`, { headers });
}

describe.each(testDatabases)('a background response on $kind', ({ create }) => {
  let place: TestDatabase;
  let servers: StartedServer[];
  beforeEach(async () => {
    place = await create();
    servers = [];
  });
  afterEach(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  async function start(
    script: Parameters<typeof startTestServer>[0],
    options: Parameters<typeof startTestServer>[1] = {},
  ): Promise<StartedServer> {
    const backgroundTiming = { sweepMs: 100, pollMs: 50, retryMs: 20, ...options.backgroundTiming };
    const server = await startTestServer(script, {
      databaseUrl: place.url,
      ...options,
      backgroundTiming,
    });
    servers.push(server);
    return server;
  }

  async function ended({ client }: StartedServer, id: string) {
    let response = await client.responses.retrieve(id);
    await vi.waitFor(async () => {
      response = await client.responses.retrieve(id);
      expect(response.status).not.toMatch(/queued|in_progress/);
    }, patience);
    return response;
  }

  test('is answered at once as queued, and polled until it is completed', async () => {
    const { step, open } = gate();
    const server = await start(() => [step, ...says('Hel', 'lo')]);
    const response = await server.client.responses.create(question);
    expect(response).toMatchObject({ status: 'queued', background: true, output: [], usage: null });
    await vi.waitFor(async () => {
      const now = await server.client.responses.retrieve(response.id);
      expect(now.status).toBe('in_progress');
    }, patience);
    open();
    expect(await ended(server, response.id)).toMatchObject({
      status: 'completed',
      output_text: 'Hello',
      usage: { total_tokens: 13 },
    });
    expect(server.engine.runs.map(({ turn }) => turn.id)).toEqual([response.id]);
  });

  test('goes on though its client left, and is replayed from any event without gap or duplicate', async () => {
    const { step, open } = gate();
    const server = await start(() => [
      started,
      { type: 'text.started' },
      text('a'),
      text('b'),
      step,
      text('c'),
      text('d'),
      done,
    ]);
    const leave = new AbortController();
    const live = await fetch(`${server.base}/responses`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ ...question, stream: true }),
      signal: leave.signal,
    });
    const reader = live.body?.pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    while (!seen.includes('"delta":"b"')) seen += (await reader?.read())?.value ?? '';
    leave.abort();
    const id = /resp_\w+/.exec(seen)?.[0] ?? '';

    const following = Promise.all([replay(server, id).then(events), replay(server, id, 3).then(events)]);
    await sleep(50);
    open();
    const [whole, rest] = await following;
    checkResponseEvents(whole);
    expect(whole.map(({ sequence_number }) => sequence_number)).toEqual(whole.map((_, index) => index));
    expect(whole.slice(0, 3).map(({ type }) => type)).toEqual([
      'response.created',
      'response.queued',
      'response.in_progress',
    ]);
    expect(rest).toEqual(whole.slice(4));
    const afterwards = await replay(server, id, -1).then(events);
    expect(afterwards).toEqual(whole);
    expect(readFrames(seen)).toEqual(whole.slice(0, readFrames(seen).length));
    expect(await replay(server, id, whole.length - 1).then(events)).toEqual([]);
    expect(server.engine.runs).toHaveLength(1);
  });

  test("is put together by OpenAI's client from where it broke off", async () => {
    const server = await start(() => says('Hel', 'lo'));
    const { id } = await server.client.responses.create(question);
    await ended(server, id);
    const stream = server.client.responses.stream({ response_id: id, starting_after: -1 });
    expect((await stream.finalResponse()).output_text).toBe('Hello');
  });

  test('can be continued once it is completed, and not before', async () => {
    const { step, open } = gate();
    let first = true;
    const server = await start(() => {
      const steps: Step[] = first ? [step, ...says('Hello')] : says('Again');
      first = false;
      return steps;
    });
    const { id } = await server.client.responses.create(question);
    const next = { model: 'gpt-5', input: 'And?', previous_response_id: id };
    await expect(server.client.responses.create(next)).rejects.toMatchObject({
      status: 400,
      code: 'previous_response_not_completed',
    });
    open();
    await ended(server, id);
    expect((await server.client.responses.create(next)).output_text).toBe('Again');
    expect(server.engine.runs[1]?.turn.after).toBe(id);
  });

  test('is cancelled while it waits', async () => {
    const server = await start(() => [forever], { backgroundWorkers: 1 });
    const first = await server.client.responses.create(question);
    await vi.waitFor(() => expect(server.engine.runs).toHaveLength(1), patience);
    const second = await server.client.responses.create(question);
    expect(await server.client.responses.cancel(second.id)).toMatchObject({ status: 'cancelled' });
    expect(await events(await replay(server, second.id))).toHaveLength(2);
    await server.client.responses.cancel(first.id);
    expect(server.engine.runs).toHaveLength(1);
  });

  test('is cancelled while it runs; its stream just ends, and another cancel changes nothing', async () => {
    const server = await start(() => [started, { type: 'text.started' }, text('Hel'), forever]);
    const { id } = await server.client.responses.create(question);
    const following = replay(server, id).then(events);
    await vi.waitFor(() => expect(server.engine.runs[0]?.taken).toBe(3), patience);
    const cancelled = await server.client.responses.cancel(id);
    expect(cancelled).toMatchObject({ status: 'cancelled', output: [{ status: 'incomplete' }] });
    expect(server.engine.runs[0]?.ended).toBe(true);
    checkResponseEvents(await following, { end: 'cut' });
    expect(await server.client.responses.cancel(id)).toEqual(cancelled);
  });

  test('fails with its reason', async () => {
    const server = await start(() => [started, failure(new TurnError('overloaded', 'Busy.'))]);
    const { id } = await server.client.responses.create(question);
    expect(await ended(server, id)).toMatchObject({
      status: 'failed',
      error: { code: 'server_is_overloaded', message: 'Busy.' },
    });
    const told = await events(await replay(server, id));
    checkResponseEvents(told);
    expect(told.slice(-2).map(({ type }) => type)).toEqual(['error', 'response.failed']);
  });

  test('waits while the queue of the engine is full', async () => {
    let attempts = 0;
    const server = await start(() => {
      attempts += 1;
      return attempts < 3 ? [failure(new TurnError('queue_full', 'Full.'))] : says('Hello');
    });
    const { id } = await server.client.responses.create(question);
    expect(await ended(server, id)).toMatchObject({ status: 'completed', output_text: 'Hello' });
    expect(attempts).toBe(3);
  });

  test('runs with no more others than there are workers', async () => {
    let [now, most] = [0, 0];
    let open = (): void => {};
    const two = new Promise<void>((resolve) => {
      open = resolve;
    });
    const server = await start(
      () => [
        async () => {
          now += 1;
          most = Math.max(most, now);
          if (now === 2) open();
          await two;
          // Time for a third one, which must not come.
          await sleep(20);
          now -= 1;
        },
        ...says('Hello'),
      ],
      { backgroundWorkers: 2 },
    );
    const made = await Promise.all(Array.from({ length: 8 }, () => server.client.responses.create(question)));
    for (const { id } of made) expect(await ended(server, id)).toMatchObject({ status: 'completed' });
    expect(most).toBe(2);
    expect(server.engine.runs).toHaveLength(8);
  });

  test('is stopped by its deletion', async () => {
    const server = await start(() => [started, forever]);
    const { id } = await server.client.responses.create(question);
    await vi.waitFor(() => expect(server.engine.runs[0]?.taken).toBe(1), patience);
    await server.client.responses.delete(id);
    await vi.waitFor(() => expect(server.engine.runs[0]?.ended).toBe(true), patience);
    await expect(server.client.responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
  });

  describe('with two servers', () => {
    test('runs at one of them, once, and is followed and cancelled at the other', async () => {
      const script = () => [started, { type: 'text.started' } as const, text('Hel'), forever];
      const [first, second] = [await start(script), await start(script)];
      const { id } = await first.client.responses.create(question);
      await vi.waitFor(
        () => expect([...first.engine.runs, ...second.engine.runs][0]?.taken).toBe(3),
        patience,
      );
      const [mine, other] = first.engine.runs.length === 1 ? [first, second] : [second, first];
      const following = replay(other, id).then(events);
      expect(await other.client.responses.cancel(id)).toMatchObject({ status: 'cancelled' });
      const told = await following;
      expect(told).toEqual(await events(await replay(mine, id)));
      expect(told.map(({ type }) => type)).toContain('response.output_text.delta');
      expect(first.engine.runs.length + second.engine.runs.length).toBe(1);
    });

    test('is taken over by the other where it had not begun, and failed where it had', async () => {
      const script = () => [started, { type: 'text.started' } as const, text('Hel'), forever];
      const leaseMs = 600;
      const lost = await start(script, { leaseMs, backgroundWorkers: 1 });
      const begun = await lost.client.responses.create(question);
      const waiting = await lost.client.responses.create(question);
      await vi.waitFor(() => expect(lost.engine.runs[0]?.taken).toBe(3), patience);
      const before = await vi.waitFor(async () => {
        const page = await lost.services.responses.events('me', begun.id, { after: -1, limit: 100 });
        expect(page?.events.length).toBeGreaterThan(4);
        return page?.events ?? [];
      }, patience);
      // As if it were gone: it renews nothing and stores nothing any more.
      const silent = new Error('gone');
      for (const method of ['renew', 'claim', 'finish', 'appendEvents', 'expired'] as const) {
        vi.spyOn(lost.services.responses, method).mockRejectedValue(silent);
      }
      const heir = await start(() => says('Hello'), { leaseMs });
      expect(await ended(heir, begun.id)).toMatchObject({
        status: 'failed',
        error: { code: 'server_error', message: expect.stringContaining('restarted') },
      });
      expect(await ended(heir, waiting.id)).toMatchObject({ status: 'completed', output_text: 'Hello' });
      const told = await events(await replay(heir, begun.id));
      checkResponseEvents(told);
      expect(told.slice(0, before.length)).toEqual(before.map(({ body }) => body));
      expect(heir.engine.runs.map(({ turn }) => turn.id)).toEqual([waiting.id]);
      vi.restoreAllMocks();
    });
  });

  test('loses no event to a database that fails for a moment', async () => {
    const { step, open } = gate();
    const pieces = Array.from({ length: 25 }, (_, index) => text(`${index} `));
    const server = await start(() => [started, { type: 'text.started' }, ...pieces, step, ...pieces, done]);
    const { responses } = server.services;
    const append = vi.spyOn(responses, 'appendEvents').mockRejectedValueOnce(new Error('busy'));
    const finish = vi.spyOn(responses, 'finish').mockRejectedValueOnce(new Error('busy'));
    const { id } = await server.client.responses.create(question);
    // Tried again although nothing more is to be told.
    await vi.waitFor(() => expect(append).toHaveBeenCalledTimes(2), patience);
    open();
    expect(await ended(server, id)).toMatchObject({ status: 'completed' });
    const told = await events(await replay(server, id));
    expect(checkResponseEvents(told)).toMatchObject({ status: 'completed' });
    expect(told.filter(({ type }) => type === 'response.output_text.delta')).toHaveLength(50);
    expect(finish).toHaveBeenCalledTimes(2);
  });

  test('is stopped where its lease is another’s', async () => {
    const server = await start(() => [started, forever], { leaseMs: 150 });
    const { id } = await server.client.responses.create(question);
    await vi.waitFor(() => expect(server.engine.runs[0]?.taken).toBe(1), patience);
    vi.spyOn(server.services.responses, 'renew').mockResolvedValue(false);
    await vi.waitFor(() => expect(server.engine.runs[0]?.ended).toBe(true), patience);
    expect(server.engine.runs[0]?.signal.reason).toMatchObject({
      message: expect.stringContaining('taken over'),
    });
    await ended(server, id);
  });

  test('fails with its reason where it cannot begin', async () => {
    const server = await start(() => says('Hello'), { backgroundWorkers: 1 });
    const previous = await server.client.responses.create({ ...question, background: false });
    const claim = vi.spyOn(server.services.responses, 'claim').mockResolvedValue(null);
    const { id } = await server.client.responses.create({ ...question, previous_response_id: previous.id });
    await server.client.responses.delete(previous.id);
    claim.mockRestore();
    expect(await ended(server, id)).toMatchObject({
      status: 'failed',
      error: { message: expect.stringContaining(previous.id) },
    });
    checkResponseEvents(await events(await replay(server, id)));
    expect(server.engine.runs).toHaveLength(1);
  });

  test('that waited while no server ran is run by the next, and one that ran is ended by a shutdown', async () => {
    const first = await start(() => [started, forever], { backgroundWorkers: 1 });
    const begun = await first.client.responses.create(question);
    await vi.waitFor(() => expect(first.engine.runs[0]?.taken).toBe(1), patience);
    const waiting = await first.client.responses.create(question);
    first.services.background.stopClaiming();
    first.services.background.abortAll(new TurnError('shutting_down', 'The server is shutting down.'));
    await first.services.background.idle();
    expect(await ended(first, begun.id)).toMatchObject({
      status: 'failed',
      error: { code: 'server_shutting_down' },
    });
    expect(await first.client.responses.retrieve(waiting.id)).toMatchObject({ status: 'queued' });
    const second = await start(() => says('Hello'));
    expect(await ended(second, waiting.id)).toMatchObject({ status: 'completed' });
    expect(first.engine.runs).toHaveLength(1);
  });
});
