import { isJsonObject, type JsonObject } from '../../turn/index.ts';
import type { Seal } from '../seal.ts';

/** What is stored of a request that runs in the background: what it takes to decode it again. */
export interface StoredRequest {
  readonly body: unknown;
  readonly profileName: string | undefined;
  /** Names and values in turn, without secrets, for the run's record; undefined: they are not kept. */
  readonly headers: readonly string[] | undefined;
}

/** Sealed: it holds what a client's MCP servers ask for, and the database keeps what was deleted for a while. */
export function encodeStoredRequest({ body, profileName, headers }: StoredRequest, seal: Seal): JsonObject {
  return { sealed: seal.seal(JSON.stringify({ body, profile_name: profileName ?? null, headers })) };
}

/** Throws an Error where the server's secret is another one than when it was stored. */
export function decodeStoredRequest({ sealed }: JsonObject, seal: Seal): StoredRequest {
  const opened = typeof sealed === 'string' ? seal.open(sealed) : undefined;
  if (opened === undefined) throw new Error('The stored request cannot be opened.');
  const { body, profile_name: profileName, headers } = JSON.parse(opened);
  if (!isJsonObject(body)) throw new Error('The stored request has no body.');
  return {
    body,
    profileName: typeof profileName === 'string' ? profileName : undefined,
    headers: Array.isArray(headers) ? headers.map(String) : undefined,
  };
}
