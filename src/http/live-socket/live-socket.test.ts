import { connect as connectTcp, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { clientMessage, type ServerMessage, type TimelineEntry } from '../../contract/index.ts';
import { type LiveServer, type LiveTestClient, liveUser, startLiveServer } from '../testing/live-server.ts';

const patience = { timeout: 10_000, interval: 5 };

let server: LiveServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

async function start(...args: Parameters<typeof startLiveServer>): Promise<LiveServer> {
  server = await startLiveServer(...args);
  return server;
}

async function open(server: LiveServer, session = 'admin'): Promise<LiveTestClient> {
  const client = server.connect(session);
  expect(await client.refused).toBeUndefined();
  await received(client, 'hello');
  return client;
}

/** The messages of a type; waits until there are so many. */
async function received<Type extends ServerMessage['type']>(
  { messages }: LiveTestClient,
  type: Type,
  count = 1,
): Promise<Extract<ServerMessage, { type: Type }>[]> {
  const of = () => messages.filter((one): one is Extract<ServerMessage, { type: Type }> => one.type === type);
  await vi.waitFor(() => expect(of().length).toBeGreaterThanOrEqual(count), patience);
  return of();
}

const subscribe = (channel: string, after?: { epoch: string; seq: number }) => ({
  type: 'subscribe',
  data: { channel, ...(after && { after }) },
});
const entry = (text: string): TimelineEntry => ({ atMs: 1, choice: 0, type: 'text', text });
const say = ({ feed }: LiveServer, text: string): void =>
  feed.publish('run:req_1', { type: 'run_entry', data: entry(text) });
const saidIn = ({ messages }: LiveTestClient): string[] =>
  messages.flatMap((one) => (one.type === 'run_entry' && one.data.type === 'text' ? [one.data.text] : []));
/** After this the client has whatever the server sent it before. */
async function settle(client: LiveTestClient): Promise<void> {
  const before = client.messages.filter(({ type }) => type === 'pong').length;
  client.send({ type: 'ping' });
  await received(client, 'pong', before + 1);
}

describe('an upgrade is refused', () => {
  test.each<[string, string | undefined, string | null | undefined, number, string]>([
    ['without a session', undefined, undefined, 401, 'no_session'],
    ['with a session that is none', 'nobody', undefined, 401, 'no_session'],
    ['from another origin', 'admin', 'http://evil.example', 403, 'foreign_access'],
    ['from another port', 'admin', 'http://127.0.0.1:1', 403, 'foreign_access'],
    ['from a page without an origin', 'admin', 'null', 403, 'foreign_access'],
    ['where nobody says which page asks', 'admin', null, 403, 'foreign_access'],
  ])('%s', async (_, session, from, status, code) => {
    const server = await start();
    const refusal = await server.connect(session, from).refused;
    expect(refusal).toMatchObject({ status, body: { error: { code } } });
    expect(server.clients.size).toBe(0);
  });

  test.each([
    ['the password must be changed', { mustChangePassword: true }, 'password_change_required'],
    ['two-factor sign-in must be set up', { mustSetUpTwoFactor: true }, 'two_factor_required'],
  ])('while %s', async (_, fields, code) => {
    const server = await start();
    server.sessions.set('admin', liveUser(fields));
    expect(await server.connect('admin').refused).toMatchObject({ status: 403, body: { error: { code } } });
  });

  test('beyond the limits, also of many at once; who leaves makes room', async () => {
    const server = await start({ clients: 6, clientsPerUser: 4 });
    const all = Array.from({ length: 12 }, (_, index) =>
      server.connect(index % 2 === 0 ? 'admin' : 'viewer'),
    );
    const refusals = await Promise.all(all.map(({ refused }) => refused));
    expect(refusals.filter((one) => one === undefined)).toHaveLength(6);
    expect(refusals.filter((one) => one?.status === 429)).toHaveLength(6);
    expect(server.clients.size).toBe(6);
    for (const { socket } of all) socket.terminate();
    await vi.waitFor(() => expect(server.clients.size).toBe(0), patience);
    const mine = Array.from({ length: 5 }, () => server.connect('admin'));
    const again = await Promise.all(mine.map(({ refused }) => refused));
    expect(again.filter((one) => one === undefined)).toHaveLength(4);
  });

  test('where it is none', async () => {
    const server = await start();
    const response = await fetch(`${server.origin}/ws`, { headers: { cookie: 'session=admin' } });
    expect(response.status).toBe(426);
  });
});

describe('a client', () => {
  test('is greeted, gets what it watches and nothing else', async () => {
    const server = await start();
    const client = await open(server, 'viewer');
    expect(client.messages).toEqual([
      { type: 'hello', data: { epoch: server.feed.epoch }, timestamp: expect.any(Number) },
    ]);
    client.send(subscribe('run:req_1'));
    await received(client, 'subscribed');
    say(server, 'one');
    server.feed.publish('run:req_2', { type: 'run_entry', data: entry('of another run') });
    server.feed.publish('config', { type: 'config_updated', data: { names: ['LOG_LEVEL'] } });
    say(server, 'two');
    client.send({ type: 'unsubscribe', data: { channel: 'run:req_1' } });
    await settle(client);
    say(server, 'three');
    await settle(client);
    expect(client.messages.slice(1, 4)).toEqual([
      {
        type: 'subscribed',
        data: { channel: 'run:req_1', epoch: server.feed.epoch, seq: 0, gap: false },
        timestamp: expect.any(Number),
      },
      {
        type: 'run_entry',
        channel: 'run:req_1',
        seq: 1,
        data: entry('one'),
        timestamp: expect.any(Number),
      },
      expect.objectContaining({ seq: 2, data: entry('two') }),
    ]);
    expect(saidIn(client)).toEqual(['one', 'two']);
  });

  test('that is a viewer does not get what is for admins', async () => {
    const server = await start();
    const client = await open(server, 'viewer');
    for (const channel of ['logs', 'approvals', 'requests', 'metrics', 'keys', 'config'])
      client.send(subscribe(channel));
    await settle(client);
    server.feed.publish('logs', { type: 'log_line', data: { msg: 'secret' } });
    await settle(client);
    expect(await received(client, 'subscribed', 4)).toHaveLength(4);
    expect((await received(client, 'error', 2)).map(({ data }) => data.code)).toEqual([
      'forbidden',
      'forbidden',
    ]);
    expect(JSON.stringify(client.messages)).not.toContain('secret');
  });

  test('watches at most 20 channels at once, each of them once', async () => {
    const server = await start({ messagesPerSecond: 100 });
    const client = await open(server);
    for (let index = 0; index < 21; index++) client.send(subscribe(`run:${index}`));
    client.send(subscribe('run:3'));
    await settle(client);
    expect(await received(client, 'subscribed', 21)).toHaveLength(21);
    expect(await received(client, 'error')).toMatchObject([{ data: { code: 'too_many_channels' } }]);
    server.feed.publish('run:3', { type: 'run_entry', data: entry('once') });
    await settle(client);
    expect(saidIn(client)).toEqual(['once']);
  });
});

describe('a client that comes back', () => {
  test('misses nothing and gets nothing twice, wherever it left', async () => {
    const server = await start({ messagesPerSecond: 1000 });
    let published = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(5), { minLength: 2, maxLength: 6 }), async (bursts) => {
        const seen: number[] = [];
        let after = { epoch: server.feed.epoch, seq: server.feed.seqOf('run:req_1') };
        const first = published;
        for (const burst of bursts) {
          const client = await open(server);
          client.send(subscribe('run:req_1', after));
          for (let index = 0; index < burst; index++) say(server, String(published++));
          // It leaves in the middle of what is on its way.
          if (burst % 2 === 0) await settle(client);
          client.socket.terminate();
          await client.closed;
          for (const one of client.messages) {
            if (one.type === 'subscribed') expect(one.data.gap).toBe(false);
            if (one.type !== 'run_entry') continue;
            after = { ...after, seq: one.seq };
            seen.push(one.data.type === 'text' ? Number(one.data.text) : Number.NaN);
          }
        }
        const last = await open(server);
        last.send(subscribe('run:req_1', after));
        await settle(last);
        seen.push(...saidIn(last).map(Number));
        last.socket.terminate();
        await last.closed;
        expect(seen).toEqual(Array.from({ length: published - first }, (_, index) => first + index));
      }),
      { numRuns: 10 },
    );
  });

  test.each<[string, (epoch: string) => { epoch: string; seq: number }]>([
    ['to a server that was started anew', () => ({ epoch: 'another', seq: 2 })],
    ['with a number from the future', (epoch) => ({ epoch, seq: 99 })],
  ])('%s is told of the gap', async (_, after) => {
    const server = await start();
    for (const text of ['one', 'two', 'three']) say(server, text);
    const client = await open(server);
    client.send(subscribe('run:req_1', after(server.feed.epoch)));
    expect(await received(client, 'subscribed')).toMatchObject([{ data: { seq: 3, gap: true } }]);
    await settle(client);
    expect(saidIn(client)).toEqual([]);
  });

  test('after more than fits at once gets the newest, and is told of the gap', async () => {
    const server = await start({ waitingBytes: 100_000 });
    for (let index = 0; index < 10; index++) say(server, `${index}:${'x'.repeat(9000)}`);
    const client = await open(server);
    client.send(subscribe('run:req_1', { epoch: server.feed.epoch, seq: 0 }));
    expect(await received(client, 'subscribed')).toMatchObject([{ data: { seq: 10, gap: true } }]);
    await settle(client);
    expect(saidIn(client).map((text) => text.slice(0, 2))).toEqual(['5:', '6:', '7:', '8:', '9:']);
  });
});

