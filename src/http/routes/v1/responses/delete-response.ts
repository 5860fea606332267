import type { FastifyInstance } from 'fastify';
import type { Authenticator } from '../../../authenticator.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import type { ResponseDeps } from '../../../responses/response-deps.ts';
import { responseNotFound } from '../../../responses/response-errors.ts';

export interface DeleteResponseDeps extends Pick<ResponseDeps, 'background'> {
  readonly authenticator: Authenticator;
}

/** A response that runs is stopped by it. */
export function registerDeleteResponse(app: FastifyInstance, deps: DeleteResponseDeps): void {
  app.delete<{ Params: { id: string } }>('/v1/responses/:id', async (request) => {
    const { owner } = await identifyCaller(deps.authenticator, request);
    const { id } = request.params;
    if (!(await deps.background.delete(owner, id))) throw responseNotFound(id);
    return { id, object: 'response', deleted: true };
  });
}
