import type { FastifyInstance } from 'fastify';
import { decodeFileUpload, missingField } from '../../../../openai/index.ts';
import { tellFile } from '../../../files/file-answers.ts';
import type { FileDeps } from '../../../files/file-deps.ts';
import { receiveUpload } from '../../../files/receive-upload.ts';
import { identifyCaller } from '../../../identify-caller.ts';
import { newId } from '../../../new-id.ts';

export function registerCreateFile(app: FastifyInstance, { authenticator, files: services }: FileDeps): void {
  const { files, blobs, maxBytes } = services;
  app.post('/v1/files', { config: { takesForm: true } }, async (request) => {
    const { owner } = await identifyCaller(authenticator, request);
    await using upload = await receiveUpload(request, { blobs, maxBytes: maxBytes() });
    if (upload.file === undefined) throw missingField('file');
    const { purpose, expiresAfterSeconds } = decodeFileUpload(upload.fields);
    const { draft, filename, mediaType } = upload.file;
    const createdAt = Date.now();
    const file = {
      id: newId('file-'),
      owner,
      filename,
      purpose,
      bytes: draft.bytes,
      mediaType,
      sha256: draft.sha256,
      createdAt,
      expiresAt: expiresAfterSeconds === undefined ? null : createdAt + expiresAfterSeconds * 1000,
    };
    await blobs.keep([draft], () => files.create(file));
    return tellFile(file);
  });
}
