import type { Engine } from '../../engine/index.ts';
import type { Draft, NewContainerFile } from '../../storage/index.ts';
import type { FileChange, FileContent, FilesChanged, Turn } from '../../turn/index.ts';
import { newId } from '../new-id.ts';
import type { FileServices } from './file-services.ts';
import { inLanes } from './in-lanes.ts';
import type { WorkspacePlace } from './workspace-access.ts';

/** Of one run. */
const mostFiles = 200;
const mostBytes = 1024 * 1024 * 1024;
const copiedAtOnce = 4;

type Services = Pick<FileServices, 'blobs' | 'containerFiles' | 'workspaces' | 'maxBytes' | 'logger'>;

interface KeptFile {
  readonly id: string;
  readonly change: FileChange;
  readonly content: FileContent;
  readonly draft: Draft;
}

/**
 * The same engine, whose runs leave what they made in the blob store: changes get the ids by which clients have the
 * files as they were after the run. A failure to keep them is logged, and changes nothing else.
 */
export function keepFiles(engine: Pick<Engine, 'runTurn'>, services: Services): Pick<Engine, 'runTurn'> {
  return {
    async *runTurn(turn, options) {
      for await (const event of engine.runTurn(turn, options)) {
        yield event.type === 'files' ? await keepChanges(turn, event, services) : event;
      }
    },
  };
}

async function keepChanges(turn: Turn, event: FilesChanged, services: Services): Promise<FilesChanged> {
  const { blobs, containerFiles, logger } = services;
  const { workspaceId } = event;
  const place = { owner: turn.owner, workspaceId };
  const drafts = new Map<FileChange, Draft>();
  try {
    const chosen = chooseChanges(event, services.maxBytes());
    await inLanes(copiedAtOnce, chosen, async ({ change, content }) => {
      const draft = await copy(place, change, content, services);
      if (draft !== undefined) drafts.set(change, draft);
    });
    const kept = chosen.flatMap(({ change, content }): KeptFile[] => {
      const draft = drafts.get(change);
      return draft === undefined ? [] : [{ id: newId('cfile_'), change, content, draft }];
    });
    const keptIds = new Map(kept.map(({ change, id }) => [change, id]));
    const containerId = await blobs.keep([...drafts.values()], () =>
      containerFiles.record({
        container: { id: newId('cntr_'), name: workspaceId, ...place },
        files: kept.map((file) => toNewFile(file, turn)),
        gone: event.changes.flatMap((change) => pathsGone(change, keptIds.has(change))),
      }),
    );
    const changes = event.changes.map((change): FileChange => {
      const fileId = keptIds.get(change);
      return fileId === undefined ? change : { ...change, fileId };
    });
    return { ...event, changes, ...(containerId !== undefined && kept.length > 0 && { containerId }) };
  } catch (error) {
    logger.error({ err: error, turn: turn.id }, 'the files of a run could not be kept');
    return event;
  } finally {
    for (const draft of drafts.values()) await draft[Symbol.asyncDispose]();
  }
}

interface ChosenChange {
  readonly change: FileChange;
  readonly content: FileContent;
}

/** As many as are kept of one run, in their order. */
function chooseChanges({ changes }: FilesChanged, maxBytes: number): ChosenChange[] {
  const chosen: ChosenChange[] = [];
  let bytes = 0;
  for (const change of changes) {
    const { content } = change;
    if (content === undefined || content.size > maxBytes || bytes + content.size > mostBytes) continue;
    if (chosen.length >= mostFiles) break;
    bytes += content.size;
    chosen.push({ change, content });
  }
  return chosen;
}

/** Undefined where the file is another by now, or cannot be read. */
async function copy(
  place: WorkspacePlace,
  { path }: FileChange,
  content: FileContent,
  { blobs, workspaces, logger }: Services,
): Promise<Draft | undefined> {
  try {
    const there = await workspaces.open(place, path);
    if (there === undefined) return undefined;
    await using open = there;
    if (open.size !== content.size) return undefined;
    const draft = await blobs.receive(open.stream(), { maxBytes: content.size });
    if (draft.sha256 === content.sha256) return draft;
    await draft[Symbol.asyncDispose]();
  } catch (error) {
    logger.warn({ err: error, path }, 'a file of a run could not be kept');
  }
  return undefined;
}

function toNewFile({ id, change: { path }, content, draft }: KeptFile, turn: Turn): NewContainerFile {
  return {
    id,
    path,
    bytes: draft.bytes,
    mediaType: content.mediaType,
    sha256: draft.sha256,
    runId: turn.id,
    source: 'assistant',
  };
}

function pathsGone({ path, previousPath }: FileChange, isKept: boolean): string[] {
  return [...(isKept ? [] : [path]), ...(previousPath === undefined ? [] : [previousPath])];
}
