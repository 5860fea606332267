import type { FastifyInstance } from 'fastify';
import { encodeContainerFileDeleted } from '../../../../openai/index.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { findContainerFile } from '../../../files/find-container.ts';
import { removeFromWorkspace } from '../../../files/remove-from-workspace.ts';
import { identifyCaller } from '../../../identify-caller.ts';

/** Deletes what is kept of it, and the file itself where it is still the same. */
export function registerDeleteContainerFile(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.delete<{ Params: { id: string; fileId: string } }>(
    '/v1/containers/:id/files/:fileId',
    async (request) => {
      const caller = await identifyCaller(authenticator, request);
      const { container, file } = await findContainerFile(caller, request.params, services);
      if (!file.superseded) await removeFromWorkspace(container, file, services);
      await services.containerFiles.delete(caller.owner, file.id);
      return encodeContainerFileDeleted(file.id);
    },
  );
}
