import type { FastifyInstance } from 'fastify';
import { mayUseModel, mayUseProfile } from '../../../access/index.ts';
import { type ModelDirectory, modelNotFound } from '../../../openai/index.ts';
import type { Authenticator, Caller } from '../../authenticator.ts';
import { identifyCaller } from '../../identify-caller.ts';

export interface ModelsDeps {
  readonly authenticator: Authenticator;
  /** As the engine offers them at the moment. */
  readonly models: () => Promise<ModelDirectory>;
}

/**
 * What the caller's key may use; for the rest it is as if it were not there. The wildcard takes ids with a slash
 * (`agent/claude-sonnet-5`), whether it comes encoded or not.
 */
export function registerModels(app: FastifyInstance, { authenticator, models }: ModelsDeps): void {
  app.get('/v1/models', async (request) => {
    const caller = await identifyCaller(authenticator, request);
    const directory = await models();
    return { object: 'list', data: directory.list().filter(({ id }) => mayUse(caller, id, directory)) };
  });

  app.get<{ Params: { '*': string } }>('/v1/models/*', async (request) => {
    const caller = await identifyCaller(authenticator, request);
    const directory = await models();
    const model = directory.get(request.params['*'].replace(/\/$/, ''));
    if (!mayUse(caller, model.id, directory)) throw modelNotFound(model.id);
    return model;
  });
}

function mayUse({ key }: Caller, id: string, directory: ModelDirectory): boolean {
  if (key === null) return true;
  const { profileName } = directory.resolve(id);
  return (
    mayUseModel(key, directory.namesOf(id)) && (profileName === undefined || mayUseProfile(key, profileName))
  );
}
