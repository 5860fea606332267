import { once } from 'node:events';
import { connect } from 'node:net';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { trackConnections } from './track-connections.ts';

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

const request = 'GET / HTTP/1.1\r\nhost: localhost\r\n\r\n';

test('once the server shuts down, a connection ends after its answer, and not before', async () => {
  let shuttingDown = false;
  const server = fastify();
  app = server;
  trackConnections(server, () => shuttingDown);
  server.get('/', async () => 'whole answer');
  const { port } = new URL(await server.listen({ port: 0, host: '127.0.0.1' }));
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(request);
  const [first] = await once(socket, 'data');
  expect(String(first)).toContain('whole answer');

  shuttingDown = true;
  let second = '';
  socket.on('data', (chunk) => {
    second += String(chunk);
  });
  // The same connection was kept for it.
  socket.write(request);
  await once(socket, 'end');
  expect(second).toContain('whole answer');
});

test('those that are still open can be cut', async () => {
  const server = fastify();
  app = server;
  const connections = trackConnections(server, () => false);
  server.get('/', () => new Promise(() => {}));
  const { port } = new URL(await server.listen({ port: 0, host: '127.0.0.1' }));
  const socket = connect(Number(port), '127.0.0.1');
  const arrived = once(server.server, 'request');
  socket.write(request);
  await arrived;
  const closed = once(socket, 'close');
  connections.destroyAll();
  await closed;
});
