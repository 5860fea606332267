import type { FastifyInstance } from 'fastify';

/** Where to go from here, for programs that open the bare address; browsers are sent to the console. */
export function registerRoot(app: FastifyInstance, { version }: { readonly version: string }): void {
  app.get('/', async (request, reply) => {
    reply.header('vary', 'accept');
    if (request.headers.accept?.includes('text/html') === true) return reply.redirect('/webui');
    return {
      name: 'claudecode-api',
      version,
      api: '/v1',
      models: '/v1/models',
      health: '/health',
      console: '/webui',
      docs: '/api-docs',
    };
  });
}
