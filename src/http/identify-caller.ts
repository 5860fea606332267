import type { FastifyRequest } from 'fastify';
import { type Authenticator, type Caller, keyIn } from './authenticator.ts';

/** The caller of a request, also noted for the log. Rejects where nobody may ask. */
export async function identifyCaller(authenticator: Authenticator, request: FastifyRequest): Promise<Caller> {
  const caller = await authenticator.authenticate(keyIn(request.headers));
  request.record.owner = caller.owner;
  request.record.key = caller.key ?? undefined;
  return caller;
}
