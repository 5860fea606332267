import type { FastifyInstance } from 'fastify';
import { tellContainerFile } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { findContainerFile } from '../../../files/find-container.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerGetContainerFile(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.get<{ Params: { id: string; fileId: string } }>('/v1/containers/:id/files/:fileId', async (request) => {
    const caller = await identifyCaller(authenticator, request);
    const { file } = await findContainerFile(caller, request.params, services);
    return tellContainerFile(file);
  });
}
