import { once } from 'node:events';
import { request } from 'node:http';
import type { Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { checkResponseEvents } from '../../../../../test/support/check-response-events.ts';
import { TurnError } from '../../../../turn/index.ts';
import { failure, forever, says, started, text } from '../../../testing/scripted-engine.ts';
import { gate, type StartedServer, startTestServer } from '../../../testing/start-test-server.ts';

const patience = { timeout: 10_000 };
const question = { type: 'response.create', model: 'gpt-5', input: 'Hi' };

let server: StartedServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(...args: Parameters<typeof startTestServer>): Promise<StartedServer> {
  server = await startTestServer(...args);
  return server;
}

interface Frame {
  readonly type: string;
  readonly sequence_number: number;
  readonly response?: { readonly id: string };
}

interface Client {
  readonly frames: Frame[];
  readonly closed: { code: number | undefined };
  send(message: unknown): void;
  terminate(): void;
  /** Asks, and gives the frames up to the end of the response or to an error. */
  ask(message?: object): Promise<Frame[]>;
}

/** A client of the WebSocket, by way of the server's own upgrade. */
async function connect({ app }: StartedServer, headers: Record<string, string> = {}): Promise<Client> {
  const socket = await app.injectWS('/v1/responses', {
    headers: { host: '127.0.0.1', authorization: 'Bearer me', ...headers },
  });
  const frames: Frame[] = [];
  const closed: Client['closed'] = { code: undefined };
  socket.on('message', (data: { toString(): string }) => frames.push(JSON.parse(data.toString())));
  socket.on('close', (code: number) => {
    closed.code = code;
  });
  const send = (message: unknown): void =>
    socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    frames,
    closed,
    send,
    terminate: () => socket.terminate(),
    async ask(message = {}) {
      const from = frames.length;
      send({ ...question, ...message });
      await vi.waitFor(() => expect(frames.slice(from).some(isEnd)).toBe(true), patience);
      return frames.slice(from);
    },
  };
}

function isEnd({ type, sequence_number }: Frame): boolean {
  return /completed|incomplete|failed/.test(type) || (type === 'error' && sequence_number === undefined);
}

const idOf = (frames: readonly Frame[]): string => frames[0]?.response?.id ?? '';

describe('a plain GET', () => {
  test('is told to upgrade', async () => {
    const { base } = await start(() => says('Hello'));
    const response = await fetch(`${base}/responses`);
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
    expect(await response.json()).toMatchObject({ error: { code: 'upgrade_required' } });
  });
});

