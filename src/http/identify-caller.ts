import type { FastifyRequest } from 'fastify';
import { type Authenticator, bearerToken, type Caller } from './authenticator.ts';

/** The caller of a request, also noted for the log. Rejects with a `WireError` where nobody may ask. */
export async function identifyCaller(authenticator: Authenticator, request: FastifyRequest): Promise<Caller> {
  const caller = await authenticator.authenticate(bearerToken(request.headers.authorization), {
    requestId: request.id,
    remoteAddress: request.ip,
  });
  request.record.owner = caller.owner;
  return caller;
}
