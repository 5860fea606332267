import { AccessError } from '../../../access/index.ts';
import type { runEndpoints } from '../../../contract/index.ts';
import type { RunDirectory } from '../../console/console-services.ts';
import type { HandlersOf } from '../../console/handle-endpoint.ts';

export function runHandlers(runs: RunDirectory): HandlersOf<typeof runEndpoints> {
  return {
    listRuns: () => ({ items: runs.list() }),
    getRun: ({ params }) => runs.get(params.id) ?? Promise.reject(notUnderWay(params.id)),
    stopRun: async ({ params, actor }) =>
      (await runs.stop(params.id, actor)) ?? Promise.reject(notUnderWay(params.id)),
    rollBackRun: ({ params, body, actor }) => runs.rollBack(params.id, body, actor),
  };
}

function notUnderWay(id: string): AccessError {
  return new AccessError('not_found', `No run '${id}' is under way on this server.`);
}
