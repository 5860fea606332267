import type { FastifyInstance } from 'fastify';
import { unparsableBody } from './wire-errors.ts';

/**
 * Takes every body for JSON, whatever its content type says or fails to say (`curl -d` sends a form's type).
 * `__proto__` members are left out. An empty body is undefined.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('remove', 'ignore');
  // Fastify refuses a type that it cannot read before any parser sees the body.
  app.addHook('onRequest', async ({ headers }) => {
    const type = headers['content-type'];
    if (type !== undefined && !/^\s*[\w.+-]+\/[\w.+-]+\s*(?:;|$)/.test(type))
      headers['content-type'] = 'application/json';
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    void parse(request, body.toString(), (error, value) => {
      done(error === null ? null : unparsableBody(error), value);
    });
  });
}