describe('a session', () => {
  test('that ends ends its connections at once, and no others', async () => {
    const server = await start();
    const ended = new AbortController();
    server.sessions.set('admin', liveUser({ sessionEnded: ended.signal }));
    const [mine, other] = [await open(server), await open(server, 'viewer')];
    ended.abort();
    expect(await mine.closed).toEqual({ code: 4401, reason: 'session ended' });
    await settle(other);
  });

  test('that ended in the meantime does not begin', async () => {
    const server = await start();
    server.sessions.set('admin', liveUser({ sessionEnded: AbortSignal.abort() }));
    expect(await server.connect('admin').closed).toMatchObject({ code: 4401 });
  });

  test('is looked at again now and then', async () => {
    const server = await start({ checkEveryMs: 20 });
    const [mine, other] = [await open(server), await open(server, 'viewer')];
    server.sessions.delete('admin');
    expect(await mine.closed).toMatchObject({ code: 4401 });
    await settle(other);
    expect(server.clients.size).toBe(1);
  });

  test.each([
    ['whose password must be changed', liveUser({ mustChangePassword: true })],
    ['whose two-factor sign-in must be set up', liveUser({ mustSetUpTwoFactor: true })],
    ['that is another one now', liveUser({ sessionId: 'session_9' })],
  ])('%s ends, when it is looked at again', async (_, user) => {
    const server = await start();
    const client = await open(server);
    server.sessions.set('admin', user);
    await server.clients.recheck();
    expect(await client.closed).toMatchObject({ code: 4401 });
  });

  test('of an admin who is one no more gets nothing for admins any longer', async () => {
    const server = await start();
    const client = await open(server);
    client.send(subscribe('logs'));
    client.send(subscribe('run:req_1'));
    await received(client, 'subscribed', 2);
    server.sessions.set('admin', liveUser({ role: 'viewer' }));
    await server.clients.recheck();
    server.feed.publish('logs', { type: 'log_line', data: { msg: 'secret' } });
    say(server, 'for all');
    await settle(client);
    expect(await received(client, 'error')).toMatchObject([{ data: { code: 'forbidden' } }]);
    expect(saidIn(client)).toEqual(['for all']);
    expect(JSON.stringify(client.messages)).not.toContain('secret');
  });

  test('goes on while nobody can look at it', async () => {
    const server = await start();
    const client = await open(server);
    const get = vi.spyOn(server.sessions, 'get').mockImplementation(() => {
      throw new Error('The database is away.');
    });
    await server.clients.recheck();
    get.mockRestore();
    await settle(client);
    expect(server.log).toContainEqual(
      expect.objectContaining({ level: 40, msg: expect.stringContaining('session') }),
    );
  });
});

