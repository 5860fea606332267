import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  containerFileCreateSchema,
  fileNotFound,
  missingField,
  parseBody,
} from '../../../../openai/index.ts';
import type { StoredContainer, StoredContainerFile } from '../../../../storage/index.ts';
import { tellContainerFile } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import type { FileServices } from '../../../files/file-services.ts';
import { findContainer } from '../../../files/find-container.ts';
import { placeInContainer } from '../../../files/place-in-container.ts';
import { receiveUpload } from '../../../files/receive-upload.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { unparsableBody } from '../../../wire-errors.ts';

/** Puts a file into the workspace: one that comes along, or one that was uploaded before. */
export function registerCreateContainerFile(
  app: FastifyInstance,
  { authenticator, files: services }: FileDeps,
): void {
  app.post<{ Params: { id: string } }>(
    '/v1/containers/:id/files',
    { config: { takesForm: true } },
    async (request) => {
      const caller = await identifyCaller(authenticator, request);
      const container = await findContainer(caller, request.params.id, services);
      const file = request.isMultipart()
        ? await placeUpload(request, container, services)
        : await placeUploaded(request.body, container, services);
      return tellContainerFile(file);
    },
  );
}

async function placeUpload(
  request: FastifyRequest,
  container: StoredContainer,
  services: FileServices,
): Promise<StoredContainerFile> {
  const { blobs, maxBytes } = services;
  await using upload = await receiveUpload(request, { blobs, maxBytes: maxBytes() });
  const { file, fields } = upload;
  // Clients send an id as a form, too.
  if (file === undefined && fields['file_id'] !== undefined)
    return placeUploaded(fields, container, services);
  if (file === undefined) throw missingField('file');
  const { draft, filename, mediaType } = file;
  const content = { filename, mediaType, bytes: draft.bytes, sha256: draft.sha256 };
  // Awaited here: the draft goes with the upload.
  return await blobs.keep([draft], () => placeInContainer(container, content, services));
}

async function placeUploaded(
  body: unknown,
  container: StoredContainer,
  services: FileServices,
): Promise<StoredContainerFile> {
  if (body === undefined) throw unparsableBody();
  const { file_id: id } = parseBody(containerFileCreateSchema, body);
  const file = await services.files.get(container.owner, id);
  if (file === null) throw fileNotFound(id, 'file_id');
  return placeInContainer(container, file, services);
}
