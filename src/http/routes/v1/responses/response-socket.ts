import type { FastifyInstance, FastifyRequest } from 'fastify';
import { WireError } from '../../../../openai/index.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { requestedProfile } from '../../../responses/requested-profile.ts';
import { requestedSideRequest } from '../../../side-requests.ts';
import { ResponseConnection } from '../../../websocket/response-connection.ts';
import type { Socket } from '../../../websocket/socket.ts';
import type { CreateResponseDeps } from './create-response.ts';

/** OpenAI's limit. */
const connectionLimitMs = 60 * 60 * 1000;

/**
 * Responses over a WebSocket. A plain GET is told to upgrade: Codex, which tries the WebSocket first, then falls back
 * to HTTP at once.
 */
export function registerResponseSocket(
  app: FastifyInstance,
  deps: CreateResponseDeps & { readonly connectionLimitMs?: number },
): void {
  const connections = new Set<ResponseConnection>();
  // The server does not end connections by itself while a response is in progress.
  app.addHook('preClose', async () => {
    for (const connection of connections) connection.closeWhenIdle();
  });

  app.route({
    method: 'GET',
    url: '/v1/responses',
    preHandler: async (request) => {
      await identifyCaller(deps.authenticator, request);
      // What is wrong with it has to be said before the connection goes over.
      requestedSideRequest(request);
    },
    handler: async (_request, reply) => {
      reply.headers({ upgrade: 'websocket', connection: 'Upgrade' });
      throw upgradeRequired();
    },
    wsHandler: (socket: Socket, request: FastifyRequest) => {
      const { id: requestId, record } = request;
      record.upgraded = true;
      const caller = {
        identify: () => identifyCaller(deps.authenticator, request),
        requestId,
        opening: {
          client: request.headers['user-agent'],
          address: request.ip,
          headers: request.headers,
        },
        rawHeaders: request.raw.rawHeaders,
        profileName: requestedProfile(request),
        sideRequest: { wish: requestedSideRequest(request) },
      };
      const connection = new ResponseConnection(socket, caller, { connectionLimitMs, ...deps });
      connections.add(connection);
      socket.on('close', () => connections.delete(connection));
    },
  });
}

function upgradeRequired(): WireError {
  return new WireError({
    status: 426,
    type: 'invalid_request_error',
    message: 'GET /v1/responses is for WebSocket connections. Use POST /v1/responses to create a response.',
    code: 'upgrade_required',
  });
}
