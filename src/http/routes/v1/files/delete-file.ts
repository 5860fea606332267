import type { FastifyInstance } from 'fastify';
import { encodeFileDeleted, fileNotFound } from '../../../../openai/index.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerDeleteFile(app: FastifyInstance, { authenticator, files: services }: FileDeps): void {
  app.delete<{ Params: { id: string } }>('/v1/files/:id', async (request) => {
    const { owner } = await identifyCaller(authenticator, request);
    const { id } = request.params;
    if (!(await services.files.delete(owner, id))) throw fileNotFound(id, 'id');
    return encodeFileDeleted(id);
  });
}
