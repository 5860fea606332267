import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { WireError } from '../../openai/index.ts';
import { replyError } from '../reply-errors.ts';
import { type ByteRange, readRange } from './byte-range.ts';
import { attachment } from './content-disposition.ts';

/** What is told of a content that is sent. */
export interface ContentFacts {
  /** For the client to save it under; a path counts by its end. */
  readonly name: string;
  readonly bytes: number;
  readonly mediaType: string;
  /** Another for every other content; of printable ASCII without quotes. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

/** It is held open until its stream ends or it is disposed of. */
export interface OpenContent extends AsyncDisposable {
  stream(range: ByteRange): Readable;
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

/** Sends a content, the part of it that is asked for, or the word that the client has it already. */
export async function sendContent(
  request: FastifyRequest,
  reply: FastifyReply,
  { name, bytes, mediaType, version, modifiedAt }: ContentFacts,
  content: OpenContent,
): Promise<FastifyReply> {
  const etag = `"${version}"`;
  const modified = new Date(modifiedAt).toUTCString();
  reply.headers({ ...downloadHeaders, etag, 'last-modified': modified, 'accept-ranges': 'bytes' });

  const { headers } = request;
  if (isKnown(headers, etag, modifiedAt)) {
    await content[Symbol.asyncDispose]();
    return reply.code(304).send();
  }
  const wanted = rangeCounts(headers, etag, modified) ? readRange(headers.range, bytes) : 'whole';
  if (wanted === 'unsatisfiable') {
    await content[Symbol.asyncDispose]();
    return replyError(reply.header('content-range', `bytes */${bytes}`), rangeNotSatisfiable(bytes));
  }
  reply.headers({ 'content-type': contentType(mediaType), 'content-disposition': attachment(name) });
  const { start, end } = wanted === 'whole' ? { start: 0, end: bytes - 1 } : wanted;
  reply.header('content-length', end - start + 1);
  if (wanted !== 'whole') reply.code(206).header('content-range', `bytes ${start}-${end}/${bytes}`);
  if (request.method === 'HEAD' || bytes === 0) {
    await content[Symbol.asyncDispose]();
    return reply.send(Readable.from([]));
  }
  return reply.send(content.stream({ start, end }));
}

/** What is told to be text is UTF-8: see how media types are found. */
function contentType(mediaType: string): string {
  return mediaType.startsWith('text/') ? `${mediaType}; charset=utf-8` : mediaType;
}

type Headers = FastifyRequest['headers'];

/** Whether the client has the file as it is. */
function isKnown(headers: Headers, etag: string, modifiedAt: number): boolean {
  const tags = headers['if-none-match'];
  if (tags !== undefined) {
    return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim().replace(/^W\//, '') === etag);
  }
  const since = Date.parse(headers['if-modified-since'] ?? '');
  return !Number.isNaN(since) && Math.floor(modifiedAt / 1000) * 1000 <= since;
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
