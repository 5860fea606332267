import type { FastifyReply } from 'fastify';

/** The headers that an answer went out with, names and values in turn; those that Node adds itself are not told. */
export function sentHeaders(reply: Pick<FastifyReply, 'getHeaders'>): string[] {
  return Object.entries(reply.getHeaders()).flatMap(([name, value]) =>
    value === undefined ? [] : [value].flat().flatMap((one) => [name, String(one)]),
  );
}
