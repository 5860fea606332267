import type { ApiKey } from '../../../../src/contract/index.ts';

/** Every tag that a key has, from A to Z. */
export function knownTags(keys: readonly Pick<ApiKey, 'tags'>[]): readonly string[] {
  return [...new Set(keys.flatMap(({ tags }) => tags))].sort((one, other) => one.localeCompare(other));
}
