import type { FileChange, FilesChanged } from '../../turn/index.ts';
import type { Annotation } from './items.ts';

type Citation = Extract<Annotation, { type: 'container_file_citation' }>;

/** A text that names a file oftener than this, as part of longer words, is not looked through to its beginning. */
const mostTries = 100;

/**
 * One citation for each file that the client can have from its container. It spans the file's last mention in the
 * text, by path or by name; a file that the text does not mention is cited at its end. Places are counted in
 * characters (code points), not in UTF-16 units.
 */
export function citeFiles(text: string, { changes, containerId }: FilesChanged): Citation[] {
  if (containerId === undefined) return [];
  const names = countNames(changes);
  const charactersTo = characterCounter(text);
  return changes.flatMap(({ path, content, fileId }) => {
    if (fileId === undefined || content === undefined) return [];
    const name = nameOf(path);
    // A name that several files have says not which, and the end of a longer path may be that of another.
    const isOnlyOne = names.get(name) === 1;
    const mention =
      findMention(text, path, isOnlyOne) ?? (isOnlyOne ? findMention(text, name, true) : undefined);
    const [start, end] = mention ?? [text.length, text.length];
    return {
      type: 'container_file_citation',
      container_id: containerId,
      file_id: fileId,
      filename: name,
      start_index: charactersTo(start),
      end_index: charactersTo(end),
    };
  });
}

/** Where the name stands last in the text as a word of its own, in UTF-16 units. */
function findMention(text: string, name: string, afterSlash: boolean): readonly [number, number] | undefined {
  let at = text.lastIndexOf(name);
  for (let tries = 0; at >= 0 && tries < mostTries; tries++) {
    const end = at + name.length;
    const before = text.slice(Math.max(0, at - 2), at);
    const isWord =
      !/[\p{L}\p{N}_.-]$/u.test(before) &&
      (afterSlash || !before.endsWith('/')) &&
      !/^(?:[\p{L}\p{N}_-]|\.[\p{L}\p{N}])/u.test(text.slice(end, end + 3));
    if (isWord) return [at, end];
    at = at === 0 ? -1 : text.lastIndexOf(name, at - 1);
  }
  return undefined;
}

function countNames(changes: readonly FileChange[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { path } of changes) counts.set(nameOf(path), (counts.get(nameOf(path)) ?? 0) + 1);
  return counts;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Tells how many characters stand before a place in UTF-16 units. */
function characterCounter(text: string): (place: number) => number {
  if (!/[\ud800-\udbff][\udc00-\udfff]/.test(text)) return (place) => place;
  const pairs = [...text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)].map(({ index }) => index);
  return (place) => {
    const after = pairs.findIndex((index) => index >= place);
    return place - (after === -1 ? pairs.length : after);
  };
}
