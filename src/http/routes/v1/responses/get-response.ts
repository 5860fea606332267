import type { FastifyInstance } from 'fastify';
import type { Authenticator } from '../../../authenticator.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { readFlag, readInteger } from '../../../read-query.ts';
import { replayResponse } from '../../../responses/replay-response.ts';
import type { ResponseDeps } from '../../../responses/response-deps.ts';
import { cannotStreamForeground, responseNotFound } from '../../../responses/response-errors.ts';
import { toResponseObject } from '../../../responses/response-object.ts';

export interface GetResponseDeps
  extends Pick<ResponseDeps, 'responses' | 'background' | 'timing' | 'logger'> {
  readonly authenticator: Authenticator;
}

/** The response as it is now; with `stream=true` its events after `starting_after`, and those to come. */
export function registerGetResponse(app: FastifyInstance, deps: GetResponseDeps): void {
  app.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>(
    '/v1/responses/:id',
    async (request, reply) => {
      const { owner } = await identifyCaller(deps.authenticator, request);
      const { id } = request.params;
      const stream = readFlag(request.query, 'stream');
      const after = readInteger(request.query, 'starting_after', { min: -1, max: 2 ** 31 }) ?? -1;
      const stored = await deps.responses.get(owner, id);
      if (stored === null) throw responseNotFound(id);
      if (!stream) return toResponseObject(stored);
      if (!stored.background) throw cannotStreamForeground();
      await replayResponse({ reply, owner, id, after }, deps);
      return reply;
    },
  );
}
