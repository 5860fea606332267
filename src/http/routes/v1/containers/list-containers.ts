import type { FastifyInstance } from 'fastify';
import { mayUseWorkspace } from '../../../../access/index.ts';
import { containerListQuery, encodeList, parseBody } from '../../../../openai/index.ts';
import { tellContainer } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerListContainers(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.get('/v1/containers', async (request) => {
    const { owner, key } = await identifyCaller(authenticator, request);
    const page = parseBody(containerListQuery, request.query);
    const { containers, hasMore } = await services.containers.list(owner, page);
    const usable = containers.filter(({ workspaceId }) => mayUseWorkspace(key, workspaceId));
    return encodeList(usable.map(tellContainer), hasMore);
  });
}
