import type { ResponseStatus } from '../../storage/index.ts';
import type { JsonObject } from '../../turn/index.ts';

/** A stored response as it is told now: the object may be older than the status beside it. */
export function toResponseObject(stored: {
  readonly response: JsonObject;
  readonly status?: ResponseStatus;
}): JsonObject {
  return stored.status === undefined ? stored.response : { ...stored.response, status: stored.status };
}