describe('a client is sent away', () => {
  test('that floods the server', async () => {
    const server = await start();
    const client = await open(server);
    for (let index = 0; index < 500; index++) client.send({ type: 'ping' });
    expect(await client.closed).toEqual({ code: 1008, reason: 'too many messages' });
    expect(await received(client, 'error')).toMatchObject([{ data: { code: 'too_many_messages' } }]);
    expect((await received(client, 'pong')).length).toBeLessThanOrEqual(40);
  });

  test('that floods it with pings of the protocol', async () => {
    const server = await start();
    const client = await open(server);
    for (let index = 0; index < 500; index++) client.socket.ping();
    expect(await client.closed).toMatchObject({ code: 1008 });
  });

  test('that sends a message that is too large', async () => {
    const server = await start();
    const client = await open(server);
    client.send(subscribe(`run:${'x'.repeat(17_000)}`));
    expect(await client.closed).toEqual({ code: 1009, reason: 'message too large' });
    expect(await received(client, 'error')).toMatchObject([{ data: { code: 'message_too_large' } }]);
  });

  test('before a message that never ends has filled the memory', async () => {
    const server = await start({ farewellMs: 50 });
    const { socket } = await openRaw(server);
    // A frame that announces 32 MB.
    socket.write(Buffer.from([0x81, 0x80 | 127, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0]));
    const chunk = Buffer.alloc(64 * 1024, 'x');
    let written = 0;
    const gone = new Promise((resolve) => socket.on('close', resolve));
    while (!socket.destroyed && written < 32 * 1024 * 1024) {
      written += chunk.length;
      if (!socket.write(chunk))
        await Promise.race([new Promise((resolve) => socket.once('drain', resolve)), gone]);
    }
    await gone;
    expect(written).toBeLessThan(24 * 1024 * 1024);
    await vi.waitFor(() => expect(server.clients.size).toBe(0), patience);
  });

  test('that reads too slowly, and is told so', async () => {
    const server = await start({ farewellMs: 20_000 });
    const [slow, good] = [await openRaw(server), await open(server)];
    slow.send(subscribe('run:req_1'));
    good.send(subscribe('run:req_1'));
    await received(good, 'subscribed');
    await vi.waitFor(() => expect(slow.received().includes('"subscribed"')).toBe(true), patience);
    slow.socket.pause();
    let told = 0;
    // The system's own buffers take several megabytes first.
    while (!server.log.some(({ code }) => code === 'too_slow')) {
      for (let index = 0; index < 8; index++) say(server, 'x'.repeat(60_000));
      told += 8;
      expect(told).toBeLessThan(1000);
      await vi.waitFor(() => expect(saidIn(good)).toHaveLength(told), patience);
    }
    say(server, 'after it was sent away');
    slow.socket.resume();
    await vi.waitFor(() => expect(slow.received().includes('too slow')).toBe(true), patience);
    const end = slow.received().subarray(-400).toString('latin1');
    expect(end).toContain('"code":"too_slow"');
    // The closing frame: 1013, and the reason.
    expect(end.endsWith('\x88\x0a\x03\xf5too slow')).toBe(true);
    expect(slow.received().includes('after it was sent away')).toBe(false);
    slow.socket.destroy();
    await vi.waitFor(() => expect(server.clients.size).toBe(1), patience);
    await settle(good);
    expect(saidIn(good)).toHaveLength(told + 1);
  });

  test('that does not read at all, without waiting for it to leave', async () => {
    const server = await start({ waitingBytes: 100_000, farewellMs: 20 });
    const slow = await openRaw(server);
    slow.send(subscribe('run:req_1'));
    await vi.waitFor(() => expect(slow.received().includes('"subscribed"')).toBe(true), patience);
    slow.socket.pause();
    await vi.waitFor(() => {
      for (let index = 0; index < 20; index++) say(server, 'x'.repeat(60_000));
      expect(server.clients.size).toBe(0);
    }, patience);
    slow.socket.destroy();
  });

  test('that does not answer to pings', async () => {
    const server = await start({ checkEveryMs: 30 });
    const dead = await openRaw(server);
    const alive = await open(server);
    await vi.waitFor(() => expect(server.clients.size).toBe(1), patience);
    expect(dead.socket.destroyed || !dead.socket.writable || dead.socket.readableEnded).toBe(true);
    await settle(alive);
  });

  test('when the server ends', async () => {
    const server = await start();
    const clients = [await open(server), await open(server, 'viewer')];
    const closed = server.app.close();
    for (const client of clients)
      expect(await client.closed).toEqual({ code: 1001, reason: 'server shutting down' });
    await closed;
    await vi.waitFor(() => expect(server.clients.size).toBe(0), patience);
  });
});

