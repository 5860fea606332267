import type { ApiKey } from '../../../../src/contract/index.ts';

interface KeyFilter {
  readonly text?: string;
  readonly state?: ApiKey['state'];
  readonly tag?: string;
}

/** Every word has to stand in the name, the owner, the tags, the description, the prefix or the id; capitals do not matter. */
export function filterKeys<Key extends ApiKey>(
  keys: readonly Key[],
  { text = '', state, tag }: KeyFilter,
): readonly Key[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return keys.filter((key) => {
    if (state !== undefined && key.state !== state) return false;
    if (tag !== undefined && !key.tags.includes(tag)) return false;
    if (words.length === 0) return true;
    const found = [key.name, key.owner, ...key.tags, key.description, key.prefix, key.id]
      .join('\n')
      .toLowerCase();
    return words.every((word) => found.includes(word));
  });
}
