import type { FastifyInstance } from 'fastify';
import { containerFileListQuery, encodeList, parseBody } from '../../../../openai/index.ts';
import { tellContainerFile } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { findContainer } from '../../../files/find-container.ts';
import { identifyCaller } from '../../../identify-caller.ts';

/** What runs and clients have left there: each file once, as it was last. */
export function registerListContainerFiles(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.get<{ Params: { id: string } }>('/v1/containers/:id/files', async (request) => {
    const caller = await identifyCaller(authenticator, request);
    const page = parseBody(containerFileListQuery, request.query);
    const { id } = await findContainer(caller, request.params.id, services);
    const { files, hasMore } = await services.containerFiles.list(caller.owner, id, page);
    return encodeList(files.map(tellContainerFile), hasMore);
  });
}
