import type { FileChange, FileContent } from '../../../turn/index.ts';
import { mediaTypeOf } from '../files/media-type.ts';
import { textBytes } from './content-cache.ts';
import type { FileState } from './file-state.ts';
import type { NetChange } from './run-ledger.ts';
import type { ScanThreads } from './scan-threads.ts';

export interface DescribeLimits {
  /** Most changes that are told. */
  readonly changes: number;
  /** Most characters of a diff. */
  readonly diffCharacters: number;
  /** Files that are longer are told without their content. Bytes. */
  readonly contentBytes: number;
}

export interface Description {
  readonly changes: readonly FileChange[];
  /** How many more there are. */
  readonly omitted: number;
  /** Some file is no longer as the run left it. */
  readonly overtaken: boolean;
}

/** Most bytes that are read for one description. */
const mostBytes = 1024 * 1024 * 1024;

/** Tells what became of the files, with what they hold now and what is different in them. Never throws. */
export async function describeChanges(
  threads: ScanThreads,
  thread: number,
  root: string,
  net: readonly NetChange[],
  limits: DescribeLimits,
): Promise<Description> {
  const changes: FileChange[] = [];
  let overtaken = false;
  let bytesLeft = mostBytes;
  for (const change of net.slice(0, limits.changes)) {
    let after = change.operation === 'deleted' ? undefined : change.after;
    if (after !== undefined && after.content === undefined && after.stamp.size <= limits.contentBytes) {
      bytesLeft -= after.stamp.size;
      const now = bytesLeft < 0 ? after : await readFile(threads, thread, root, change.path, limits);
      overtaken ||= now?.stamp.size !== after.stamp.size || now.stamp.mtimeMs !== after.stamp.mtimeMs;
      after = now;
    }
    const diff = await diffOf(threads, thread, change, after, limits);
    changes.push({
      path: change.path,
      operation: change.operation,
      ...(change.operation === 'renamed' ? { previousPath: change.previousPath } : {}),
      ...contentOf(change.path, after),
      ...(diff === undefined ? {} : { diff }),
    });
  }
  return { changes, omitted: net.length - changes.length, overtaken };
}

async function readFile(
  threads: ScanThreads,
  thread: number,
  root: string,
  path: string,
  { contentBytes }: DescribeLimits,
): Promise<FileState | undefined> {
  const limits = { textBytes, hashBytes: contentBytes };
  const request = { op: 'read', root, paths: [path], limits } as const;
  // Where a thread is lost, there is no content to tell.
  const [state] = await threads.ask(thread, request).catch(() => []);
  return state;
}

function contentOf(path: string, state: FileState | undefined): { readonly content?: FileContent } {
  if (state?.content === undefined) return {};
  const { sha256, isText, text } = state.content;
  const content = { size: state.stamp.size, mediaType: mediaTypeOf(path, { text: isText }), sha256 };
  return { content: text === undefined ? content : { ...content, text } };
}

/** Only where both texts are known: a diff is never guessed. */
async function diffOf(
  threads: ScanThreads,
  thread: number,
  change: NetChange,
  after: FileState | undefined,
  { diffCharacters: limit }: DescribeLimits,
): Promise<string | undefined> {
  const before = change.operation === 'created' ? undefined : change.before;
  const [textBefore, textAfter] = [before?.content?.text, after?.content?.text];
  if (before !== undefined && textBefore === undefined) return undefined;
  if (change.operation !== 'deleted' && textAfter === undefined) return undefined;
  if (textBefore === textAfter || (textBefore ?? '') === (textAfter ?? '')) return undefined;
  const nameBefore = change.operation === 'renamed' ? change.previousPath : change.path;
  const pair = { nameBefore, nameAfter: change.path, before: textBefore, after: textAfter, limit };
  return threads.ask(thread, { op: 'diff', pair }).catch(() => undefined);
}
