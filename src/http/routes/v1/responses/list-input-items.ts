import type { FastifyInstance } from 'fastify';
import type { Authenticator } from '../../../authenticator.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { encodeItemList } from '../../../item-list.ts';
import { readPage } from '../../../read-query.ts';
import type { ResponseDeps } from '../../../responses/response-deps.ts';
import { responseNotFound } from '../../../responses/response-errors.ts';

export interface ListInputItemsDeps extends Pick<ResponseDeps, 'responses'> {
  readonly authenticator: Authenticator;
}

/** What the response itself was given; `include` adds nothing, since items keep all that they came with. */
export function registerListInputItems(app: FastifyInstance, deps: ListInputItemsDeps): void {
  app.get<{ Params: { id: string }; Querystring: Record<string, unknown> }>(
    '/v1/responses/:id/input_items',
    async (request) => {
      const { owner } = await identifyCaller(deps.authenticator, request);
      const { id } = request.params;
      const items = await deps.responses.inputItems(owner, id, readPage(request.query));
      if (items === null) throw responseNotFound(id);
      return encodeItemList(items);
    },
  );
}
