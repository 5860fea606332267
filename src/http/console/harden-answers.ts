import type { FastifyInstance } from 'fastify';
import { isConsoleRequest } from './console-path.ts';

const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

/**
 * Gives every answer under /api/webui, refusals included, what keeps it out of caches, frames and foreign pages.
 * Whatever CORS allows for the rest, it allows nothing here: the headers are taken off again, from preflights too.
 */
export function hardenConsoleAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply) => {
    if (!isConsoleRequest(request)) return;
    reply.headers(headers);
    // What an agent made gets neither scripts nor this origin, should a browser show it all the same.
    if (reply.hasHeader('content-disposition'))
      reply.header('content-security-policy', `sandbox; ${headers['content-security-policy']}`);
    for (const name of Object.keys(reply.getHeaders())) {
      if (name.startsWith('access-control-')) reply.removeHeader(name);
    }
  });
}
