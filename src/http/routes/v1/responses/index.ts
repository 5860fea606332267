import type { FastifyInstance } from 'fastify';
import { registerCancelResponse } from './cancel-response.ts';
import { registerCompactResponse } from './compact-response.ts';
import { registerCountInputTokens } from './count-input-tokens.ts';
import { type CreateResponseDeps, registerCreateResponse } from './create-response.ts';
import { registerDeleteResponse } from './delete-response.ts';
import { registerGetResponse } from './get-response.ts';
import { registerListInputItems } from './list-input-items.ts';
import { registerResponseSocket } from './response-socket.ts';

export interface ResponsesDeps extends CreateResponseDeps {
  /** How long a WebSocket may last; an hour by default. */
  readonly connectionLimitMs?: number;
}

export function registerResponses(app: FastifyInstance, deps: ResponsesDeps): void {
  registerCreateResponse(app, deps);
  registerCompactResponse(app, deps);
  registerCountInputTokens(app, deps);
  registerResponseSocket(app, deps);
  registerGetResponse(app, deps);
  registerDeleteResponse(app, deps);
  registerCancelResponse(app, deps);
  registerListInputItems(app, deps);
}
