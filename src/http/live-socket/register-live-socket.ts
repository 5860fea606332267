import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WireError } from '../../openai/index.ts';
import type { LiveClients, Seat } from './live-clients.ts';
import type { LiveSocket } from './live-socket.ts';

export interface LiveSocketDeps {
  readonly liveClients: LiveClients;
}

/** `/ws`: what happens, as it happens, for the console. Whoever may not watch is refused before the upgrade. */
export function registerLiveSocket(app: FastifyInstance, { liveClients }: LiveSocketDeps): void {
  const seats = new WeakMap<FastifyRequest, Seat>();
  app.addHook('preClose', async () => liveClients.closeAll());

  app.route({
    method: 'GET',
    url: '/ws',
    preHandler: async (request, reply) => {
      if (!request.ws) return;
      const seat = await liveClients.admit(request);
      seats.set(request, seat);
      if (reply.raw.destroyed) seat.release();
      else reply.raw.once('close', () => seat.release());
    },
    handler: async (_request, reply) => {
      reply.headers({ upgrade: 'websocket', connection: 'Upgrade' });
      throw upgradeRequired();
    },
    wsHandler: (socket: LiveSocket, request: FastifyRequest) => {
      const seat = seats.get(request);
      if (seat === undefined) throw new TypeError('A connection was upgraded that was not admitted.');
      request.record.upgraded = true;
      liveClients.open(socket, request, seat.user);
    },
  });
}

function upgradeRequired(): WireError {
  return new WireError({
    status: 426,
    type: 'invalid_request_error',
    message: 'GET /ws is for WebSocket connections of the console.',
    code: 'upgrade_required',
  });
}
