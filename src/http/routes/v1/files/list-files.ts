import type { FastifyInstance } from 'fastify';
import { encodeList, fileListQuery, parseBody } from '../../../../openai/index.ts';
import { tellFile } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { identifyCaller } from '../../../identify-caller.ts';

export function registerListFiles(app: FastifyInstance, { authenticator, files: services }: FileDeps): void {
  app.get('/v1/files', async (request) => {
    const { owner } = await identifyCaller(authenticator, request);
    const { files, hasMore } = await services.files.list(owner, parseBody(fileListQuery, request.query));
    return encodeList(files.map(tellFile), hasMore);
  });
}
