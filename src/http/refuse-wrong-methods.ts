import type { FastifyInstance, HTTPMethods } from 'fastify';
import { methodNotSupported } from './wire-errors.ts';

/** OPTIONS is CORS's own. */
const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];

/** Registers the routes, and answers 405 with `allow` to the other methods of their paths. */
export function refuseWrongMethods(app: FastifyInstance, registerRoutes: () => void): void {
  const known = new Map<string, Set<string>>();
  let watching = true;
  app.addHook('onRoute', ({ url, method }) => {
    if (!watching) return;
    const allowed = known.get(url) ?? new Set();
    known.set(url, allowed);
    for (const one of [method].flat()) allowed.add(one);
  });
  registerRoutes();
  watching = false;

  for (const [url, allowed] of known) {
    const allow = [...allowed, 'OPTIONS'].join(', ');
    app.route({
      url,
      method: methods.filter((method) => !allowed.has(method)),
      // Refused before a body is read.
      onRequest: async (request, reply) => {
        reply.header('allow', allow);
        throw methodNotSupported(request.method, request.url.split('?', 1)[0] ?? '');
      },
      handler: async () => undefined,
    });
  }
}