describe('garbage', () => {
  test.each<[string, unknown]>([
    ['no JSON', 'hello?'],
    ['binary', Buffer.from(JSON.stringify({ type: 'ping' }))],
    ['an unknown type', { type: 'publish', data: {} }],
    ['an unknown channel', subscribe('secrets')],
    ['a channel that is no text', { type: 'subscribe', data: { channel: { toString: 'logs' } } }],
    ['a prototype', '{"type":"subscribe","data":{"__proto__":{"channel":"logs"}}}'],
    ['nothing', ''],
    ['a bad number', { type: 'subscribe', data: { channel: 'metrics', after: { epoch: 'a', seq: 1.5 } } }],
  ])('such as %s is told so, and the connection goes on', async (_, message) => {
    const server = await start();
    const client = await open(server);
    client.send(message);
    expect(await received(client, 'error')).toMatchObject([{ data: { code: 'invalid_message' } }]);
    await settle(client);
  });

  test('of any kind does no harm', async () => {
    const server = await start({ messagesPerSecond: 1e6 });
    const client = await open(server);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(fc.json(), fc.string({ unit: 'binary' }))), async (texts) => {
        for (const text of texts) if (!clientMessage.safeParse(parse(text)).success) client.send(text);
        await settle(client);
      }),
      { numRuns: 20 },
    );
    expect(client.messages.every(({ type }) => ['hello', 'error', 'pong'].includes(type))).toBe(true);
  });

  test('below the messages ends the connection alone', async () => {
    const server = await start();
    const raw = await openRaw(server);
    const gone = new Promise((resolve) => raw.socket.on('close', resolve));
    raw.socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]));
    await gone;
    await open(server);
  });
});

