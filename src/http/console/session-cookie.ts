import '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';

export const cookieNames = {
  plain: 'claudecode_session',
  /** A browser takes it from this very host alone and over TLS alone: no neighbour can plant it. */
  secure: '__Host-claudecode_session',
} as const;

/** The token in the session's cookie; undefined where there is none. Also for requests to upgrade to a WebSocket. */
export function readSessionToken(request: FastifyRequest): string | undefined {
  const { cookie } = request.headers;
  if (cookie === undefined) return undefined;
  const token = request.server.parseCookie(cookie)[nameFor(request)];
  return token === '' ? undefined : token;
}

/** `expiresAt` in milliseconds since 1970. */
export function setSessionCookie(
  reply: FastifyReply,
  token: string,
  { expiresAt }: { readonly expiresAt: number },
): void {
  const maxAge = Math.max(0, Math.floor((expiresAt - Date.now()) / 1000));
  reply.setCookie(nameFor(reply.request), token, { ...attributes(reply.request), maxAge });
}

export function clearSessionCookie(reply: FastifyReply): void {
  reply.clearCookie(nameFor(reply.request), attributes(reply.request));
}

function nameFor(request: FastifyRequest): string {
  return request.protocol === 'https' ? cookieNames.secure : cookieNames.plain;
}

function attributes(request: FastifyRequest) {
  return { httpOnly: true, sameSite: 'strict', path: '/', secure: request.protocol === 'https' } as const;
}
