import type { FastifyReply, FastifyRequest } from 'fastify';
import { WireError } from '../../openai/index.ts';
import type { BlobStore } from '../../storage/index.ts';
import { sendContent } from './send-content.ts';

/** A file whose content is kept. */
export interface SentFile {
  readonly id: string;
  /** For the client to save it under; a path counts by its end. */
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
  readonly sha256: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Sends a file, the part of it that is asked for, or the word that the client has it already. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: SentFile,
  blobs: Pick<BlobStore, 'open'>,
): Promise<FastifyReply> {
  const blob = await blobs.open(file.sha256, file.bytes);
  if (blob === undefined) throw contentGone(file.id);
  const { name, bytes, mediaType, sha256, createdAt } = file;
  return sendContent(
    request,
    reply,
    { name, bytes, mediaType, version: sha256, modifiedAt: createdAt },
    blob,
  );
}

/** The row is there and the content is not. */
export function contentGone(id: string): WireError {
  return new WireError({
    status: 404,
    type: 'invalid_request_error',
    message: `The content of the file ${id} is not on this server any more.`,
    param: 'id',
    code: 'file_content_gone',
  });
}
