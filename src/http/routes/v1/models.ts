import type { FastifyInstance } from 'fastify';
import type { ModelDirectory } from '../../../openai/index.ts';
import type { Authenticator } from '../../authenticator.ts';
import { identifyCaller } from '../../identify-caller.ts';

export interface ModelsDeps {
  readonly authenticator: Authenticator;
  /** As the engine offers them at the moment. */
  readonly models: () => Promise<ModelDirectory>;
}

/** The wildcard takes ids with a slash (`agent/claude-sonnet-5`), whether it comes encoded or not. */
export function registerModels(app: FastifyInstance, { authenticator, models }: ModelsDeps): void {
  app.get('/v1/models', async (request) => {
    await identifyCaller(authenticator, request);
    return { object: 'list', data: (await models()).list() };
  });

  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request) => {
    await identifyCaller(authenticator, request);
    return (await models()).get(request.params['*'].replace(/\/$/, ''));
  });
}
