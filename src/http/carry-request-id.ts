import type { FastifyInstance } from 'fastify';
import { withRequestId } from '../observability/index.ts';

/** Whatever is logged while a request is handled gets its id. To be added before the other hooks. */
export function carryRequestId(app: FastifyInstance): void {
  // Fastify goes on in this scope, also after it has read a body.
  app.addHook('onRequest', (request, _reply, done) => withRequestId(request.id, done));
}