test('many clients all get everything, and leave nothing behind', async () => {
  const server = await start({ clientsPerUser: 100 });
  const clients = await Promise.all(Array.from({ length: 60 }, () => open(server)));
  for (const client of clients) client.send(subscribe('run:req_1'));
  await Promise.all(clients.map((client) => received(client, 'subscribed')));
  for (let index = 0; index < 100; index++) say(server, String(index));
  const all = Array.from({ length: 100 }, (_, index) => String(index));
  await Promise.all(clients.map((client) => vi.waitFor(() => expect(saidIn(client)).toEqual(all), patience)));
  for (const { socket } of clients) socket.close();
  await vi.waitFor(() => expect(server.clients.size).toBe(0), patience);
  await vi.waitFor(
    () => expect(server.log.filter(({ status }) => status === 101)).toHaveLength(60),
    patience,
  );
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface RawClient {
  readonly socket: Socket;
  received(): Buffer;
  send(message: object): void;
}

/** A connection by hand, that answers to nothing by itself. */
async function openRaw({ origin }: LiveServer): Promise<RawClient> {
  const { hostname, port, host } = new URL(origin);
  const socket = connectTcp(Number(port), hostname);
  socket.on('error', () => {});
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(
    [
      'GET /ws HTTP/1.1',
      `host: ${host}`,
      `origin: ${origin}`,
      'cookie: session=viewer',
      'connection: Upgrade',
      'upgrade: websocket',
      'sec-websocket-version: 13',
      'sec-websocket-key: MDEyMzQ1Njc4OTAxMjM0NQ==',
      '',
      '',
    ].join('\r\n'),
  );
  const received = (): Buffer => Buffer.concat(chunks);
  await vi.waitFor(() => expect(received().includes('"hello"')).toBe(true), patience);
  return {
    socket,
    received,
    send(message) {
      const body = Buffer.from(JSON.stringify(message));
      // The mask of zeros leaves the text as it is.
      socket.write(Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]));
    },
  };
}
