import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WireError } from '../../openai/index.ts';
import type { BlobStore } from '../../storage/index.ts';
import { replyError } from '../reply-errors.ts';
import { readRange } from './byte-range.ts';
import { attachment } from './content-disposition.ts';

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

/**
 * Whatever an agent or somebody else has made must not run in this server's origin: browsers save it, do not guess
 * what it is, and give it neither scripts nor the origin should they show it all the same.
 */
export const downloadHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // Kept by this client alone, and asked for anew each time: the file may be deleted, or the key be revoked.
  'cache-control': 'private, no-cache',
};

/** Sends a file, the part of it that is asked for, or the word that the client has it already. */
export async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  file: SentFile,
  blobs: Pick<BlobStore, 'open'>,
): Promise<FastifyReply> {
  const blob = await blobs.open(file.sha256, file.bytes);
  if (blob === undefined) throw contentGone(file.id);
  const etag = `"${file.sha256}"`;
  const modified = new Date(file.createdAt).toUTCString();
  reply.headers({ ...downloadHeaders, etag, 'last-modified': modified, 'accept-ranges': 'bytes' });

  const { headers } = request;
  if (isKnown(headers, etag, file.createdAt)) {
    await blob[Symbol.asyncDispose]();
    return reply.code(304).send();
  }
  const wanted = rangeCounts(headers, etag, modified) ? readRange(headers.range, file.bytes) : 'whole';
  if (wanted === 'unsatisfiable') {
    await blob[Symbol.asyncDispose]();
    return replyError(
      reply.header('content-range', `bytes */${file.bytes}`),
      rangeNotSatisfiable(file.bytes),
    );
  }
  reply.headers({
    'content-type': contentType(file.mediaType),
    'content-disposition': attachment(file.name),
  });
  const { start, end } = wanted === 'whole' ? { start: 0, end: file.bytes - 1 } : wanted;
  reply.header('content-length', end - start + 1);
  if (wanted !== 'whole') reply.code(206).header('content-range', `bytes ${start}-${end}/${file.bytes}`);
  if (request.method === 'HEAD' || file.bytes === 0) {
    await blob[Symbol.asyncDispose]();
    return reply.send(Readable.from([]));
  }
  return reply.send(blob.stream({ start, end }));
}

/** What is told to be text is UTF-8: see how media types are found. */
function contentType(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}

type Headers = FastifyRequest['headers'];

/** Whether the client has the file as it is. */
function isKnown(headers: Headers, etag: string, createdAt: number): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(createdAt / 1000) * 1000 <= since;
}

/** A part is of use only to a client that has the rest of the same content. */
function rangeCounts(headers: Headers, etag: string, modified: string): boolean {
  const condition = headers['if-range'];
  return condition === undefined || condition === etag || condition === modified;
}

function rangeNotSatisfiable(bytes: number): WireError {
  return new WireError({
    status: 416,
    type: 'invalid_request_error',
    message: `The range lies outside of the file, which has ${bytes} bytes.`,
    code: 'range_not_satisfiable',
  });
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
