import type { FastifyInstance } from 'fastify';
import type { FileDeps } from '../../../files/file-deps.ts';
import { findContainerFile } from '../../../files/find-container.ts';
import { sendFile } from '../../../files/send-file.ts';
import { identifyCaller } from '../../../identify-caller.ts';

/** As it was when the run had ended that made it. */
export function registerGetContainerFileContent(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.get<{ Params: { id: string; fileId: string } }>(
    '/v1/containers/:id/files/:fileId/content',
    async (request, reply) => {
      const caller = await identifyCaller(authenticator, request);
      const { file } = await findContainerFile(caller, request.params, services);
      return sendFile(request, reply, { ...file, name: file.path }, services.blobs);
    },
  );
}
