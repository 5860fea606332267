import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** The open connections, so that they do not hold up the end of the server. */
export interface Connections {
  /** Cuts those that are still open. */
  destroyAll(): void;
}

/**
 * Ends each connection after its answer once the server is shutting down: Node ends only those that are idle at
 * that moment, and waits for those that have brought nothing yet.
 */
export function trackConnections(app: FastifyInstance, isShuttingDown: () => boolean): Connections {
  const open = new Set<Socket>();
  const track = (socket: Socket): void => {
    if (open.has(socket)) return;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  app.server.on('connection', track);
  app.addHook('onRequest', async (request, reply) => {
    const { socket } = request.raw;
    // For `localhost` Fastify opens a second server, whose connections show only here.
    track(socket);
    reply.raw.once('finish', () => {
      if (isShuttingDown()) socket.end();
    });
  });
  return {
    destroyAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}
