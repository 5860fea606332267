import type { FastifyInstance } from 'fastify';
import { fileNotFound } from '../../../../openai/index.ts';
import { tellFile } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerGetFile(app: FastifyInstance, { authenticator, files: services }: FileDeps): void {
  app.get<{ Params: { id: string } }>('/v1/files/:id', async (request) => {
    const { owner } = await identifyCaller(authenticator, request);
    const { id } = request.params;
    const file = await services.files.get(owner, id);
    if (file === null) throw fileNotFound(id, 'id');
    return tellFile(file);
  });
}
