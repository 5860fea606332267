import type { FastifyInstance } from 'fastify';
import { fileNotFound } from '../../../../openai/index.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import type { FileServices } from '../../../files/file-services.ts';
import { type SentFile, sendFile } from '../../../files/send-file.ts';
import { identifyCaller } from '../../../identify-caller.ts';

/**
 * The content of an uploaded file, or of one of a container, which is known by its id alone. With the token of a link
 * it is given to whoever asks: see `FileLinks`.
 */
export function registerGetFileContent(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.get<{ Params: { id: string }; Querystring: { token?: unknown } }>(
    '/v1/files/:id/content',
    async (request, reply) => {
      const { params, query } = request;
      let owner: string;
      if (typeof query.token === 'string') {
        owner = services.links.ownerOf(query.token, params.id);
        request.record.owner = owner;
      } else {
        owner = (await identifyCaller(authenticator, request)).owner;
      }
      const file = await findAny(owner, params.id, services);
      if (file === null) throw fileNotFound(params.id, 'id');
      return sendFile(request, reply, file, services.blobs);
    },
  );
}

async function findAny(
  owner: string,
  id: string,
  { files, containerFiles }: FileServices,
): Promise<SentFile | null> {
  const uploaded = await files.get(owner, id);
  if (uploaded !== null) return { ...uploaded, name: uploaded.filename };
  const made = await containerFiles.get(owner, id);
  return made === null ? null : { ...made, name: made.path };
}
