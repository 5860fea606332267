import type { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { WireError } from '../../../../openai/index.ts';
import type { StoredContainer } from '../../../../storage/index.ts';
import { attachment } from '../../../files/content-disposition.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import type { FileServices } from '../../../files/file-services.ts';
import { findContainer } from '../../../files/find-container.ts';
import { downloadHeaders } from '../../../files/send-content.ts';
import { zipKept } from '../../../files/zip-kept.ts';
import { identifyCaller } from '../../../identify-caller.ts';

/** Not of OpenAI's API: the workspace as a zip archive, or with `run` what that run made and changed. */
export function registerGetContainerArchive(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.get<{ Params: { id: string }; Querystring: { run?: unknown } }>(
    '/v1/containers/:id/archive',
    async (request, reply) => {
      const caller = await identifyCaller(authenticator, request);
      const container = await findContainer(caller, request.params.id, services);
      const { run } = request.query;
      const archive =
        typeof run === 'string' && run !== ''
          ? await archiveRun(container, run, services)
          : await archiveWorkspace(container, services);
      return reply
        .headers({ ...downloadHeaders, 'content-disposition': attachment(`${container.name}.zip`) })
        .type('application/zip')
        .send(archive);
    },
  );
}

async function archiveRun(
  { owner, id }: StoredContainer,
  run: string,
  { containerFiles, blobs }: FileServices,
): Promise<Readable> {
  const files = await containerFiles.ofRun(owner, id, run);
  if (files.length === 0) throw nothingThere(`The run '${run}' has left no files in the container '${id}'.`);
  return zipKept(files, blobs);
}

async function archiveWorkspace(container: StoredContainer, { workspaces }: FileServices): Promise<Readable> {
  const archive = await workspaces.archive(container);
  if (archive === undefined)
    throw nothingThere(`The container '${container.id}' has no files, or more than one archive can hold.`);
  return archive;
}

function nothingThere(message: string): WireError {
  return new WireError({ status: 404, type: 'invalid_request_error', message });
}
