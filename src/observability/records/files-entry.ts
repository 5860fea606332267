import type { FileChangeView, TimelineEntry } from '../../contract/index.ts';
import type { FileChange, FilesChanged } from '../../turn/index.ts';
import { cleanField } from './clean-field.ts';
import { cutToBytes } from './copy-json.ts';
import type { DetailLevel } from './run-event.ts';

type FilesEntry = Extract<TimelineEntry, { type: 'files' }>;

/** Of one diff, and of all of a run, in bytes. */
const mostOfDiff = 32 * 1024;
const mostOfDiffs = 128 * 1024;

/** What the timeline tells of the files that a run changed. Contents are never part of it; diffs are by the level. */
export function filesEntry(
  { workspaceId, changes, omitted, certain }: FilesChanged,
  level: DetailLevel,
): Omit<FilesEntry, 'atMs' | 'choice'> {
  let bytesLeft = mostOfDiffs;
  const told = changes.map((change): FileChangeView => {
    const diff = change.diff === undefined ? undefined : tellDiff(change.diff, level, bytesLeft);
    bytesLeft -= Buffer.byteLength(diff ?? '');
    return { ...describe(change), ...(diff !== undefined && { diff }) };
  });
  return { type: 'files', workspaceId: cleanField(workspaceId, 200), changes: told, omitted, certain };
}

/** The same entry without diffs that are longer, in characters. */
export function withoutDiffs(entry: FilesEntry, longerThan = -1): FilesEntry {
  const isLonger = ({ diff }: FileChangeView): boolean => (diff?.length ?? -1) > longerThan;
  if (!entry.changes.some(isLonger)) return entry;
  return {
    ...entry,
    changes: entry.changes.map((change) => (isLonger(change) ? { ...change, diff: null } : change)),
  };
}

function describe({ path, operation, previousPath, content, fileId }: FileChange): FileChangeView {
  return {
    path: cleanField(path, 500),
    operation,
    ...(previousPath !== undefined && { previousPath: cleanField(previousPath, 500) }),
    ...(content && {
      content: { size: content.size, mediaType: content.mediaType, sha256: content.sha256 },
    }),
    ...(fileId !== undefined && { fileId }),
  };
}

/** A diff that is cut off would say something else: one that is too large is left out, and so is one without its texts. */
function tellDiff(diff: string, level: DetailLevel, bytesLeft: number): string | null {
  if (level !== 'full') return null;
  const size = Buffer.byteLength(diff);
  return size <= mostOfDiff && size <= bytesLeft ? cutToBytes(diff, mostOfDiff) : null;
}
