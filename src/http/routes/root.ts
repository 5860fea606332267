import type { FastifyInstance } from 'fastify';

/** Where to go from here, for people and programs that open the bare address. */
export function registerRoot(app: FastifyInstance, { version }: { readonly version: string }): void {
  app.get('/', async () => ({
    name: 'claudecode-api',
    version,
    api: '/v1',
    models: '/v1/models',
    health: '/health',
  }));
}
