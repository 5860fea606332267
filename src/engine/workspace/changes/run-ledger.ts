import { type FileState, isSameContent, isSameFile, type PathChange } from './file-state.ts';

/** What became of a file from before a run to after it. */
export type NetChange =
  | { readonly operation: 'created'; readonly path: string; readonly after: FileState }
  | {
      readonly operation: 'modified';
      readonly path: string;
      readonly before: FileState;
      readonly after: FileState;
    }
  | { readonly operation: 'deleted'; readonly path: string; readonly before: FileState }
  | {
      readonly operation: 'renamed';
      readonly path: string;
      readonly previousPath: string;
      readonly before: FileState;
      readonly after: FileState;
    };

type Created = Extract<NetChange, { operation: 'created' }>;
type Deleted = Extract<NetChange, { operation: 'deleted' }>;

/** What one run did to its workspace, step by step, and what comes of it in the end. */
export class RunLedger {
  /** Per path: how it was before the first step, and how it is after the last. */
  readonly #files = new Map<
    string,
    { readonly before: FileState | undefined; after: FileState | undefined }
  >();

  add({ path, before, after }: PathChange): void {
    const known = this.#files.get(path);
    if (known === undefined) this.#files.set(path, { before, after });
    else known.after = after;
  }

  /** How the run left a file, as far as it knows; undefined for one that it knows nothing of. */
  stateOf(path: string): { readonly after: FileState | undefined } | undefined {
    return this.#files.get(path);
  }

  /** By path. A file that came and went, or is again as it was, is no change. */
  net(): NetChange[] {
    const created: Created[] = [];
    const deleted: Deleted[] = [];
    const changes: NetChange[] = [];
    for (const [path, { before, after }] of this.#files) {
      if (before === undefined && after !== undefined) created.push({ operation: 'created', path, after });
      if (before !== undefined && after === undefined) deleted.push({ operation: 'deleted', path, before });
      if (before !== undefined && after !== undefined && !isSameContent(before, after))
        changes.push({ operation: 'modified', path, before, after });
    }
    changes.push(...findRenames(deleted, created));
    return changes.sort((one, other) => (one.path < other.path ? -1 : one.path > other.path ? 1 : 0));
  }
}

/** Of what went and what came, pairs that are the same file, or else have the same content, become renames. */
function findRenames(deleted: readonly Deleted[], created: readonly Created[]): NetChange[] {
  const byNumber = group(deleted, ({ before }) => String(before.stamp.ino));
  const byContent = group(deleted, ({ before }) => contentKey(before));
  const gone = new Set(deleted);
  const renamed = new Map<Created, Deleted>();
  const match = (file: Created, candidates: readonly Deleted[] = []): void => {
    const free = candidates.filter((candidate) => gone.has(candidate));
    const found = free.find(({ path }) => nameOf(path) === nameOf(file.path)) ?? free[0];
    if (found === undefined) return;
    gone.delete(found);
    renamed.set(file, found);
  };
  for (const file of created) {
    const { stamp } = file.after;
    const same = byNumber.get(String(stamp.ino))?.filter(({ before }) => isSameFile(before.stamp, stamp));
    match(file, same);
  }
  for (const file of created)
    if (!renamed.has(file)) match(file, byContent.get(contentKey(file.after) ?? ''));
  return [
    ...gone,
    ...created.map((file): NetChange => {
      const from = renamed.get(file);
      return from === undefined
        ? file
        : {
            operation: 'renamed',
            path: file.path,
            previousPath: from.path,
            before: from.before,
            after: file.after,
          };
    }),
  ];
}

/** Undefined for empty files, which are all the same, and for those that were not read. */
function contentKey({ stamp, content }: FileState): string | undefined {
  return stamp.size === 0 || content === undefined ? undefined : `${stamp.size} ${content.sha256}`;
}

function group<Item>(items: readonly Item[], keyOf: (item: Item) => string | undefined): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    if (key === undefined) continue;
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [item]);
    else members.push(item);
  }
  return groups;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
