import type { FastifyRequest } from 'fastify';

/** The profile that the request asks for by the header `x-claudecode-profile`. */
export function requestedProfile({ headers }: Pick<FastifyRequest, 'headers'>): string | undefined {
  const name = headers['x-claudecode-profile'];
  return typeof name === 'string' ? name : undefined;
}
