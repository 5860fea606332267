import type { FastifyRequest } from 'fastify';
import { AccessError } from '../../access/index.ts';
import type { Endpoint } from '../../contract/index.ts';
import { WireError } from '../../openai/index.ts';
import { foreignAccess } from '../wire-errors.ts';
import type { ConsoleSessions, SignedIn } from './console-services.ts';
import { isCsrfToken } from './csrf-token.ts';
import { currentSession } from './current-session.ts';
import { isOwnOrigin } from './own-origin.ts';

/**
 * Lets a request through to an endpoint or throws, before its body is read. Resolves to the session; undefined where
 * the endpoint is for everybody, whatever cookie came along.
 */
export async function guardEndpoint(
  endpoint: Pick<Endpoint, 'method' | 'access'>,
  request: FastifyRequest,
  sessions: Pick<ConsoleSessions, 'resume'>,
): Promise<SignedIn | undefined> {
  const changes = endpoint.method !== 'GET';
  if (changes && !isOwnOrigin(request)) throw foreignPage();
  if (changes && hasBody(request) && !isJson(request)) throw notJson();
  if (endpoint.access === 'public') return undefined;
  const session = await currentSession(sessions, request);
  if (changes && !isCsrfToken(session, request.headers['x-csrf-token'])) throw wrongCsrfToken();
  requireAccess(endpoint.access, session);
  return session;
}

function requireAccess(access: 'session' | 'viewer' | 'admin', session: SignedIn): void {
  if (access === 'session') return;
  if (session.mustChangePassword) {
    throw new AccessError(
      'password_change_required',
      'Change your password first, by PUT /api/webui/session/password.',
    );
  }
  if (session.mustSetUpTwoFactor) {
    throw new AccessError(
      'two_factor_required',
      'Set up two-factor sign-in first, by POST /api/webui/session/two-factor/setup.',
    );
  }
  switch (access) {
    case 'viewer':
      return;
    case 'admin':
      if (session.role !== 'admin') throw new AccessError('forbidden', 'Only an admin may do this.');
      return;
    default:
      access satisfies never;
  }
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0;
}

/** What a page of another origin cannot send without asking first. */
function isJson({ headers }: FastifyRequest): boolean {
  return /^\s*application\/json\s*(?:;|$)/i.test(headers['content-type'] ?? '');
}

function foreignPage(): WireError {
  return foreignAccess(
    'The console takes changes from its own pages only, and this one comes from another origin. A proxy before this ' +
      'server has to hand on the Host that the browser asked for.',
  );
}

function notJson(): WireError {
  return new WireError({
    status: 415,
    type: 'invalid_request_error',
    message: 'The body has to be JSON, with the content type application/json.',
    code: 'unsupported_media_type',
  });
}

function wrongCsrfToken(): WireError {
  return new WireError({
    status: 403,
    type: 'permission_error',
    message:
      'The header x-csrf-token is missing or not of this session. GET /api/webui/session tells the right one.',
    code: 'invalid_csrf_token',
  });
}
