import type { FastifyInstance } from 'fastify';
import { digest, mayBeRepeated } from './retries/repetition.ts';
import { unparsableBody } from './wire-errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of the body as it came, where its client may repeat it. */
    bodyDigest: string | undefined;
  }
}

/**
 * Takes every body for JSON, whatever its content type says or fails to say (`curl -d` sends a form's type).
 * `__proto__` members are left out. An empty body is undefined.
 */
export function parseJsonBodies(app: FastifyInstance): void {
  app.decorateRequest('bodyDigest');
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
    const text = body.toString();
    if (mayBeRepeated(request.headers)) request.bodyDigest = digest(text);
    void parse(request, text, (error, value) => {
      done(error === null ? null : unparsableBody(error), value);
    });
  });
}
