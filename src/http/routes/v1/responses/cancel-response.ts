import type { FastifyInstance } from 'fastify';
import type { Authenticator } from '../../../authenticator.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import type { ResponseDeps } from '../../../responses/response-deps.ts';
import { cannotCancelForeground, responseNotFound } from '../../../responses/response-errors.ts';
import { toResponseObject } from '../../../responses/response-object.ts';

export interface CancelResponseDeps extends Pick<ResponseDeps, 'background'> {
  readonly authenticator: Authenticator;
}

/** Stops a background response; one that has ended is told as it is, however often it is asked for. */
export function registerCancelResponse(app: FastifyInstance, deps: CancelResponseDeps): void {
  app.post<{ Params: { id: string } }>('/v1/responses/:id/cancel', async (request) => {
    const { owner } = await identifyCaller(deps.authenticator, request);
    const { id } = request.params;
    const stored = await deps.background.cancel(owner, id);
    if (stored === null) throw responseNotFound(id);
    if (stored === 'foreground') throw cannotCancelForeground();
    return toResponseObject(stored);
  });
}