describe('a connection', () => {
  test('answers one response after the other with legal events', async () => {
    const server = await start(() => says('Hel', 'lo'));
    const client = await connect(server);
    const first = await client.ask();
    expect(checkResponseEvents(first)).toMatchObject({ status: 'completed' });
    // At once, while the server still clears up.
    const second = await client.ask({ previous_response_id: idOf(first) });
    checkResponseEvents(second);
    expect(server.engine.runs[1]?.turn).toMatchObject({ owner: 'me', after: idOf(first) });
    expect(server.engine.runs[1]?.turn.messages).toHaveLength(3);
    expect(await server.client.responses.retrieve(idOf(second))).toMatchObject({ output_text: 'Hello' });
  });

  test('remembers what is not stored, for itself alone', async () => {
    const server = await start(() => says('Hello'));
    const client = await connect(server);
    const warmUp = await client.ask({ generate: false, store: false, instructions: 'Be brief.' });
    expect(warmUp.map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'response.completed',
    ]);
    expect(server.engine.runs).toHaveLength(0);
    const first = await client.ask({ store: false, previous_response_id: idOf(warmUp), input: 'On.' });
    const second = await client.ask({ store: false, previous_response_id: idOf(first), input: 'And.' });
    checkResponseEvents(second);
    const said = server.engine.runs[1]?.turn.messages.map(({ parts }) => parts[0]);
    expect(said).toMatchObject(['Hi', 'On.', 'Hello', 'And.'].map((text) => ({ type: 'text', text })));
    await expect(server.client.responses.retrieve(idOf(first))).rejects.toMatchObject({ status: 404 });
    const other = await connect(server);
    expect(await other.ask({ previous_response_id: idOf(first) })).toMatchObject([
      { type: 'error', status: 400, error: { code: 'previous_response_not_found' } },
    ]);
  });

  test('refuses a second response while one is in progress', async () => {
    const { step, open } = gate();
    const server = await start(() => [
      started,
      { type: 'text.started' },
      text('a'),
      step,
      ...says('b').slice(2),
    ]);
    const client = await connect(server);
    const asked = client.ask();
    await vi.waitFor(() => expect(client.frames.length).toBeGreaterThan(3), patience);
    client.send(question);
    await vi.waitFor(
      () =>
        expect(client.frames).toContainEqual(
          expect.objectContaining({
            type: 'error',
            error: expect.objectContaining({ code: 'response_in_progress' }),
          }),
        ),
      patience,
    );
    open();
    await asked;
    await vi.waitFor(() => expect(client.frames.at(-1)?.type).toBe('response.completed'), patience);
    checkResponseEvents(client.frames.filter(({ sequence_number }) => sequence_number !== undefined));
    expect(server.engine.runs).toHaveLength(1);
  });

  test.each([
    ['no JSON', 'invalid_json'],
    ['[]', 'invalid_json'],
    [{ type: 'session.update' }, 'invalid_value'],
    [{ ...question, model: undefined }, 'missing_required_field'],
    [{ ...question, background: true }, 'unsupported_parameter'],
  ])('answers %j by an error and goes on', async (message, code) => {
    const client = await connect(await start(() => says('Hello')));
    client.send(message);
    await vi.waitFor(() => expect(client.frames).toHaveLength(1), patience);
    expect(client.frames[0]).toMatchObject({ type: 'error', status: 400, error: { code } });
    checkResponseEvents(await client.ask());
  });

  test('tells an early failure with its status, and a later one by the events', async () => {
    let early = true;
    const server = await start(() => {
      const begin = early ? [] : [started, { type: 'text.started' } as const, text('Hel')];
      early = false;
      return [...begin, failure(new TurnError('overloaded', 'Busy.'))];
    });
    const client = await connect(server);
    expect(await client.ask()).toMatchObject([
      { type: 'error', status: 503, error: { code: 'server_is_overloaded', message: 'Busy.' } },
    ]);
    const late = await client.ask();
    expect(checkResponseEvents(late)).toMatchObject({ status: 'failed' });
  });

  test('that breaks stops the run', async () => {
    const server = await start(() => [started, { type: 'text.started' }, text('Hel'), forever]);
    const client = await connect(server);
    client.send(question);
    await vi.waitFor(() => expect(client.frames.length).toBeGreaterThan(3), patience);
    client.terminate();
    await vi.waitFor(() => expect(server.engine.runs[0]?.ended).toBe(true), patience);
    await vi.waitFor(async () => {
      const id = idOf(client.frames);
      expect(await server.client.responses.retrieve(id)).toMatchObject({ status: 'cancelled' });
    }, patience);
    expect(server.running.count).toBe(0);
  });

  test('is kept alive by numbered frames', async () => {
    const { step, open } = gate();
    const server = await start(() => [started, step, ...says('b').slice(1)], { timing: { keepAliveMs: 20 } });
    const client = await connect(server);
    const asked = client.ask();
    await vi.waitFor(
      () => expect(client.frames.some(({ type }) => type === 'keepalive')).toBe(true),
      patience,
    );
    open();
    checkResponseEvents(await asked);
  });

  test('ends at its limit with an error, but not in the middle of a response', async () => {
    const { step, open } = gate();
    const server = await start(() => [started, step, ...says('b').slice(1)], { connectionLimitMs: 50 });
    const client = await connect(server);
    const asked = client.ask();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.closed.code).toBeUndefined();
    open();
    checkResponseEvents((await asked).filter(({ sequence_number }) => sequence_number !== undefined));
    await vi.waitFor(() => expect(client.closed.code).toBe(1000), patience);
    expect(client.frames.at(-1)).toMatchObject({
      type: 'error',
      error: { code: 'websocket_connection_limit_reached' },
    });
  });

  test('is refused to a page of another origin', async () => {
    const server = await start(() => says('Hello'));
    await expect(connect(server, { origin: 'https://evil.example' })).rejects.toThrow('403');
  });

  test('is refused to whom the authenticator refuses', async () => {
    const refuse = async (): Promise<never> => {
      throw new TurnError('upstream_authentication', 'No.');
    };
    const server = await start(() => says('Hello'), { authenticator: { authenticate: refuse } });
    await expect(connect(server)).rejects.toThrow('401');
  });
});

describe('over the network', () => {
  /** A connection that was upgraded, and what has come over it. */
  async function upgrade({ base }: StartedServer): Promise<{ socket: Socket; received: () => string }> {
    const asked = request(`${base}/responses`, {
      headers: {
        authorization: 'Bearer me',
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': Buffer.alloc(16).toString('base64'),
      },
    }).end();
    const [response, socket, head] = (await once(asked, 'upgrade')) as [
      { statusCode: number },
      Socket,
      Buffer,
    ];
    expect(response.statusCode).toBe(101);
    let text = head.toString('latin1');
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
    });
    return { socket, received: () => text };
  }

  /** One masked text frame; the mask of zeros leaves the text as it is. */
  function textFrame(message: object): Buffer {
    const body = Buffer.from(JSON.stringify(message));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(body.length);
    return Buffer.concat([Buffer.from([0x81, 0x80 | 126]), length, Buffer.alloc(4), body]);
  }

  test('answers, logs the connection as upgraded, and is closed with the server once it is idle', async () => {
    const { step, open } = gate();
    const server = await start(() => [
      started,
      { type: 'text.started' },
      text('a'),
      step,
      ...says('b').slice(2),
    ]);
    const { socket, received } = await upgrade(server);
    socket.write(textFrame(question));
    await vi.waitFor(() => expect(received()).toContain('response.output_text.delta'), patience);
    const gone = once(socket, 'close');
    const closed = server.app.close();
    open();
    await vi.waitFor(() => expect(received()).toContain('"type":"response.completed"'), patience);
    // The closing frame, with the code 1001.
    await vi.waitFor(() => expect(received()).toContain('\x03\xe9The server is shutting down.'), patience);
    socket.destroy();
    await gone;
    await closed;
    await vi.waitFor(
      () =>
        expect(
          server.log.filter(({ msg }) => msg === 'request' || msg === 'websocket response'),
        ).toMatchObject([
          { msg: 'websocket response', owner: 'me', inputTokens: 10 },
          { msg: 'request', status: 101, path: '/v1/responses' },
        ]),
      patience,
    );
  });
});
