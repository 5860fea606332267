import type { FastifyRequest } from 'fastify';
import { type FileLink, WireError } from '../../openai/index.ts';
import { createSeal } from '../seal.ts';

/** Links by which a file can be had without a key, for a short time: for programs that cannot send headers. */
export interface FileLinks {
  /** The absolute URL of a file of the owner's; `origin` is what the URL begins with. */
  linkTo(file: LinkedFile, origin: string): string;
  /** Whose file the token of a link opens. Throws a 403 WireError for one that is not ours, not of this file, or old. */
  ownerOf(token: string, fileId: string): string;
}

interface LinkedFile {
  readonly owner: string;
  readonly id: string;
}

const usualLifeMs = 60 * 60 * 1000;

/**
 * The token is sealed, so it neither tells the owner nor can be changed. It travels in the query string, which is
 * not logged.
 */
export function createFileLinks(
  secret: Uint8Array | string,
  { now = Date.now, lifeMs = usualLifeMs }: { readonly now?: () => number; readonly lifeMs?: number } = {},
): FileLinks {
  const seal = createSeal(secret, 'file link');
  return {
    linkTo({ owner, id }, origin) {
      const token = seal.seal(JSON.stringify([id, now() + lifeMs, owner]));
      return `${origin}/v1/files/${encodeURIComponent(id)}/content?token=${token}`;
    },
    ownerOf(token, fileId) {
      const opened = seal.open(token);
      if (opened === undefined) throw refused('invalid_link', 'This link to a file is not valid.');
      const [id, expiresAt, owner] = readToken(opened);
      if (id !== fileId) throw refused('invalid_link', 'This link is to another file.');
      if (expiresAt <= now()) throw refused('link_expired', 'This link to a file has expired.');
      return owner;
    },
  };
}

/** For the encoders: links to the files of a turn that was asked for by this request, one for each file. */
export function linksFor(request: FastifyRequest, owner: string, links: FileLinks): FileLink {
  const origin = originOf(request);
  const made = new Map<string, string>();
  return ({ fileId }) => {
    if (fileId === undefined) return undefined;
    const link = made.get(fileId) ?? links.linkTo({ owner, id: fileId }, origin);
    made.set(fileId, link);
    return link;
  };
}

/** Where the client has reached this server, by its own word or by that of a trusted proxy. */
function originOf({ protocol, host, socket }: FastifyRequest): string {
  if (URL.canParse(`${protocol}://${host}`)) return new URL(`${protocol}://${host}`).origin;
  // HTTP/1.0 has no Host.
  const address = socket.localAddress ?? 'localhost';
  return `${protocol}://${address.includes(':') ? `[${address}]` : address}:${socket.localPort}`;
}

function readToken(opened: string): readonly [string, number, string] {
  const [id, expiresAt, owner]: unknown[] = JSON.parse(opened);
  return [String(id), Number(expiresAt), String(owner)];
}

function refused(code: 'invalid_link' | 'link_expired', message: string): WireError {
  return new WireError({ status: 403, type: 'permission_error', message, code, shouldRetry: false });
}
