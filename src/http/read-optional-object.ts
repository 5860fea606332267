import { invalidType } from '../openai/index.ts';
import { isJsonObject, type JsonObject } from '../turn/index.ts';

/** A body that may be left out; an empty one is an empty object. Throws a 400 WireError for what is no object. */
export function readOptionalObject(body: unknown): JsonObject {
  if (body === undefined || body === null) return {};
  if (!isJsonObject(body))
    throw invalidType(null, 'an object', Array.isArray(body) ? 'an array' : `a ${typeof body}`);
  return body;
}
