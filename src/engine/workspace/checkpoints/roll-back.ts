import { createReadStream } from 'node:fs';
import { realpath, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import type { ChangeTracker, TrackedWorkspace } from '../changes/change-tracker.ts';
import { openDirectoryInside } from '../files/open-inside.ts';
import { splitPath } from '../files/path-names.ts';
import { WorkspaceFiles } from '../files/workspace-files.ts';
import type { Checkpoints, StoredCheckpoint } from './checkpoints.ts';
import { type KeptFile, unknownContent } from './manifest.ts';
import { contentOf, digestOf } from './run-checkpoint.ts';

/** What was put back, or would be. */
export interface RolledBack {
  readonly done: boolean;
  /** Relative to the workspace, with slashes. */
  readonly files: readonly string[];
  /** Why nothing can be done; null: it can. */
  readonly reason: string | null;
}

export interface RollBackParts {
  readonly checkpoints: Checkpoints;
  readonly tracker: Pick<ChangeTracker, 'isBusy' | 'writing'>;
  /** Names at the top of a workspace that are not of it. */
  readonly hiddenIn: (workspaceId: string) => RegExp | undefined;
}

/** What becomes of one file. */
interface Step {
  readonly path: string;
  readonly before: KeptFile['before'];
  readonly directories: number;
  /** Where its copy lies. */
  readonly from: string;
  /** The digests that this request's runs left it with; null: none. */
  readonly left: ReadonlySet<string | null>;
}

const mostNamed = 10;

/**
 * Puts the files that a request's file tools wrote back as they were before. All or nothing: where one of them was changed
 * since by somebody else, or is not kept, none is touched. Null where nothing is kept of the request.
 * @throws Error where the file system refuses in the midst of it.
 */
export async function rollBack(
  recordId: string,
  { dryRun }: { readonly dryRun: boolean },
  { checkpoints, tracker, hiddenIn }: RollBackParts,
): Promise<RolledBack | null> {
  const stored = await checkpoints.find(recordId);
  const [first] = stored;
  if (first === undefined) return null;
  const { root, workspaceId, rolledBackAt } = first.manifest;
  if (rolledBackAt !== null)
    return refused(`It was rolled back already, at ${new Date(rolledBackAt).toISOString()}.`);
  if ((await realpath(root).catch(() => undefined)) !== root)
    return refused('Its workspace is not there any more.');
  if (tracker.isBusy(root))
    return refused('A run is under way in its workspace; stop it or wait for its end.');

  const files = new WorkspaceFiles(root);
  const steps = mergeSteps(stored);
  const unkept = steps.filter(({ before }) => before === 'unkept').map((step) => step.path);
  if (unkept.length > 0) return refused(`Too large to be kept, or not readable: ${name(unkept)}.`);
  const now = await Promise.all(
    steps.map(async (step) => ({ step, found: await digestOf(files, step.path) })),
  );
  const changed = now.filter(({ step, found }) => !isOurs(step, found)).map(({ step }) => step.path);
  if (changed.length > 0)
    return refused(`Changed since by somebody else: ${name(changed)}. Nothing was put back.`);

  const open = now.filter(({ step, found }) => found !== contentOf(step.before)).map(({ step }) => step);
  if (!dryRun) {
    const workspace = { id: workspaceId, root, hidden: hiddenIn(workspaceId) };
    for (const step of open) await putBack(step, { workspace, files, tracker });
    for (const one of stored) await checkpoints.markRolledBack(one);
  }
  return { done: !dryRun, files: open.map((step) => step.path), reason: null };
}

/** Several turns of one request may have written the same file; it goes back to before the first. */
function mergeSteps(stored: readonly StoredCheckpoint[]): Step[] {
  const all = stored
    .flatMap(({ manifest, directory }) => manifest.files.map((file) => ({ file, directory })))
    .sort((one, other) => one.file.keptAt - other.file.keptAt);
  const steps = new Map<string, Step>();
  for (const { file, directory } of all) {
    const known = steps.get(file.path);
    const left = new Set([...(known?.left ?? []), file.after]);
    const from = typeof file.before === 'string' ? '' : path.join(directory, file.before.copy);
    steps.set(file.path, { ...(known ?? { ...file, from }), left });
  }
  return [...steps.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
}

function isOurs({ left, before }: Step, found: string | null): boolean {
  return found !== unknownContent && (left.has(found) || found === contentOf(before));
}

interface Place {
  readonly workspace: TrackedWorkspace;
  readonly files: WorkspaceFiles;
  readonly tracker: RollBackParts['tracker'];
}

async function putBack(step: Step, { workspace, files, tracker }: Place): Promise<void> {
  const { before, from } = step;
  await tracker.writing(workspace, step.path, async () => {
    if (!isOurs(step, await digestOf(files, step.path)))
      throw new Error(
        `The file ${step.path} is being changed by somebody else; what comes after it was left.`,
      );
    if (typeof before === 'string') return removeMade(workspace.root, step);
    const { executable } = before;
    await files.write(step.path, createReadStream(from), { replace: true, executable });
  });
}

/** The directories that were made for the file go with it, where they are empty. */
async function removeMade(root: string, { path: located, directories }: Step): Promise<void> {
  const names = splitPath(located);
  for (let count = names.length; count > directories; count--) {
    const last = names[count - 1];
    if (last === undefined) return;
    try {
      await using parent = await openDirectoryInside(root, names.slice(0, count - 1));
      await (count === names.length ? unlink(parent.path(last)) : rmdir(parent.path(last)));
    } catch (error) {
      if (count === names.length) throw error;
      return;
    }
  }
}

function refused(reason: string): RolledBack {
  return { done: false, files: [], reason };
}

function name(paths: readonly string[]): string {
  const more = paths.length - mostNamed;
  return paths.slice(0, mostNamed).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
