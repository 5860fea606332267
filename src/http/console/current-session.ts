import type { FastifyRequest } from 'fastify';
import type { ConsoleSessions, SignedIn } from './console-services.ts';
import { readSessionToken } from './session-cookie.ts';

/** Who is signed in, by the cookie of a request, be it one to upgrade. Rejects with the AccessError `no_session`. */
export function currentSession(
  sessions: Pick<ConsoleSessions, 'resume'>,
  request: FastifyRequest,
  options?: { readonly recheck?: boolean },
): Promise<SignedIn> {
  return sessions.resume(readSessionToken(request), options);
}
