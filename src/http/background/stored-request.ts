import { isJsonObject, type JsonObject } from '../../turn/index.ts';
import { toJson } from '../responses/item-bodies.ts';

/** What is stored of a request that runs in the background: what it takes to decode it again. */
export interface StoredRequest {
  readonly body: unknown;
  readonly profileName: string | undefined;
}

export function encodeStoredRequest({ body, profileName }: StoredRequest): JsonObject {
  return toJson({ body, profile_name: profileName ?? null });
}

export function decodeStoredRequest(request: JsonObject): StoredRequest {
  const { body, profile_name: profileName } = request;
  if (!isJsonObject(body)) throw new Error('The stored request has no body.');
  return { body, profileName: typeof profileName === 'string' ? profileName : undefined };
}
