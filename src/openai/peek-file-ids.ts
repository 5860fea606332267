import { isJsonObject } from '../turn/index.ts';
import { badRequest } from './errors.ts';
import type { StoredItem } from './responses/items.ts';

const mostFiles = 100;

/**
 * The ids of uploaded files that a body of either dialect names, to be loaded before it is decoded. The rest of the
 * body may be anything. Throws a 400 WireError for more than 100 files.
 */
export function peekFileIds(body: unknown): string[] {
  if (!isJsonObject(body)) return [];
  const said = [...listOf(body['messages']), ...listOf(body['input'])];
  const ids = [...new Set(said.flatMap(idsIn))];
  if (ids.length <= mostFiles) return ids;
  throw badRequest(`Too many files: a request can name at most ${mostFiles}.`, null, 'too_many_files');
}

/** The same of items that are kept. */
export function fileIdsOf(items: readonly StoredItem[]): string[] {
  return [...new Set(items.flatMap(idsIn))];
}

function idsIn(said: unknown): string[] {
  if (!isObject(said)) return [];
  return [...listOf(said['content']), ...listOf(said['output'])].flatMap((part) => {
    if (!isObject(part)) return [];
    const inner = part['file'];
    const ids = [part['file_id'], isObject(inner) ? inner['file_id'] : undefined];
    return ids.filter((id) => typeof id === 'string');
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
