import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';

export interface WatchedRoute {
  readonly method: string;
  /** As it was registered, such as `/v1/responses/:id`. */
  readonly url: string;
}

/** The routes of the servers that are created meanwhile, but for those that only refuse wrong methods. */
export async function watchRoutes(create: () => Promise<unknown>): Promise<WatchedRoute[]> {
  const routes: WatchedRoute[] = [];
  const watch = (message: unknown): void => {
    const { fastify } = message as { readonly fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url }) => {
      // A route that refuses has all the other methods at once.
      if (typeof method === 'string') routes.push({ method, url });
    });
  };
  subscribe('fastify.initialization', watch);
  try {
    await create();
  } finally {
    unsubscribe('fastify.initialization', watch);
  }
  return routes;
}
