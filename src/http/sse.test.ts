import { once } from 'node:events';
import { connect } from 'node:net';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import pino from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { logRequests } from './request-record.ts';
import { openEventStream } from './sse.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

async function serve(handle: (reply: FastifyReply) => Promise<void>): Promise<string> {
  const server = fastify({ forceCloseConnections: true });
  app = server;
  logRequests(server, pino({ level: 'silent' }));
  server.get('/', async (_request, reply) => {
    reply.header('x-from-a-plugin', 'kept');
    await handle(reply);
    return reply;
  });
  return server.listen({ port: 0, host: '127.0.0.1' });
}

test('whole frames go out under the headers of an event stream and those set before', async () => {
  const url = await serve(async (reply) => {
    const stream = openEventStream(reply, { keepAliveMs: 60_000, stalledReaderMs: 60_000 });
    await stream.send('{"a":1}', '{"b":"é"}');
    await stream.send('[DONE]');
    stream.end();
  });
  const response = await fetch(url);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    connection: 'keep-alive',
    'x-accel-buffering': 'no',
    'x-from-a-plugin': 'kept',
    'openai-processing-ms': expect.stringMatching(/^\d+$/),
  });
  expect(await response.text()).toBe('data: {"a":1}\n\ndata: {"b":"é"}\n\ndata: [DONE]\n\n');
});

test('the head goes out before the first frame', async () => {
  let end = (): void => {};
  const url = await serve(async (reply) => {
    const stream = openEventStream(reply, { keepAliveMs: 60_000, stalledReaderMs: 60_000 });
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    stream.end();
  });
  const response = await fetch(url);
  expect(response.status).toBe(200);
  end();
  expect(await response.text()).toBe('');
});

test('comments keep a silent stream alive, and stop with it', async () => {
  let end = (): void => {};
  const url = await serve(async (reply) => {
    const stream = openEventStream(reply, { keepAliveMs: 10, stalledReaderMs: 60_000 });
    await new Promise<void>((resolve) => {
      end = resolve;
    });
    await stream.send('last');
    stream.end();
  });
  const response = await fetch(url);
  let received = '';
  for await (const chunk of response.body ?? []) {
    received += Buffer.from(chunk).toString();
    if (received.split(': keep-alive\n\n').length > 3) end();
  }
  expect(received).toMatch(/^(: keep-alive\n\n){3,}data: last\n\n$/);
});

test('a reader that does not read stops the writer until it reads on', async () => {
  const total = 400;
  const frame = 'x'.repeat(64 * 1024);
  let sent = 0;
  let highWater = 0;
  const url = await serve(async (reply) => {
    const stream = openEventStream(reply, { keepAliveMs: 5, stalledReaderMs: 60_000 });
    for (; sent < total; sent += 1) {
      await stream.send(frame);
      highWater = Math.max(highWater, reply.raw.writableLength);
    }
    stream.end();
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');

  // Stuck: the count no longer grows, far from the end.
  let before = -1;
  await vi.waitFor(
    () => {
      const now = sent;
      const stuck = now > 0 && now === before;
      before = now;
      expect(stuck).toBe(true);
    },
    { interval: 200, timeout: 20_000 },
  );
  expect(sent).toBeLessThan(total / 2);

  let received = 0;
  socket.on('data', (chunk) => {
    received += chunk.length;
  });
  socket.resume();
  await once(socket, 'end');
  expect(sent).toBe(total);
  expect(received).toBeGreaterThan(total * frame.length);
  expect(highWater).toBeLessThan(4 * frame.length);
});

test('a writer that waits for a reader who leaves is let go', async () => {
  let handled = false;
  const url = await serve(async (reply) => {
    const stream = openEventStream(reply, { keepAliveMs: 60_000, stalledReaderMs: 60_000 });
    while (!reply.raw.destroyed) await stream.send('x'.repeat(64 * 1024));
    await stream.send('nobody reads this');
    stream.end();
    handled = true;
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await once(socket, 'data');
  socket.destroy();
  await vi.waitFor(() => expect(handled).toBe(true), { timeout: 10_000 });
});

test('a reader that takes nothing for too long is cut off', async () => {
  let handled = false;
  const url = await serve(async (reply) => {
    const stream = openEventStream(reply, { keepAliveMs: 5, stalledReaderMs: 100 });
    while (!reply.raw.destroyed) await stream.send('x'.repeat(64 * 1024));
    stream.end();
    handled = true;
  });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
  await vi.waitFor(() => expect(handled).toBe(true), { timeout: 10_000 });
  socket.destroy();
});
